//! The first byte says where the answer is cut in two; the rest is Bazel's answer, the mapping of repositories, and its
//! messages, each for what it is taken for.

#![no_main]

use layerwright_fuzz::workspace::bazel::{listen, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((cut, bytes)) = data.split_first() else { return };
    let (left, right) = bytes.split_at(usize::from(*cut) * bytes.len() / 256);
    let whole = read(&[bytes], right);
    assert_eq!(whole, read(&[left, right], right), "pieces must not matter");
    if let Ok(answer) = whole {
        for (path, package) in &answer.packages {
            assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".."), "{path} leaves the workspace");
            assert!(package.targets.keys().all(|name| !name.is_empty()));
        }
    }
    assert!(listen(bytes).2 > 0, "there is always something to say");
});
