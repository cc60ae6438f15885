//! What is asked for: edits that are made all together or not at all.
//!
//! Values only, in the shape in which `--request` files hold them.

use serde::{Deserialize, Serialize};

/// One request: edits in order, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRequest {
    /// The package that relative names in the edits belong to, without slashes at its ends.
    pub package: String,
    /// The edits, in the order in which they are made.
    pub edits: Vec<Edit>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// Gives an app these layers, in this order, and no others. No layers at all is written as `dep_layers = []`;
    /// an app without the argument stays as it is then.
    SetDepLayers {
        /// Name or label of the app.
        app: String,
        /// The whole wanted value.
        layers: Vec<WantedLayer>,
        /// Comments that may be deleted with what they belong to.
        #[serde(default)]
        drop_comments_confirmed: ConfirmedDrops,
    },
    /// Adds a `py_library` that only names dependencies. One that is there already with these dependencies stays.
    AddPyLibrary {
        /// Its name.
        name: String,
        /// Its dependencies. Strings are sorted as buildifier does.
        deps: Vec<Dependency>,
        /// The target above which it goes, above that target's own comments; at the end of the file without one.
        #[serde(default)]
        before: Option<String>,
        /// The module to load `py_library` from where the file does not load it yet.
        #[serde(default)]
        load: Option<String>,
        /// Its visibility; the package's default without one.
        #[serde(default)]
        visibility: Option<Vec<String>>,
    },
    /// Takes dependencies from a target and gives it others. What is done already stays.
    RewireDeps {
        /// Name or label of the target.
        target: String,
        /// What goes.
        remove: Vec<Dependency>,
        /// What comes.
        add: Vec<Dependency>,
        /// Comments that may be deleted with what they belong to.
        #[serde(default)]
        drop_comments_confirmed: ConfirmedDrops,
    },
    /// Gives a target these unconditional dependencies and no others; a `select()` beside them stays.
    SetDeps {
        /// Name or label of the target.
        target: String,
        /// The whole wanted list.
        deps: Vec<Dependency>,
        /// Comments that may be deleted with what they belong to.
        #[serde(default)]
        drop_comments_confirmed: ConfirmedDrops,
    },
    /// Removes a target with the comments that touch it. One that is not there is removed already.
    RemoveTarget {
        /// Name or label of the target.
        target: String,
        /// Comments that may be deleted with it.
        #[serde(default)]
        drop_comments_confirmed: ConfirmedDrops,
    },
}

/// One wanted layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedLayer {
    /// Its name.
    pub name: String,
    /// Its targets, in order.
    pub targets: Vec<String>,
}

/// A dependency: a label, or source text such as `requirement("x")`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Dependency {
    /// A label.
    Label(String),
    /// An expression.
    Expression {
        /// Its source text.
        expr: String,
    },
}

/// Which comments may be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ConfirmedDrops {
    /// All that the edit would delete, or none.
    All(bool),
    /// These, each with its `#`.
    These(Vec<String>),
}

impl Default for ConfirmedDrops {
    fn default() -> Self {
        Self::All(false)
    }
}

impl ConfirmedDrops {
    /// Whether this comment may be deleted.
    #[must_use]
    pub fn allows(&self, comment: &str) -> bool {
        match self {
            Self::All(all) => *all,
            Self::These(comments) => comments.iter().any(|allowed| allowed.trim() == comment.trim()),
        }
    }
}

impl Edit {
    /// Which comments this edit may delete.
    #[must_use]
    pub fn confirmed_drops(&self) -> ConfirmedDrops {
        match self {
            Self::SetDepLayers { drop_comments_confirmed, .. }
            | Self::RewireDeps { drop_comments_confirmed, .. }
            | Self::SetDeps { drop_comments_confirmed, .. }
            | Self::RemoveTarget { drop_comments_confirmed, .. } => drop_comments_confirmed.clone(),
            Self::AddPyLibrary { .. } => ConfirmedDrops::default(),
        }
    }

    /// The dependencies that this edit writes somewhere.
    #[must_use]
    pub fn written_dependencies(&self) -> &[Dependency] {
        match self {
            Self::AddPyLibrary { deps, .. } | Self::SetDeps { deps, .. } => deps,
            Self::RewireDeps { add, .. } => add,
            Self::SetDepLayers { .. } | Self::RemoveTarget { .. } => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_request_format() {
        let text = r##"{"package": "a", "title": "more fields", "edits": [
            {"op": "set_dep_layers", "app": "x", "layers": [{"name": "n", "targets": [":t"]}], "drop_comments_confirmed": true},
            {"op": "add_py_library", "name": "n", "deps": ["@p//:a", {"expr": "requirement(\"b\")"}], "before": "x"},
            {"op": "rewire_deps", "target": "x", "remove": [], "add": [":n"]},
            {"op": "set_deps", "target": "x", "deps": [], "drop_comments_confirmed": ["# gone"]},
            {"op": "remove_target", "target": "x"}]}"##;
        let request: EditRequest = serde_json::from_str(text).unwrap();
        assert_eq!(request.edits.len(), 5);
        let allows = |index: usize, comment| request.edits[index].confirmed_drops().allows(comment);
        assert!(allows(0, "# any") && !allows(2, "# any") && allows(3, "# gone") && !allows(3, "# other"));
        let Edit::AddPyLibrary { deps, .. } = &request.edits[1] else { panic!("wrong op") };
        assert_eq!(deps[1], Dependency::Expression { expr: "requirement(\"b\")".to_owned() });
    }
}
