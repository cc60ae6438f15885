//! Stands for the lock files, which Bazel's answer says nothing of.

/// An empty lock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock;
