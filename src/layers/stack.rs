//! The stack of an image: its layers from the bottom, as its rule set builds them today.

use crate::label::Label;
use crate::layers::compression::Compression;

/// The layers of one image above its base, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The rule set that divides the program, as in the JSON of `apps`: `rules_py_1`, `oci_tars`.
    pub rule_set: &'static str,
    /// The image that has these layers.
    pub image: Label,
    /// The Python program that the claims are about: of several in one image, the first that the image itself lists.
    pub program: Option<Label>,
    /// The layers, lowest first.
    pub layers: Vec<StackLayer>,
    /// Layers that are made of the program and that the image does not have. What they claim is in no layer.
    pub left_out: Vec<StackLayer>,
    /// The listing of the program's files that expressions are held against.
    pub listing: Listing,
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
    /// The locked packages that no layer took before.
    Packages,
    /// The closures of these targets, less what layers took before.
    Targets(Vec<Label>),
    /// What these targets are themselves, their own sources and data or the package, less what layers took before.
    Own(Vec<Label>),
    /// Files whose line in the listing matches this regular expression, in the syntax of the `regex` crate, less what
    /// layers took before.
    Paths(String),
    /// Files whose line in the listing matches this regular expression, whatever other layers hold.
    PathsAgain(String),
    /// Not known.
    Unknown,
}

/// How a rule set lists the files of a program before it divides them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Text in front of each path: `./`, or `./app` where a rule puts a folder in front.
    pub root: String,
    /// Whether expressions see the whole line of the manifest, with the place where the content comes from.
    pub is_whole_line: bool,
}

impl Stack {
    /// Returns the first layer that holds files of the program that nobody can tell without a build.
    #[must_use]
    pub fn unknown(&self) -> Option<&StackLayer> {
        self.layers.iter().find(|layer| layer.holds == Holds::Unknown)
    }
}
