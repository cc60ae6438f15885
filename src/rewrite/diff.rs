//! Diffs of a file change: unified, and side by side. Lines are compared as bytes, with their line ends.

use std::path::Path;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::rewrite::change_set::FileChange;

const CONTEXT_LINES: usize = 3;

/// Both sides of a change, aligned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SideBySide {
    /// With unchanged lines.
    pub lines: Vec<DiffLine>,
    /// With changed lines.
    pub added: usize,
    /// With changed lines.
    pub removed: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    pub kind: DiffLineKind,
    /// `None` for an added line.
    pub left: Option<DiffSide>,
    /// `None` for a removed line.
    pub right: Option<DiffSide>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffLineKind {
    Same,
    Removed,
    Added,
    Changed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffSide {
    /// Counted from 1.
    pub number: usize,
    /// Without its line end; invalid UTF-8 becomes U+FFFD.
    pub text: String,
    /// Two lines can differ in nothing else.
    pub end: LineEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    Lf,
    CrLf,
    /// At the end of the file.
    Missing,
}

/// A diff for `patch -p1` and `git apply` with the exact bytes. Empty without changes. `/dev/null` stands for a missing
/// file.
pub fn unified_diff_bytes(change: &FileChange) -> Vec<u8> {
    let mut out = Vec::new();
    if change.before.as_ref() == Some(&change.after) {
        return out;
    }
    let before = split_lines(change.before.as_deref().unwrap_or_default());
    let after = split_lines(&change.after);
    let old_name = change.before.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| header_name("a/", &change.path));
    out.extend_from_slice(format!("--- {old_name}\n+++ {}\n", header_name("b/", &change.path)).as_bytes());
    for group in group_diff_ops(diff_operations(&before, &after), CONTEXT_LINES) {
        write_hunk(&mut out, &group, &before, &after);
    }
    out
}

/// As text to show; invalid UTF-8 becomes U+FFFD.
pub fn unified_diff(change: &FileChange) -> String {
    String::from_utf8(unified_diff_bytes(change))
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Replaced lines are paired from the top.
pub fn side_by_side(change: &FileChange) -> SideBySide {
    let before = split_lines(change.before.as_deref().unwrap_or_default());
    let after = split_lines(&change.after);
    let mut view = SideBySide::default();
    for operation in diff_operations(&before, &after) {
        let (left, right) = (operation.old_range(), operation.new_range());
        let same = matches!(operation, DiffOp::Equal { .. });
        if !same {
            view.removed += left.len();
            view.added += right.len();
        }
        for row in 0..left.len().max(right.len()) {
            let left = left.clone().nth(row).and_then(|index| side(&before, index));
            let right = right.clone().nth(row).and_then(|index| side(&after, index));
            let kind = match (&left, &right) {
                _ if same => DiffLineKind::Same,
                (Some(_), Some(_)) => DiffLineKind::Changed,
                (Some(_), None) => DiffLineKind::Removed,
                (None, _) => DiffLineKind::Added,
            };
            view.lines.push(DiffLine { kind, left, right });
        }
    }
    view
}

/// With their line ends.
fn split_lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A bounded variant of Myers' algorithm: in files with little in common the shortest edit is not worth the wait.
fn diff_operations(before: &[&[u8]], after: &[&[u8]]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Myers, before, after)
}

fn side(lines: &[&[u8]], index: usize) -> Option<DiffSide> {
    let line = lines.get(index)?;
    let (text, end) = match line {
        [text @ .., b'\r', b'\n'] => (text, LineEnd::CrLf),
        [text @ .., b'\n'] => (text, LineEnd::Lf),
        text => (*text, LineEnd::Missing),
    };
    Some(DiffSide { number: index + 1, text: String::from_utf8_lossy(text).into_owned(), end })
}

fn write_hunk(out: &mut Vec<u8>, group: &[DiffOp], before: &[&[u8]], after: &[&[u8]]) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let old = hunk_range(first.old_range().start, last.old_range().end);
    let new = hunk_range(first.new_range().start, last.new_range().end);
    out.extend_from_slice(format!("@@ -{old} +{new} @@\n").as_bytes());
    for operation in group {
        let (old, new) = (operation.old_range(), operation.new_range());
        if matches!(operation, DiffOp::Equal { .. }) {
            before.get(old).unwrap_or_default().iter().for_each(|line| write_line(out, b' ', line));
        } else {
            before.get(old).unwrap_or_default().iter().for_each(|line| write_line(out, b'-', line));
            after.get(new).unwrap_or_default().iter().for_each(|line| write_line(out, b'+', line));
        }
    }
}

