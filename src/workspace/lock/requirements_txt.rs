//! Requirements files with pinned versions, as by `pip-compile`, `uv pip compile` and `uv export`. They have hashes
//! without file names and no edges; `# via` comments become the edges. Included files are not read.

use std::collections::BTreeMap;

use super::error::{LockError, LockFinding, LockFindingCode};
use super::files::{add_file, file_name_of};
use super::model::{Lock, LockedDependency, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use super::requirement::Requirement;

/// A requirement or option with joined continuation lines.
struct Entry {
    line: usize,
    text: String,
    /// From its `# via` comment.
    needed_by: Vec<PackageName>,
}

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let mut lock = Lock::default();
    let mut registry = None;
    let mut edges: Vec<(PackageName, PackageName)> = Vec::new();
    for entry in entries(text) {
        match read(&entry.text) {
            Read::Package(package) => {
                edges.extend(entry.needed_by.into_iter().map(|needing| (needing, package.name.clone())));
                lock.packages.push(*package);
            }
            Read::Setting => registry = index_of(&entry.text).or(registry),
            Read::LeftOut(message) => lock.findings.push(LockFinding {
                code: LockFindingCode::LeftOut,
                package: None,
                line: Some(entry.line),
                message,
            }),
            Read::Nothing => {
                let message = format!("{:?} is no requirement", entry.text);
                return Err(LockError::Malformed { path: path.to_owned(), line: Some(entry.line), message });
            }
        }
    }
    for package in lock.packages.iter_mut().filter(|package| package.source == PackageOrigin::Registry) {
        package.registry.clone_from(&registry);
    }
    add_edges(&mut lock.packages, edges);
    Ok(lock)
}

fn index_of(option: &str) -> Option<String> {
    let named = ["--index-url", "-i"].into_iter().find_map(|name| option.strip_prefix(name))?;
    let url = named.trim_start_matches(['=', ' ']).trim();
    url.contains("://").then(|| url.to_owned())
}

fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut continues, mut in_via) = (false, false);
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split_comment(line);
        let code = code.trim();
        let (code, goes_on) =
            code.strip_suffix('\\').map_or((code, false), |code| (code.trim_end(), comment.is_none()));
        match entries.last_mut() {
            Some(entry) if continues => {
                entry.text.push(' ');
                entry.text.push_str(code);
            }
            _ if !code.is_empty() => {
                in_via = false;
                entries.push(Entry { line: index + 1, text: code.to_owned(), needed_by: Vec::new() });
            }
            _ => {}
        }
        continues = goes_on;
        // The names after `via` may span comment lines; an empty line ends them.
        let names = comment.and_then(|comment| match comment.trim().strip_prefix("via") {
            Some(names) if names.is_empty() || names.starts_with([' ', ':']) => Some(names),
            _ => Some(comment).filter(|_| in_via),
        });
        in_via = names.is_some();
        if let (Some(names), Some(entry)) = (names, entries.last_mut()) {
            entry.needed_by.extend(needing(names));
        }
    }
    entries
}

/// `#` starts a comment at the start of a line or after white space; elsewhere it belongs to a URL.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut starts = line.match_indices('#').map(|(at, _)| at);
    let start =
        starts.find(|at| line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t'])));
    match start.and_then(|at| line.split_at_checked(at)) {
        Some((code, comment)) => (code, Some(comment.trim_start_matches('#'))),
        None => (line, None),
    }
}

/// Packages in `fastapi, starlette`. Input files (`-r requirements.in`, `demo (pyproject.toml)`) are ignored.
fn needing(names: &str) -> impl Iterator<Item = PackageName> {
    let names = names.trim_start_matches(':').split(',').map(str::trim);
    let packages = names.filter(|name| !name.is_empty() && !name.contains(['(', ' ', '/']) && !name.starts_with('-'));
    packages.map(|name| PackageName::new(name.split('[').next().unwrap_or(name)))
}

enum Read {
    Package(Box<LockedPackage>),
    /// An option that does not affect what is installed.
    Setting,
    LeftOut(String),
    Nothing,
}

fn read(text: &str) -> Read {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first.starts_with('-') {
        let option = first.split('=').next().unwrap_or(first);
        return match option {
            _ if option == "-e" || option == "--editable" => {
                Read::LeftOut(format!("{text:?} is a local project; it has no wheel"))
            }
            _ if option == "--requirement" || option.starts_with("-r") => {
                Read::LeftOut(format!("{text:?} includes another file, which is not read; name that file itself"))
            }
            _ => Read::Setting,
        };
    }
    if first.starts_with(['.', '/']) || first.starts_with("file:") {
        return Read::LeftOut(format!("{text:?} is a local project or file; it has no wheel in an index"));
    }
    // Options of one requirement follow it.
    let (requirement, options) = text.find(" --").and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    let Some(requirement) = Requirement::parse(requirement) else { return Read::Nothing };
    let version = requirement.pinned_version();
    if version.is_none() && requirement.url.is_none() {
        return Read::LeftOut(format!("{} has no pinned version; lock it", requirement.name.as_str()));
    }
    let mut package = LockedPackage::new(requirement.name.clone(), version.unwrap_or_default());
    package.markers = requirement.marker.map(str::to_owned).into_iter().collect();
    let hashes = options.split_whitespace().filter_map(|option| option.strip_prefix("--hash="));
    let mut file_name = String::new();
    if let Some(url) = requirement.url {
        package.source = PackageOrigin::Direct;
        package.location = Some(url.to_owned());
        file_name = file_name_of(url);
        package.version = version_in(&file_name).unwrap_or_default().to_owned();
    }
    for hash in hashes {
        add_file(&mut package, file_name.clone(), None, hash.to_owned());
    }
    if file_name.ends_with(".whl") && package.wheels.is_empty() {
        add_file(&mut package, file_name, None, String::new());
    }
    Read::Package(Box::new(package))
}

