//! MODULE.bazel, BUILD and `.bzl` bytes with a byte 0xFF between them: evaluation ends in values or in a failure that has a reason,
//! the same each time, and what is read from the calls of MODULE.bazel never fails. The fallback reads the same BUILD bytes.
#![no_main]

use std::rc::Rc;

use layerwright_fuzz::files::Files;
use layerwright_fuzz::workspace::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use layerwright_fuzz::workspace::evaluate::in_process::InProcessEvaluator;
use layerwright_fuzz::workspace::repositories::Repositories;
use layerwright_fuzz::workspace::toolchain::Toolchains;
use layerwright_fuzz::workspace::{fallback, module_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0xFF).map(|part| String::from_utf8_lossy(part).into_owned());
    let paths = ["p/BUILD", "MODULE.bazel", "p/m.bzl"];
    let texts: Vec<(&'static str, String)> =
        paths.into_iter().map(|path| (path, parts.next().unwrap_or_default())).collect();
    let tree = Rc::new(Files(texts.into_iter().collect()));
    let mut results = Vec::new();
    for _ in 0..2 {
        let Ok(mut evaluator) = InProcessEvaluator::new(tree.clone()) else { panic!("the starting names are built") };
        evaluator.begin(&EvaluationSetup::default());
        let module = evaluator.module_file("MODULE.bazel");
        if let Ok(calls) = &module.result {
            let local = module_file::local_repositories(calls);
            let repositories = Repositories { own_names: module_file::own_names(calls), local };
            let home = repositories.at("");
            let _ = (module_file::hubs(calls, home), module_file::included_files(calls));
            let files = [("MODULE.bazel".to_owned(), calls.clone())];
            let _ = Toolchains { files: &files, rules_python: None, read: &|_| None }.choice();
            evaluator.begin(&EvaluationSetup { repositories, ..EvaluationSetup::default() });
        }
        let package = evaluator.package("p", "p/BUILD");
        if let Err(failure) = &package.result {
            assert!(
                !failure.reason.is_empty() && !failure.reason.contains('\n') && !failure.code.is_empty(),
                "{failure:?}"
            );
        }
        results.push((module, package));
    }
    assert_eq!(results[0], results[1]);
    let _ = fallback::read_package(&*tree, Repositories::default().at("p"), &tree.0["p/BUILD"]);
});
