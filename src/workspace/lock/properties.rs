//! What holds for every text and every lock: no panic, and answers that fit together.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, proptest};
use proptest::sample::select;

use super::difference::changed_here;
use super::resolve::{ResolvedLock, resolve};
use super::{Lock, parse};
use crate::workspace::platform::Platform;

const UV: &str = r#"version = 1
[[package]]
name = "root"
source = { editable = "." }
dependencies = [{ name = "a", extra = ["x"] }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
resolution-markers = ["python_full_version >= '3.12'"]
dependencies = [{ name = "b", version = "2.0", marker = "sys_platform == 'linux' and (os_name == 'posix')" }]
sdist = { url = "https://x/a-1.0.tar.gz", hash = "sha256:00", size = 9 }
wheels = [{ url = "https://x/a-1.0-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", hash = "sha256:01", size = 7 }]
[package.optional-dependencies]
x = [{ name = "a", extra = ["y"] }]
y = [{ name = "b", version = "2.0" }]
[[package]]
name = "b"
version = "2.0"
source = { git = "https://x/b#1" }
[[package]]
name = "b"
version = "3.0"
source = { url = "https://x/b-3.0-py3-none-any.whl" }
"#;
const PYLOCK: &str = r#"lock-version = "1.0"
[[packages]]
name = "a"
version = "1"
marker = "python_version < '4'"
dependencies = [{ name = "b" }]
wheels = [{ url = "https://x/a-1-py3-none-any.whl", size = 3, hashes = { sha256 = "00" } }]
[[packages]]
name = "b"
directory = { path = "." }
"#;
const POETRY: &str = r#"[[package]]
name = "A"
version = "1"
markers = { main = "python_version < \"4\"" }
files = [{file = "a-1-py3-none-any.whl", hash = "sha256:00"}]
[package.dependencies]
b = [{version = "*", markers = "extra == \"x\"", extras = ["y"]}, "*"]
[package.source]
type = "git"
url = "https://x"
[[package]]
name = "b"
version = "1"
[metadata]
lock-version = "2.1"
content-hash = "0"
"#;
const PDM: &str = r#"[metadata]
lock_version = "4.5.0"
content_hash = "0"
[[package]]
name = "a"
version = "1"
extras = ["x"]
dependencies = ["a==1", "b[y]>=1,<2; python_version >= \"3.9\""]
files = [{url = "https://x/a-1-py3-none-any.whl", hash = "sha256:00"}]
[[package]]
name = "b"
version = "1"
path = "./b"
"#;
const PIPFILE: &str = r#"{"_meta": {"pipfile-spec": 6, "requires": {"python_version": "3.13"}},
"default": {"a": {"version": "==1", "hashes": ["sha256:00"], "markers": "python_version >= '3.9'"}, "b": {"path": "."}},
"develop": {"a": {"version": "==1"}}}
"#;
const REQUIREMENTS: &str = "# x\n-r other.txt\na[x]==1 ; python_version < '4' \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via\n    #   b\n    #   demo (x)\nb @ https://x/b-1-py3-none-any.whl#sha256=00  # via a\n";

const FILES: [(&str, &str); 6] = [
    ("uv.lock", UV),
    ("pylock.toml", PYLOCK),
    ("poetry.lock", POETRY),
    ("pdm.lock", PDM),
    ("Pipfile.lock", PIPFILE),
    ("requirements.txt", REQUIREMENTS),
];

/// A lock that was read fits together on every platform, and does not differ from itself.
fn check(lock: &Lock) {
    for (platform, python) in [("linux/amd64", (3, 13)), ("linux/arm64", (3, 9)), ("darwin/arm64", (0, u32::MAX))] {
        let platform: Platform = platform.parse().unwrap();
        let resolved = resolve(lock, &platform, python);
        for (name, package) in &resolved.packages {
            assert!(package.dependencies.iter().all(|needed| resolved.packages.contains_key(needed) && needed != name));
            let mut locked = lock.packages.iter().filter(|locked| locked.name == *name);
            assert!(locked.any(|locked| {
                locked.version == package.version
                    && package.wheel.as_ref().is_none_or(|wheel| locked.wheels.contains(wheel))
            }));
        }
        let known = |name| resolved.packages.contains_key(name) != resolved.elsewhere.contains(name);
        assert!(lock.packages.iter().all(|package| known(&package.name)), "each name is either here or elsewhere");
        assert!(resolved.findings.is_sorted());
        assert!(changed_here(&resolved, &resolved).is_empty());
        assert!(changed_here(&resolved, &ResolvedLock::default()).iter().eq(resolved.packages.keys()));
    }
}

#[test]
fn the_fixtures_are_read() {
    for (path, text) in FILES {
        let lock = parse(path, text).unwrap();
        assert!(lock.packages.len() >= 2, "{path}");
        check(&lock);
    }
}

/// A range of `text` to take out, and what to put there: something from one of the formats, or anything.
fn cut(seed: (usize, usize, String), text: &str) -> String {
    let (start, length, put) = seed;
    let characters: Vec<char> = text.chars().collect();
    let start = start % (characters.len() + 1);
    let end = (start + length).min(characters.len());
    let (before, after) = (&characters[..start], &characters[end..]);
    before.iter().copied().chain(put.chars()).chain(after.iter().copied()).collect()
}

fn cuts() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    let words = vec![
        "",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "\\\n",
        "#",
        " # via a",
        "(",
        ")",
        "extra == 'x'",
        "==",
        ";",
        " @ ",
        "ä",
        "\u{0}",
        "%2",
        "-",
        "[[package]]\n",
        "name = \"a\"\n",
        "version = \"9\"\n",
        "marker = \"os_name\"",
        "18446744073709551616",
    ];
    let put =
        (select(words), any::<Option<char>>()).prop_map(|(word, extra)| format!("{word}{}", extra.unwrap_or_default()));
    vec((any::<usize>(), 0..12_usize, put), 1..5)
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), which in 0..FILES.len()) {
        for path in [FILES[which].0, "unknown.lock"] {
            if let Ok(lock) = parse(path, &text) {
                check(&lock);
            }
        }
    }

    #[test]
    fn a_damaged_lock_is_read_or_refused(seeds in cuts(), which in 0..FILES.len()) {
        let (path, text) = FILES[which];
        let text = seeds.into_iter().fold(text.to_owned(), |text, seed| cut(seed, &text));
        match parse(path, &text) {
            Ok(lock) => check(&lock),
            Err(error) => assert!(error.to_string().starts_with(path), "{error}"),
        }
    }

    #[test]
    fn the_order_in_the_file_does_not_matter(turns in 0..4_usize) {
        let mut parts: Vec<&str> = UV.split("[[package]]").collect();
        parts[1..].rotate_left(turns);
        let turned = parse("uv.lock", &parts.join("[[package]]")).unwrap();
        let lock = parse("uv.lock", UV).unwrap();
        assert_eq!(resolve(&turned, &Platform::default(), (3, 13)), resolve(&lock, &Platform::default(), (3, 13)));
    }
}
