//! A byte that chooses a format, then any bytes: reading a lock ends, and what it gives can be resolved and compared.
#![no_main]

use layerwright_fuzz::workspace::lock::difference::changed_here;
use layerwright_fuzz::workspace::lock::parse;
use layerwright_fuzz::workspace::lock::resolve::resolve;
use layerwright_fuzz::workspace::platform::Platform;
use layerwright_fuzz::workspace::python_version::{python_version_file, requires_python};
use layerwright_fuzz::workspace::toolchain::python_version_said;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "uv.lock",
    "pylock.toml",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "requirements.txt",
    "requirements_lock.txt",
    "some.toml",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let _ = python_version_file(&text);
    let _ = requires_python(&text);
    let _ = python_version_said("MODULE.bazel", rest);
    let lock = match parse(name, &text) {
        Ok(lock) => lock,
        Err(error) => {
            assert!(error.to_string().contains(name), "{error}");
            return;
        }
    };
    let names: Vec<_> = lock.packages.iter().map(|package| &package.name).collect();
    assert!(names.is_sorted());
    for python in [(3, 9), (3, 13)] {
        let here = resolve(&lock, &Platform::default(), python);
        assert!(here.packages.keys().all(|name| names.contains(&name)));
        assert!(changed_here(&here, &here).is_empty());
    }
});
