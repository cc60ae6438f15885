//! What the child answers, and what the parent does when it does not.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use std::collections::BTreeMap;

use super::*;
use crate::jobs::Unwatched;
use crate::workspace::evaluate::evaluator::EvaluationSetup;
use crate::workspace::walk::PackagePlace;

fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn answers_each_request_with_one_line() {
    let folder =
        workspace(&[("p/BUILD", "py_library(name = 'a')"), ("q/BUILD", "oops("), ("MODULE.bazel", "module()")]);
    let requests = [
        Request::Package { package: "p".to_owned(), path: "p/BUILD".to_owned() },
        Request::Begin { root: folder.path().to_owned(), setup: EvaluationSetup::default(), changed: BTreeMap::new() },
        Request::Package { package: "p".to_owned(), path: "p/BUILD".to_owned() },
        Request::Package { package: "q".to_owned(), path: "q/BUILD".to_owned() },
        Request::ModuleFile { path: "MODULE.bazel".to_owned() },
    ];
    let input: String = requests.iter().map(|request| serde_json::to_string(request).unwrap() + "\n").collect();
    let mut output = Vec::new();
    answer_requests(input.as_bytes(), &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    let answers: Vec<Answer> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [
        Answer::Package(Evaluation { result: Err(early), reads: None, .. }),
        Answer::Begun,
        Answer::Package(Evaluation { result: Ok(p), by_text: None, reads: Some(reads) }),
        Answer::Package(Evaluation { result: Err(q), by_text: Some(_), reads: Some(_) }),
        Answer::ModuleFile(Evaluation { result: Ok(calls), .. }),
    ] = answers.as_slice()
    else {
        panic!("{answers:?}")
    };
    assert_eq!(early.code, "not_evaluated");
    assert_eq!(p.targets[0].name, "a");
    assert_eq!(reads.files.keys().collect::<Vec<_>>(), ["p/BUILD"]);
    assert_eq!(q.code, "syntax_error");
    assert_eq!(calls[0].function, "module");
}

#[test]
fn a_request_that_is_none_ends_the_child() {
    assert!(answer_requests("hello\n".as_bytes(), Vec::new()).is_err());
}

#[cfg(unix)]
#[test]
fn a_program_that_never_answers_is_stopped() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace(&[("silent", "#!/bin/sh\nexec sleep 60\n"), ("dying", "#!/bin/sh\nexit 3\n")]);
    let program = |name: &str| {
        let path = folder.path().join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let patience = Patience { per_file: Duration::from_millis(100), in_vain: Duration::from_millis(150) };
    let mut silent = WorkerEvaluator::new(&program("silent"), folder.path(), patience);
    let began = Instant::now();
    let reasons: Vec<String> = (0..4).map(|_| silent.package("p", "p/BUILD").result.unwrap_err().reason).collect();
    assert!(reasons[0].contains("stopped after"), "{reasons:?}");
    // Time for files that do not answer is limited as a whole.
    assert!(reasons[3].contains("too many files"), "{reasons:?}");
    assert!(began.elapsed() < Duration::from_secs(10));

    let mut dying = WorkerEvaluator::new(&program("dying"), folder.path(), Patience::default());
    let failure = dying.package("p", "p/BUILD").result.unwrap_err();
    assert_eq!(failure.code, "worker_stopped");
    let mut missing = WorkerEvaluator::new(Path::new("/none"), folder.path(), Patience::default());
    assert!(missing.package("p", "p/BUILD").result.unwrap_err().reason.contains("could not be started"));
}

/// A child that answers with the package's name as an exported file, and dies of packages called `die…`.
const ECHO: &str = r#"#!/bin/sh
while read -r line; do
    package=${line#*'"package":"'}
    package=${package%%'"'*}
    case "$line" in
    *'"begin"'*) echo '"begun"' ;;
    *'"die'*) exit 1 ;;
    *) echo '{"package":{"result":{"Ok":{"targets":[],"calls":[],"exported_files":["'"$package"'"],"notes":[]}},"reads":null}}' ;;
    esac
done
"#;

#[cfg(unix)]
#[test]
fn answers_come_in_the_order_of_the_packages_whoever_gives_them() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace(&[("echo", ECHO)]);
    let program = folder.path().join("echo");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let name = |index: usize| if index % 40 == 7 { format!("die{index}") } else { format!("p{index}") };
    let places: Vec<PackagePlace> =
        (0..200).map(|index| PackagePlace { path: name(index), build_file_name: "BUILD" }).collect();
    let mut evaluator = WorkerEvaluator::new(&program, folder.path(), Patience::default());
    let mut reported = 0;
    let results = evaluator.packages(&places, &mut |done, _| reported = done, &Unwatched).unwrap();
    assert_eq!((results.len(), reported), (200, 200));
    for (place, evaluation) in places.iter().zip(results) {
        match evaluation.result {
            Ok(package) => assert_eq!(package.exported_files, std::slice::from_ref(&place.path)),
            // One that kills its child takes no other with it.
            Err(failure) => assert!(place.path.starts_with("die") && failure.code == "worker_stopped", "{place:?}"),
        }
    }
    assert!(evaluator.packages(&places, &mut |_, _| {}, &AtomicBool::new(true)).is_none());
    assert_eq!(evaluator.packages(&[], &mut |_, _| {}, &Unwatched).unwrap().len(), 0);
}
