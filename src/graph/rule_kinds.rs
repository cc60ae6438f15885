//! Classifies rules by their kind: those that pass their inputs on at run time, and those that make something of them.

use crate::workspace::model::{PASSES_ON, Target};

/// Parts of kinds that make what they pass on, whatever else the name contains.
const MAKERS: [&str; 17] = [
    "cython",
    "extension",
    "flatbuffers",
    "grpc",
    "image",
    "index",
    "layer",
    "manifest",
    "nanobind",
    "openapi",
    "proto",
    "protobuf",
    "pybind",
    "tar",
    "thrift",
    "wheel",
    "zip",
];

/// Parts of kinds of Python code.
const PYTHON: [&str; 5] = ["py", "py2", "py3", "python", "pytype"];

/// Other kinds that pass on their inputs.
const CARRIERS: [&str; 19] = [
    "alias",
    "copy_file",
    "copy_to_bin",
    "copy_to_directory",
    "directory_path",
    "js_library",
    "label_flag",
    "label_setting",
    "native_binary",
    "pkg_filegroup",
    "pkg_files",
    "platform_transition_binary",
    "runfiles",
    "sh_binary",
    "sh_library",
    "sh_test",
    "shell_binary",
    "shell_library",
    "transition_alias",
];

/// Returns `true` if the rule passes on its inputs. The outputs of others are unknown.
pub(crate) fn passes_on(target: &Target) -> bool {
    let kind = target.kind.trim_start_matches('_');
    target.attributes.contains_key(PASSES_ON)
        || kind.contains("filegroup")
        || CARRIERS.contains(&kind)
        || is_python(target)
}

/// Returns `true` for Python libraries, programs and tests.
pub(crate) fn is_python(target: &Target) -> bool {
    let has = |list: &[&str]| target.kind.split('_').any(|word| list.contains(&word));
    has(&PYTHON) && !has(&MAKERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::workspace;

    #[test]
    fn kinds_tell_what_is_made() {
        let check = |kind: &str, expected: bool| {
            let workspace = workspace(&format!("//p\n {kind} t"));
            assert_eq!(passes_on(&workspace.packages["p"].targets["t"]), expected, "{kind}");
        };
        for kind in
            ["py_library", "py_venv_binary", "_py_test_rule", "pw_py_library", "filegroup", "exec_filegroup", "alias"]
        {
            check(kind, true);
        }
        for kind in [
            "genrule",
            "py_proto_library",
            "pyo3_extension",
            "rust_library",
            "py_wheel",
            "openapi_client",
            "cc_library",
        ] {
            check(kind, false);
        }
    }
}
