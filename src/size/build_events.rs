//! Bazel's build events: the files of each target, with digest and length, downloaded or not. Takes lines of
//! `--build_event_json_file` (build_event_stream.proto as proto3's JSON); other events are skipped.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use thiserror::Error;

use crate::byte_count::ByteCount;
use crate::label::Label;

const MOST_FILES: usize = 1_000_000;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EventsError {
    #[error("line {line} of the build event stream can't be understood: {reason}")]
    Line { line: u64, reason: String },
    #[error("the build event stream names more than {MOST_FILES} files, so it is not read on")]
    TooMany,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFile {
    /// Relative to the folder of outputs.
    pub name: String,
    /// In hexadecimal digits, by Bazel's hash function: SHA-256 by default.
    pub digest: Option<String>,
    pub bytes: Option<ByteCount>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuiltTarget {
    Built(Vec<BuiltFile>),
    Failed(String),
}

#[derive(Clone, Debug, Default)]
pub struct BuildEvents {
    lines: u64,
    files: usize,
    sets: BTreeMap<String, FileSet>,
    targets: BTreeMap<Label, Ended>,
}

#[derive(Clone, Debug)]
enum Ended {
    Sets(Vec<String>),
    Failed(String),
}

#[derive(Clone, Debug, Default)]
struct FileSet {
    files: Vec<BuiltFile>,
    below: Vec<String>,
}

impl BuildEvents {
    /// Takes the next line.
    ///
    /// # Errors
    /// When it is no event, or there are too many.
    pub fn take(&mut self, line: &str) -> Result<(), EventsError> {
        self.lines += 1;
        if line.trim().is_empty() {
            return Ok(());
        }
        let event: Event = serde_json::from_str(line)
            .map_err(|error| EventsError::Line { line: self.lines, reason: error.to_string() })?;
        if let (Some(id), Some(set)) = (event.id.named_set, event.named_set_of_files) {
            self.files += set.files.len() + set.file_sets.len() + 1;
            if self.files > MOST_FILES {
                return Err(EventsError::TooMany);
            }
            let files = set.files.into_iter().map(EventFile::built).collect();
            self.sets.insert(id.id, FileSet { files, below: set.file_sets.into_iter().map(|set| set.id).collect() });
        }
        if let Some(label) = event.id.target_completed.and_then(|id| Label::parse_absolute(&id.label).ok()) {
            let ended = match (event.completed, event.aborted) {
                (Some(completed), _) if completed.success => Ended::Sets(completed.default_sets()),
                (Some(completed), _) => Ended::Failed(completed.reason()),
                (None, Some(aborted)) => Ended::Failed(aborted.words()),
                (None, None) => Ended::Failed("nothing is said of it".to_owned()),
            };
            self.targets.insert(label, ended);
        }
        Ok(())
    }

    /// `None` if the stream does not name it.
    #[must_use]
    pub fn target(&self, label: &Label) -> Option<BuiltTarget> {
        Some(match self.targets.get(label)? {
            Ended::Failed(reason) => BuiltTarget::Failed(reason.clone()),
            Ended::Sets(sets) => BuiltTarget::Built(self.files_of(sets)),
        })
    }

    fn files_of(&self, sets: &[String]) -> Vec<BuiltFile> {
        let mut files = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut waiting: Vec<&str> = sets.iter().map(String::as_str).collect();
        while let Some(id) = waiting.pop() {
            let Some(set) = self.sets.get(id).filter(|_| seen.insert(id)) else { continue };
            files.extend(set.files.iter().cloned());
            waiting.extend(set.below.iter().map(String::as_str));
        }
        files.sort_by(|left, right| left.name.cmp(&right.name));
        files.dedup();
        files
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    id: EventId,
    named_set_of_files: Option<NamedSet>,
    completed: Option<Completed>,
    aborted: Option<Aborted>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventId {
    named_set: Option<SetId>,
    target_completed: Option<TargetId>,
}

#[derive(Deserialize)]
struct SetId {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
struct TargetId {
    #[serde(default)]
    label: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedSet {
    #[serde(default)]
    files: Vec<EventFile>,
    #[serde(default)]
    file_sets: Vec<SetId>,
}

#[derive(Deserialize)]
struct EventFile {
    #[serde(default)]
    name: String,
    digest: Option<String>,
    /// proto3's JSON writes 64-bit numbers as strings.
    length: Option<String>,
}

impl EventFile {
    fn built(self) -> BuiltFile {
        let bytes = self.length.and_then(|length| length.parse().ok()).map(ByteCount);
        BuiltFile { name: self.name, digest: self.digest.filter(|digest| !digest.is_empty()), bytes }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Completed {
    #[serde(default)]
    success: bool,
    #[serde(default)]
    output_group: Vec<OutputGroup>,
    failure_detail: Option<FailureDetail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutputGroup {
    #[serde(default)]
    name: String,
    #[serde(default)]
    file_sets: Vec<SetId>,
}

#[derive(Deserialize)]
struct FailureDetail {
    #[serde(default)]
    message: String,
}

impl Completed {
    fn default_sets(self) -> Vec<String> {
        let groups = self.output_group.into_iter().filter(|group| group.name == "default");
        groups.flat_map(|group| group.file_sets).map(|set| set.id).collect()
    }

    fn reason(self) -> String {
        let message = self.failure_detail.map(|detail| detail.message).filter(|message| !message.is_empty());
        message.unwrap_or_else(|| "it failed to build".to_owned())
    }
}

#[derive(Deserialize)]
struct Aborted {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    description: String,
}

impl Aborted {
    fn words(self) -> String {
        let said = [self.description, self.reason].into_iter().find(|text| !text.is_empty());
        said.unwrap_or_else(|| "its build was given up".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> BuildEvents {
        let mut events = BuildEvents::default();
        for line in lines {
            events.take(line).unwrap();
        }
        events
    }

    fn label(text: &str) -> Label {
        Label::parse_absolute(text).unwrap()
    }

    #[test]
    fn files_are_found_through_sets_within_sets() {
        let events = read(&[
            r#"{"id":{"started":{}},"started":{"uuid":"x"}}"#,
            r#"{"id":{"namedSet":{"id":"1"}},"namedSetOfFiles":{"files":[{"name":"a/b.tar","digest":"ab","length":"10240"}],"fileSets":[{"id":"0"}]}}"#,
            r#"{"id":{"namedSet":{"id":"0"}},"namedSetOfFiles":{"files":[{"name":"a/c.tar","uri":"file:///c"}],"fileSets":[{"id":"1"},{"id":"9"}]}}"#,
            "",
            r#"{"id":{"targetCompleted":{"label":"//a:b"}},"completed":{"success":true,"outputGroup":[{"name":"default","fileSets":[{"id":"1"}]},{"name":"other","fileSets":[{"id":"9"}]}]}}"#,
        ]);
        let Some(BuiltTarget::Built(files)) = events.target(&label("//a:b")) else { panic!("not built") };
        let b = BuiltFile { name: "a/b.tar".into(), digest: Some("ab".into()), bytes: Some(ByteCount(10_240)) };
        assert_eq!(files, [b, BuiltFile { name: "a/c.tar".into(), digest: None, bytes: None }]);
        assert_eq!((events.targets.len(), events.target(&label("//a:c"))), (1, None));
    }

    #[test]
    fn failures_say_why() {
        let events = read(&[
            r#"{"id":{"targetCompleted":{"label":"//a:b"}},"completed":{"failureDetail":{"message":"worker spawned but died"}}}"#,
            r#"{"id":{"targetCompleted":{"label":"@@//a:c"}},"aborted":{"reason":"ANALYSIS_FAILURE"}}"#,
        ]);
        let why = |text: &str| match events.target(&label(text)) {
            Some(BuiltTarget::Failed(why)) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!((why("//a:b").as_str(), why("//a:c").as_str()), ("worker spawned but died", "ANALYSIS_FAILURE"));
    }

    #[test]
    fn a_line_that_is_no_event_is_named() {
        let mut events = BuildEvents::default();
        events.take("{}").unwrap();
        assert!(matches!(events.take("{\"id\""), Err(EventsError::Line { line: 2, .. })));
        assert!(events.take(&"[".repeat(100_000)).is_err());
    }
}
