//! Reads the demo's made-up history from JSON; it is always marked as a sample.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use thiserror::Error;

use crate::history::model::{Commit, History};
use crate::workspace::lock::PackageName;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SampleError {
    #[error("the sample history is not valid at line {line}, column {column}: {reason}")]
    Malformed { line: usize, column: usize, reason: String },
    #[error("the history says `\"is_sample\": false`: only made-up histories are read from a file, real ones from git")]
    NotASample,
    #[error("the sample history has two commits with the id `{id}`: give each its own")]
    RepeatedCommit { id: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleHistory {
    /// Optional; `false` is refused.
    #[serde(default = "yes")]
    is_sample: bool,
    commits: Vec<SampleCommit>,
}

fn yes() -> bool {
    true
}

/// Like [`Commit`], with names for files and packages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleCommit {
    id: String,
    time: i64,
    author: String,
    subject: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    changed_files: Vec<String>,
    #[serde(default)]
    changed_packages: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    interpreter_changed: bool,
}

/// Reads `{"is_sample": true, "commits": [{"id", "time", "author", "subject", "tags", "changed_files",
/// "changed_packages": {lock: [names]}, "interpreter_changed"}]}`, oldest commit first. `is_sample` and the last four
/// fields are optional; package names are normalised.
///
/// # Errors
/// [`SampleError`], with the place in the text.
pub fn parse_sample(text: &str) -> Result<History, SampleError> {
    let sample: SampleHistory = serde_json::from_str(text).map_err(|error| SampleError::Malformed {
        line: error.line(),
        column: error.column(),
        reason: error.to_string(),
    })?;
    if !sample.is_sample {
        return Err(SampleError::NotASample);
    }
    let mut seen = BTreeSet::new();
    if let Some(repeated) = sample.commits.iter().find(|commit| !seen.insert(commit.id.as_str())) {
        return Err(SampleError::RepeatedCommit { id: repeated.id.clone() });
    }
    Ok(History { is_sample: true, ..History::from_named_files(sample.commits.into_iter().map(commit)) })
}

fn commit(sample: SampleCommit) -> (Commit, Vec<String>) {
    let packages = |names: Vec<String>| names.iter().map(|name| PackageName::new(name)).collect();
    let mut tags = sample.tags;
    tags.sort_unstable();
    let commit = Commit {
        id: sample.id,
        time: sample.time,
        author: sample.author,
        subject: sample.subject,
        tags,
        changed_packages: sample.changed_packages.into_iter().map(|(lock, names)| (lock, packages(names))).collect(),
        interpreter_changed: sample.interpreter_changed,
        ..Commit::default()
    };
    (commit, sample.changed_files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_all_that_a_read_history_has() {
        let text = r#"{"commits": [
            {"id": "a1", "time": 100, "author": "Ada", "subject": "Start", "tags": ["v2", "v1"], "changed_files": ["b.py", "a.py", "b.py"]},
            {"id": "b2", "time": 200, "author": "Bo", "subject": "Newer packages", "interpreter_changed": true,
             "changed_packages": {"uv.lock": ["Flask_Login", "numpy"]}, "changed_files": ["uv.lock"]}
        ]}"#;
        let history = parse_sample(text).unwrap();
        assert!(history.is_sample);
        let [first, second] = history.commits.as_slice() else { panic!("two commits") };
        assert_eq!(history.changed_files(first).collect::<Vec<_>>(), ["a.py", "b.py"]);
        assert_eq!((first.author.as_str(), first.time, first.tags.join(" ").as_str()), ("Ada", 100, "v1 v2"));
        let packages: BTreeSet<_> = ["flask-login", "numpy"].into_iter().map(PackageName::new).collect();
        assert_eq!(second.changed_packages.get("uv.lock"), Some(&packages));
        assert!(second.interpreter_changed && !first.interpreter_changed);
    }

    #[test]
    fn mistakes_name_their_place() {
        let wrong_field =
            "{\"commits\": [\n{\"id\": \"a\", \"time\": 1, \"author\": \"A\", \"subject\": \"S\", \"files\": []}]}";
        assert!(matches!(parse_sample(wrong_field), Err(SampleError::Malformed { line: 2, .. })));
        let commit = r#"{"id": "a", "time": 1, "author": "A", "subject": "S"}"#;
        assert_eq!(
            parse_sample(&format!(r#"{{"commits": [{commit}, {commit}]}}"#)),
            Err(SampleError::RepeatedCommit { id: "a".to_owned() })
        );
        assert_eq!(parse_sample(r#"{"is_sample": false, "commits": []}"#), Err(SampleError::NotASample));
        assert!(matches!(parse_sample("[]"), Err(SampleError::Malformed { .. })));
    }
}
