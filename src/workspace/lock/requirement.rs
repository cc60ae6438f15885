//! Parses PEP 508 requirements (`uvicorn[standard]>=0.30 ; python_version < "3.14"`).

use super::model::LockedDependency;
use super::package_name::PackageName;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    /// Normalised.
    pub name: PackageName,
    pub extras: Vec<String>,
    /// As written; empty if there is none or a URL.
    pub specifier: &'a str,
    /// After `@`.
    pub url: Option<&'a str>,
    /// After `;`.
    pub marker: Option<&'a str>,
}

impl<'a> Requirement<'a> {
    /// `None` unless it begins with a package's name.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let is_name_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let (name, rest) = text.split_at_checked(text.find(|letter| !is_name_letter(letter)).unwrap_or(text.len()))?;
        if !name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = rest.trim_start();
        let (extras, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (list, rest) = inside.split_once(']')?;
                (list.split(',').map(|extra| extra.trim().to_owned()).filter(|extra| !extra.is_empty()).collect(), rest)
            }
            None => (Vec::new(), rest),
        };
        let rest = rest.trim_start();
        let name = PackageName::new(name);
        if let Some(after) = rest.strip_prefix('@') {
            // A URL may contain `;`, so its marker needs a space before.
            let (url, marker) =
                after.split_once(" ;").map_or((after, None), |(url, marker)| (url, Some(marker.trim())));
            return Some(Self { name, extras, specifier: "", url: Some(url.trim()), marker });
        }
        let (specifier, marker) =
            rest.split_once(';').map_or((rest, None), |(specifier, marker)| (specifier, Some(marker.trim())));
        let specifier = specifier.trim();
        let specifier = specifier.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(specifier);
        if !(specifier.is_empty() || specifier.starts_with(['=', '<', '>', '!', '~'])) {
            return None;
        }
        Some(Self { name, extras, specifier: specifier.trim(), url: None, marker })
    }

    pub(super) fn pinned_version(&self) -> Option<&'a str> {
        let version = self.specifier.strip_prefix("===").or_else(|| self.specifier.strip_prefix("=="))?.trim();
        let is_one = !version.is_empty() && !version.contains([',', '*', ' ']);
        is_one.then_some(version)
    }

    pub(super) fn into_dependency(self) -> LockedDependency {
        let version = self.pinned_version().map(str::to_owned);
        LockedDependency { name: self.name, version, extras: self.extras, marker: self.marker.map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use super::{PackageName, Requirement};

    #[test]
    fn takes_every_form_apart() {
        let check = |text, name: &str, extras: &[&str], specifier, url, marker| {
            let extras = extras.iter().map(|extra| (*extra).to_owned()).collect();
            let parts = Requirement { name: PackageName::new(name), extras, specifier, url, marker };
            assert_eq!(Requirement::parse(text), Some(parts), "{text}");
        };
        check("Flask", "flask", &[], "", None, None);
        check("uvicorn[standard, extra]>=0.30,<1", "uvicorn", &["standard", "extra"], ">=0.30,<1", None, None);
        check("PyYAML (>=5.1) ; python_version < '3.9'", "pyyaml", &[], ">=5.1", None, Some("python_version < '3.9'"));
        let url = Some("https://x/a;b.whl#sha256=0");
        check("a @ https://x/a;b.whl#sha256=0 ; os_name == 'nt'", "a", &[], "", url, Some("os_name == 'nt'"));
        check("a@git+https://x/y@1", "a", &[], "", Some("git+https://x/y@1"), None);
        for text in ["", "-r x", "[a]", "a[b", "ä==1", "a b", "=="] {
            assert_eq!(Requirement::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_one_version_is_a_pin() {
        let pin = |text| {
            Requirement { name: PackageName::new("a"), extras: Vec::new(), specifier: text, url: None, marker: None }
                .pinned_version()
        };
        assert_eq!(pin("==1.0"), Some("1.0"));
        assert_eq!(pin("=== 1.0+local"), Some("1.0+local"));
        for text in ["==1.*", "==1,<2", ">=1", "==", ""] {
            assert_eq!(pin(text), None, "{text}");
        }
    }
}
