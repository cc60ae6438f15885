//! Logins of `docker login` and `podman login`. Reads their files; helper programs (`credHelpers`, `credsStore`) are
//! not run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Larger files are skipped.
const LARGEST_FILE: u64 = 1 << 20;

/// By registry, each the value of `Authorization` after `Basic`.
#[derive(Clone, Default)]
pub struct Logins(BTreeMap<String, String>);

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    auth: Option<String>,
}

impl Logins {
    /// Reads `$DOCKER_CONFIG` or `~/.docker`, and Podman's file.
    #[must_use]
    pub fn of_user() -> Self {
        let home = directories::BaseDirs::new().map(|folders| folders.home_dir().join(".docker"));
        let docker = std::env::var_os("DOCKER_CONFIG").map(PathBuf::from).or(home);
        let podman = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join("containers/auth.json"));
        let mut logins = BTreeMap::new();
        for path in [podman, docker.map(|folder| folder.join("config.json"))].into_iter().flatten() {
            logins.extend(Self::read(&path).0);
        }
        Self(logins)
    }

    /// Empty if the file can't be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let is_readable = std::fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() <= LARGEST_FILE);
        let text = is_readable.then(|| std::fs::read_to_string(path).ok()).flatten().unwrap_or_default();
        let Ok(file) = serde_json::from_str::<File>(&text) else { return Self::default() };
        let is_base64 = |auth: &String| {
            !auth.is_empty() && auth.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte))
        };
        let entry = |(registry, entry): (String, Entry)| Some((server_of(&registry), entry.auth.filter(is_base64)?));
        Self(file.auths.into_iter().filter_map(entry).collect())
    }

    #[must_use]
    pub fn of(&self, host: &str) -> Option<&str> {
        // Docker stores its own registry under a former address.
        let other = (host == "docker.io").then_some("index.docker.io");
        [Some(host), other].into_iter().flatten().find_map(|host| self.0.get(host)).map(String::as_str)
    }
}

fn server_of(registry: &str) -> String {
    let rest = registry.split_once("://").map_or(registry, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_found_by_host_and_nonsense_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        let text = r#"{"auths": {"https://index.docker.io/v1/": {"auth": "YTpi"}, "r.example:5000": {"auth": "Yzpk"},
            "helper.example": {}, "bad.example": {"auth": "a\nb"}}, "credsStore": "x"}"#;
        std::fs::write(&path, text).unwrap();
        let logins = Logins::read(&path);
        assert_eq!((logins.of("docker.io"), logins.of("r.example:5000")), (Some("YTpi"), Some("Yzpk")));
        assert_eq!((logins.of("helper.example"), logins.of("bad.example")), (None, None));
        std::fs::write(&path, "[]").unwrap();
        assert!(Logins::read(&path).of("docker.io").is_none());
        assert!(Logins::read(folder.path()).of("docker.io").is_none());
    }
}
