//! The stack of an image: its layers from the bottom, as its rule set builds them today.

use crate::label::Label;
use crate::layers::compression::Compression;

/// The layers of one image above its base, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The rule set that divides the program, as in the JSON of `apps`: `rules_py_1`, `oci_tars`.
    pub rule_set: &'static str,
    /// The layers, lowest first.
    pub layers: Vec<StackLayer>,
    /// What the reader should know about the stack, such as a patched rule set: sentences.
    pub notes: Vec<String>,
}

/// One layer of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackLayer {
    /// The name that the image's owner knows it by, such as `packages`.
    pub name: String,
    /// The target that makes its tar.
    pub target: Label,
    /// The kind of content.
    pub holds: Holds,
    /// The files of the program that it takes.
    pub claim: Claim,
    /// When its claim is tried: layers with smaller numbers take their files first. Differs from the order in the image,
    /// where `default` can be the lowest layer although it takes what the others leave.
    pub claim_order: usize,
    /// The compression of its blob; `None` where that is not known.
    pub compression: Option<Compression>,
    /// One sentence that says how its content is known, or why it is not.
    pub why: String,
}

/// The kind of content of a layer, as in the JSON of `apps`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// The Python interpreter.
    Interpreter,
    /// The locked packages that no other layer takes.
    Packages,
    /// A group that the BUILD file names.
    Group,
    /// The program's own files and everything that no other layer takes.
    Program,
    /// Files that are not part of this program: a distribution's packages, a link, another program.
    Other,
    /// Not known.
    Unknown,
}

impl Holds {
    /// Returns the word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interpreter => "interpreter",
            Self::Packages => "packages",
            Self::Group => "group",
            Self::Program => "program",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// The files of the program's runfiles that a layer takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// None of them.
    Nothing,
    /// All of them, whatever other layers hold.
    Everything,
    /// Those that no layer took before.
    Rest,
    /// The interpreter's files that no layer took before.
    Interpreter,
    /// The closures of these targets, less what layers took before.
    Targets(Vec<Label>),
    /// Files whose path in the image matches this regular expression, less what layers took before.
    Paths(String),
    /// Files whose path in the image matches this regular expression, whatever other layers hold.
    PathsAgain(String),
    /// Not known.
    Unknown,
}

impl Stack {
    /// Returns the first layer that holds files of the program that nobody can tell without a build.
    #[must_use]
    pub fn unknown(&self) -> Option<&StackLayer> {
        self.layers.iter().find(|layer| layer.holds == Holds::Unknown)
    }
}
