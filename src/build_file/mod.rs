//! One BUILD file as text: lossless tokens and tree, spans, edits. Knows no workspace and uses nothing else of the crate.
