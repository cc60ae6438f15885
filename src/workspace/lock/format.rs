//! Detects the format of a lock file by its name, else by its content.

use super::error::LockError;
use super::model::Lock;
use super::{pdm, pipfile, poetry, pylock, requirements_txt, uv, versions};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockFormat {
    Uv,
    Pylock,
    Poetry,
    Pdm,
    Pipfile,
    /// With pinned versions.
    Requirements,
}

/// `path` is relative to the workspace; only its last part matters.
///
/// # Errors
/// A [`LockError`] with the file and, if known, the line.
pub fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    // Some editors add a byte order mark, which no format allows.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let format = LockFormat::of(path, text).ok_or_else(|| LockError::UnknownFormat { path: path.to_owned() })?;
    let mut lock = match format {
        LockFormat::Uv => uv::parse(path, text)?,
        LockFormat::Pylock => pylock::parse(path, text)?,
        LockFormat::Poetry => poetry::parse(path, text)?,
        LockFormat::Pdm => pdm::parse(path, text)?,
        LockFormat::Pipfile => pipfile::parse(path, text)?,
        LockFormat::Requirements => requirements_txt::parse(path, text)?,
    };
    lock.packages.sort_by(|left, right| {
        left.name.cmp(&right.name).then_with(|| versions::compare(&left.version, &right.version))
    });
    Ok(lock)
}

impl LockFormat {
    /// `None` for unknown formats.
    #[must_use]
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let file_name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        match file_name {
            "uv.lock" => Some(Self::Uv),
            "poetry.lock" => Some(Self::Poetry),
            "pdm.lock" => Some(Self::Pdm),
            "Pipfile.lock" => Some(Self::Pipfile),
            "pylock.toml" => Some(Self::Pylock),
            _ if file_name.starts_with("pylock.") && file_name.ends_with(".toml") => Some(Self::Pylock),
            _ if file_name.ends_with(".txt") => Some(Self::Requirements),
            _ => Self::of_content(text),
        }
    }

    /// Lock files often have their own names (`requirements.lock`, `tools_uv.lock`), so look for what each format
    /// needs.
    fn of_content(text: &str) -> Option<Self> {
        let has_line = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
        let has_key = |wanted: &str| {
            text.lines()
                .any(|line| line.trim().strip_prefix(wanted).is_some_and(|rest| rest.trim_start().starts_with('=')))
        };
        if text.trim_start().starts_with('{') {
            return text.contains("\"_meta\"").then_some(Self::Pipfile);
        }
        if has_line("[[packages]]") {
            return Some(Self::Pylock);
        }
        if has_line("[[package]]") {
            return Some(match () {
                () if has_key("content_hash") => Self::Pdm,
                () if has_key("content-hash") => Self::Poetry,
                () => Self::Uv,
            });
        }
        let is_pin = |line: &str| {
            super::requirement::Requirement::parse(line.trim_end_matches('\\'))
                .is_some_and(|requirement| requirement.pinned_version().is_some())
        };
        text.lines().any(is_pin).then_some(Self::Requirements)
    }
}

#[cfg(test)]
mod tests {
    use super::LockFormat;

    #[test]
    fn the_name_decides_first_and_then_the_content() {
        let check = |path: &str, text: &str, format: Option<LockFormat>| {
            assert_eq!(LockFormat::of(path, text), format, "{path}");
        };
        check("uv.lock", "", Some(LockFormat::Uv));
        check("a/pylock.prod.toml", "", Some(LockFormat::Pylock));
        check("pylock.toml", "", Some(LockFormat::Pylock));
        check("poetry.lock", "", Some(LockFormat::Poetry));
        check("a\\pdm.lock", "", Some(LockFormat::Pdm));
        check("Pipfile.lock", "", Some(LockFormat::Pipfile));
        check("third_party/requirements_lock_3_13.txt", "", Some(LockFormat::Requirements));
        check("tools.lock", "version = 1\n[[package]]\nname = \"a\"", Some(LockFormat::Uv));
        check("tools.lock", "[[package]]\n[metadata]\ncontent-hash = \"\"", Some(LockFormat::Poetry));
        check("tools.lock", "[metadata]\ncontent_hash = \"\"\n[[package]]", Some(LockFormat::Pdm));
        check("tools.lock", "[[packages]]", Some(LockFormat::Pylock));
        check("tools.lock", "{\"_meta\": {}}", Some(LockFormat::Pipfile));
        check("requirements.lock", "# x\na==1 \\\n  --hash=sha256:0", Some(LockFormat::Requirements));
        check("Cargo.lock", "", None);
        check("package-lock.json", "{\"name\": \"x\"}", None);
    }
}
