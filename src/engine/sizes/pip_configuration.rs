//! The package index of the user's tools. Reads environment variables and pip's configuration.

use std::path::PathBuf;

/// Larger files are skipped.
const LARGEST_FILE: u64 = 1 << 20;

/// The index of uv or pip, with its login; `None` if none is configured.
#[must_use]
pub(crate) fn configured_index() -> Option<String> {
    let variables = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];
    let named = variables.iter().find_map(|name| std::env::var(name).ok().filter(|url| !url.trim().is_empty()));
    named.or_else(|| files().into_iter().find_map(|path| index_of(&read(&path)?)))
}

/// In order of precedence (pip's documentation, "Configuration Files").
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::env::var_os("PIP_CONFIG_FILE").map(PathBuf::from).into_iter().collect();
    let name = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    files.extend(std::env::var_os("VIRTUAL_ENV").map(|folder| PathBuf::from(folder).join(name)));
    if let Some(folders) = directories::BaseDirs::new() {
        files.push(folders.config_dir().join("pip").join(name));
        files.push(folders.home_dir().join(".config/pip").join(name));
        files.push(folders.home_dir().join(if cfg!(windows) { "pip" } else { ".pip" }).join(name));
    }
    if cfg!(unix) {
        files.push(PathBuf::from("/etc/pip.conf"));
        files.push(PathBuf::from("/etc/xdg/pip/pip.conf"));
    }
    files
}

fn read(path: &PathBuf) -> Option<String> {
    let facts = std::fs::metadata(path).ok()?;
    if !facts.is_file() || facts.len() > LARGEST_FILE {
        return None;
    }
    std::fs::read_to_string(path).ok()
}

/// `index-url` of the sections `global`, `install` and `download`.
fn index_of(text: &str) -> Option<String> {
    let mut section = String::new();
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut section);
        }
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let is_index = key.trim().replace('_', "-") == "index-url" && !value.trim().is_empty();
        if is_index && (section == "global" || (section == "install" && found.is_none())) {
            found = Some(value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_read_from_pips_file() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(index_of(text).as_deref(), expected, "{text}");
        check(
            "[global]\ncert = /x\nindex-url = https://me:pw@a.example/simple\n",
            Some("https://me:pw@a.example/simple"),
        );
        check("[install]\nindex_url: https://b.example/\n", Some("https://b.example/"));
        check("[global]\nextra-index-url = https://c.example/\n[list]\nindex-url = https://d.example/\n", None);
        check("# index-url = https://e.example\n[global]\nindex-url =\n", None);
    }
}
