//! Any bytes: reading never fails, spans lie where they belong, and values fold without end or panic.
#![no_main]

use layerwright_fuzz::build_file::fold::{self, Constants};
use layerwright_fuzz::build_file::{BuildFile, Dialect, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    for dialect in [Dialect::Build, Dialect::Bzl] {
        let file = parse(source, dialect);
        assert_eq!(file.source, source);
        check_spans(&file);
        let constants = fold::constants(&file, &Constants::default());
        let _ = fold::calls(&file);
        for id in file.tree.ids() {
            let _ = fold::value(&file, id, &constants);
        }
    }
});

fn check_spans(file: &BuildFile) {
    let length = file.source.len();
    let mut at = 0;
    for statement in &file.tree.statements {
        assert!(statement.span.start >= at && statement.span.end <= length, "{statement:?}");
        at = statement.span.end;
    }
    for expression in file.tree.expressions() {
        assert!(expression.span.start <= expression.span.end && expression.span.end <= length, "{expression:?}");
        assert!(expression.outer.contains(expression.span), "{expression:?}");
    }
    for problem in &file.problems {
        assert!(problem.span.start <= problem.span.end && problem.span.end <= length, "{problem:?}");
        let _ = file.position(problem.span.start);
    }
}
