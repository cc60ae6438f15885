//! The dependencies of targets: `rewire_deps` and `set_deps`.

pub(crate) mod additions;
pub(crate) mod change;
pub(crate) mod keys;
mod list;
