//! Writing change sets to disk (arrives with its own branch).

/// What was written.
#[derive(Debug)]
pub struct Written;