fn version_in(file_name: &str) -> Option<&str> {
    file_name.strip_suffix(".whl")?.split('-').nth(1)
}

/// Adds edges from packages in `# via`. Names that are not locked are the roots.
fn add_edges(packages: &mut [LockedPackage], edges: Vec<(PackageName, PackageName)>) {
    let mut needs: BTreeMap<PackageName, Vec<PackageName>> = BTreeMap::new();
    for (needing, needed) in edges {
        needs.entry(needing).or_default().push(needed);
    }
    for package in packages {
        let mut names = needs.get(&package.name).cloned().unwrap_or_default();
        names.sort();
        names.dedup();
        let dependency = |name| LockedDependency { name, version: None, extras: Vec::new(), marker: None };
        package.dependencies = names.into_iter().map(dependency).collect();
    }
}

#[cfg(test)]
mod tests {
    use crate::workspace::lock::{Lock, LockFindingCode, PackageOrigin, parse};

    #[test]
    fn the_index_that_the_file_names_is_kept() {
        let check = |option: &str, expected: Option<&str>| {
            let lock = parse("requirements.txt", &format!("{option}\na==1\n")).unwrap();
            assert_eq!(lock.packages[0].registry.as_deref(), expected, "{option}");
        };
        check("--index-url https://a.example/simple", Some("https://a.example/simple"));
        check("-i https://b.example/", Some("https://b.example/"));
        check("--index-url=https://c.example/", Some("https://c.example/"));
        check("--extra-index-url https://d.example/", None);
        check("", None);
    }

    fn names(lock: &Lock) -> Vec<String> {
        lock.packages.iter().map(|package| format!("{}=={}", package.name.as_str(), package.version)).collect()
    }

    /// Who needs whom, as `# via` says.
    fn edges(text: &str) -> Vec<String> {
        let lock = parse("requirements.txt", text).unwrap();
        let of = |package: &super::LockedPackage| {
            let name = package.name.as_str().to_owned();
            package
                .dependencies
                .iter()
                .map(move |needed| format!("{name} -> {}", needed.name.as_str()))
                .collect::<Vec<_>>()
        };
        lock.packages.iter().flat_map(of).collect()
    }

    #[test]
    fn pins_hashes_markers_and_extras() {
        let text = "\
# autogenerated
--index-url https://pypi.org/simple

uvicorn[standard]==0.37.0 ; python_version >= '3.9' \\
    --hash=sha256:01 \\
    --hash=sha256:02
    # via -r requirements.in
typing_extensions===4.12.2
direct @ https://x/direct-1.5-py3-none-any.whl#sha256=03 --hash=sha256:03
";
        let lock = parse("requirements.txt", text).unwrap();
        assert_eq!(names(&lock), ["direct==1.5", "typing-extensions==4.12.2", "uvicorn==0.37.0"]);
        let uvicorn = &lock.packages[2];
        assert_eq!(uvicorn.markers, ["python_version >= '3.9'"]);
        let hashes: Vec<&str> = uvicorn.other_files.iter().map(|file| file.hash.as_str()).collect();
        assert_eq!(hashes, ["sha256:01", "sha256:02"]);
        let direct = &lock.packages[0];
        assert_eq!(
            (direct.source, direct.wheels[0].file_name.as_str()),
            (PackageOrigin::Direct, "direct-1.5-py3-none-any.whl")
        );
        assert_eq!(direct.wheels[0].hash, "sha256:03");
    }

    #[test]
    fn the_ways_of_writing_via() {
        // One name, several, the old way with a backslash before it, and on the same line.
        assert_eq!(edges("a==1\nb==1\n    # via a\n"), ["a -> b"]);
        assert_eq!(edges("a==1\nb==1\nc==1\n    # via\n    #   a\n    #   b\n\n# done\n"), ["a -> c", "b -> c"]);
        assert_eq!(edges("a==1\nb==1 \\\n    --hash=sha256:0 \\\n    # via a\n"), ["a -> b"]);
        assert_eq!(edges("a==1\nb==1  # via a, -r requirements.in\nc==1  # via: A[x]\n"), ["a -> b", "a -> c"]);
        // The names of inputs are no packages, and what is not locked is a root.
        assert_eq!(edges("a==1\n    # via demo (pyproject.toml)\nb==1\n    # via demo\n"), [""; 0]);
        assert_eq!(edges("a==1\nviable==1\n    # viable a\n"), [""; 0]);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let text = "-r base.txt\n-c limits.txt\n-e .\n./local\nflask>=2\nfine==1\n";
        let lock = parse("requirements.txt", text).unwrap();
        assert_eq!(names(&lock), ["fine==1"]);
        let lines: Vec<_> = lock.findings.iter().map(|finding| (finding.code, finding.line)).collect();
        let left_out = |line| (LockFindingCode::LeftOut, Some(line));
        assert_eq!(lines, [left_out(1), left_out(3), left_out(4), left_out(5)]);
    }

    #[test]
    fn what_is_no_requirement_is_an_error_with_its_line() {
        let error = parse("python/requirements.txt", "a==1\n\nb==1 \\\n c\n\"x\"\n").unwrap_err().to_string();
        assert_eq!(error, "python/requirements.txt:5: \"\\\"x\\\"\" is no requirement");
    }
}