/// `start,count` of a hunk. An empty range names the line before it; a count of one is left out (GNU diffutils manual,
/// "Detailed Description of Unified Format").
fn hunk_range(start: usize, end: usize) -> String {
    match end.saturating_sub(start) {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

fn write_line(out: &mut Vec<u8>, mark: u8, line: &[u8]) {
    out.push(mark);
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

/// A path as in git's header: quoted if it contains a quote, backslash or control character; followed by a tab if it
/// contains a space.
fn header_name(prefix: &str, path: &Path) -> String {
    let name = format!("{prefix}{}", path.to_string_lossy());
    if name.chars().any(|character| character.is_control() || matches!(character, '"' | '\\')) {
        let mut quoted = String::from("\"");
        for character in name.chars() {
            match character {
                '"' | '\\' => quoted.extend(['\\', character]),
                character if character.is_control() => {
                    let mut buffer = [0; 4];
                    for byte in character.encode_utf8(&mut buffer).bytes() {
                        quoted.push_str(&format!("\\{byte:03o}"));
                    }
                }
                character => quoted.push(character),
            }
        }
        quoted.push('"');
        return quoted;
    }
    if name.contains(' ') { name + "\t" } else { name }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn change(before: Option<&[u8]>, after: &[u8]) -> FileChange {
        FileChange { path: "demo/BUILD.bazel".into(), before: before.map(<[u8]>::to_vec), after: after.to_vec() }
    }

    fn check(before: &str, after: &str, expected: &str) {
        assert_eq!(unified_diff(&change(Some(before.as_bytes()), after.as_bytes())), expected);
    }

    #[test]
    fn a_changed_line_has_three_lines_of_context() {
        check(
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
            "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
            "--- a/demo/BUILD.bazel\n+++ b/demo/BUILD.bazel\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
        );
    }

    #[test]
    fn nothing_changed_is_an_empty_diff() {
        check("a\n", "a\n", "");
    }

    #[test]
    fn a_missing_final_newline_is_said_for_the_side_that_lacks_it() {
        check(
            "a",
            "a\n",
            "--- a/demo/BUILD.bazel\n+++ b/demo/BUILD.bazel\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
        );
    }

    #[test]
    fn a_created_file_comes_from_dev_null() {
        assert_eq!(
            unified_diff(&change(None, b"a\nb\n")),
            "--- /dev/null\n+++ b/demo/BUILD.bazel\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        );
    }

    #[test]
    fn carriage_returns_and_bytes_that_are_not_utf8_stay() {
        let bytes = unified_diff_bytes(&change(Some(b"a\r\n\xff\r\n"), b"a\r\n\xfe\r\n"));
        assert!(bytes.ends_with(b"@@ -1,2 +1,2 @@\n a\r\n-\xff\r\n+\xfe\r\n"));
        assert!(unified_diff(&change(Some(b"\xff"), b"")).contains("-\u{fffd}\n"));
    }

    #[test]
    fn odd_paths_are_written_as_git_writes_them() {
        assert_eq!(header_name("a/", Path::new("my app/BUILD")), "a/my app/BUILD\t");
        assert_eq!(header_name("b/", Path::new("q\"\n/BUILD")), "\"b/q\\\"\\012/BUILD\"");
    }

    #[test]
    fn side_by_side_pairs_lines_and_counts_them() {
        let view = side_by_side(&change(Some(b"a\nb\nc\n"), b"a\nB\nc\nd\r\n"));
        let kinds: Vec<_> = view.lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [DiffLineKind::Same, DiffLineKind::Changed, DiffLineKind::Same, DiffLineKind::Added]);
        assert_eq!((view.added, view.removed), (2, 1));
        let last = view.lines.last().unwrap();
        assert_eq!(last.left, None);
        assert_eq!(last.right, Some(DiffSide { number: 4, text: "d".into(), end: LineEnd::CrLf }));
    }

    #[test]
    fn a_changed_line_end_is_a_changed_line() {
        let view = side_by_side(&change(Some(b"a\r\n"), b"a\n"));
        let line = view.lines.first().unwrap();
        assert_eq!(line.kind, DiffLineKind::Changed);
        assert_eq!(line.left.as_ref().unwrap().end, LineEnd::CrLf);
        assert_eq!(line.right.as_ref().unwrap().end, LineEnd::Lf);
    }

    /// The worst of five kinds of edit to a long file; the bound is wide, since tests run unoptimised and side by side.
    #[test]
    fn ten_thousand_lines_are_compared_in_no_time() {
        let before: String = (0..10_000).map(|line| format!("    \"//libs/python/package_{line}:lib\",\n")).collect();
        let reversed: String = before.split_inclusive('\n').rev().collect();
        let edits = [
            before.replacen("package_5000:", "renamed:", 1),
            before.replace("7:lib", "7:library"),
            before.replace('\n', "\r\n"),
            before.replace("//libs", "//other"),
            reversed,
        ];
        for after in edits {
            let change = change(Some(before.as_bytes()), after.as_bytes());
            let start = Instant::now();
            let diff = unified_diff_bytes(&change);
            let unified = start.elapsed();
            let view = side_by_side(&change);
            eprintln!("unified {unified:?}, both {:?}", start.elapsed());
            assert!(!diff.is_empty() && view.lines.len() >= 10_000);
            assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        }
    }

    /// Applies a unified diff as `patch` does, trusting nothing but its text.
    fn apply(before: &[u8], diff: &[u8]) -> Vec<u8> {
        let old = split_lines(before);
        let (mut out, mut next_old, mut last_mark): (Vec<u8>, usize, u8) = (Vec::new(), 0, b' ');
        for line in split_lines(diff).into_iter().skip(2) {
            match line.split_first().unwrap() {
                (b'@', _) => {
                    let text = std::str::from_utf8(line).unwrap();
                    let old_range = text.split(' ').nth(1).unwrap().trim_start_matches('-');
                    let (start, count) = old_range.split_once(',').unwrap_or((old_range, "1"));
                    let start: usize = start.parse().unwrap();
                    let start = if count == "0" { start } else { start - 1 };
                    out.extend(old[next_old..start].concat());
                    next_old = start;
                }
                (b'\\', _) if last_mark == b'-' => {}
                (b'\\', _) => assert_eq!(out.pop(), Some(b'\n')),
                (b' ', text) => {
                    out.extend_from_slice(text);
                    next_old += 1;
                }
                (b'-', _) => next_old += 1,
                (_, text) => out.extend_from_slice(text),
            }
            last_mark = *line.first().unwrap();
        }
        out.extend(old[next_old..].concat());
        out
    }

    proptest! {
        #[test]
        fn the_aligned_lines_hold_both_sides_whole(
            before in proptest::collection::vec(prop::sample::select(vec!["a", "b", "\r", "\n", "c\n"]), 0..40),
            after in proptest::collection::vec(prop::sample::select(vec!["a", "b", "\r", "\n", "c\n"]), 0..40),
        ) {
            let (before, after) = (before.concat(), after.concat());
            let view = side_by_side(&change(Some(before.as_bytes()), after.as_bytes()));
            let join = |pick: fn(&DiffLine) -> &Option<DiffSide>| -> String {
                view.lines.iter().filter_map(|line| pick(line).as_ref()).map(|side| side.text.clone() + match side.end {
                    LineEnd::Lf => "\n",
                    LineEnd::CrLf => "\r\n",
                    LineEnd::Missing => "",
                }).collect()
            };
            prop_assert_eq!(join(|line| &line.left), before);
            prop_assert_eq!(join(|line| &line.right), after);
        }

        #[test]
        fn the_unified_diff_applied_gives_the_bytes_after(
            before in proptest::collection::vec(prop::sample::select(vec!["a\n", "b\n", "\r\n", "c\n"]), 0..40),
            after in proptest::collection::vec(prop::sample::select(vec!["a\n", "b\n", "\r\n", "c\n"]), 0..40),
            tails in prop::sample::select(vec![("", ""), ("z", ""), ("", "z"), ("z", "z"), ("y", "z")]),
        ) {
            let (before, after) = (before.concat() + tails.0, after.concat() + tails.1);
            let diff = unified_diff_bytes(&change(Some(before.as_bytes()), after.as_bytes()));
            let applied = apply(before.as_bytes(), &diff);
            prop_assert_eq!(String::from_utf8(applied).unwrap(), after);
        }
    }
}
