//! Any request on any file: a change set or a refusal, never a panic; what is changed parses, and the same request changes nothing more.
#![no_main]

use layerwright_fuzz::build_file::{Dialect, parse};
use layerwright_fuzz::request::split;
use layerwright_fuzz::rewrite::plan_edits;
use layerwright_fuzz::rewrite::refusal::RefusalCode;
use layerwright_fuzz::tree::Files;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (request, texts) = split(data);
    let files = Files::new(&texts);
    let changes = match plan_edits(&files, &request) {
        Ok(changes) => changes,
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.path.is_empty(), "a refusal without words or place");
            assert_ne!(refusal.code, RefusalCode::SelfCheck, "{request:?}: {refusal}");
            return;
        }
    };
    let mut after = files.clone();
    for change in &changes.files {
        assert_eq!(change.before.as_ref(), after.get(&change.path), "`before` is not what was read");
        assert_ne!(change.before.as_ref(), Some(&change.after), "a file that does not change");
        assert_eq!(parse(&change.after, Dialect::Build).problems, [], "{request:?}");
        after.set(&change.path, change.after.clone());
    }
    let again = plan_edits(&after, &request);
    assert!(again.as_ref().is_ok_and(|again| again.is_empty()), "{request:?}: the second time: {again:?}");
});
