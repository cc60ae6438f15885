//! The stack of an image: its current layers as its rule set builds them.

use crate::label::Label;
use crate::layers::compression::Compression;

/// Layers above the base image, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The rule set that divides the program, as in the JSON of `apps`: `rules_py_1`, `oci_tars`.
    pub rule_set: &'static str,
    pub image: Label,
    /// The program that the claims are about: of several, the first that the image lists.
    pub program: Option<Label>,
    /// Lowest first.
    pub layers: Vec<StackLayer>,
    /// For each layer its places in `lists`, outermost first. None for what a rule adds by itself.
    pub places: Vec<Vec<ListPlace>>,
    /// The lists that the image takes its layers from.
    pub lists: Vec<LayerList>,
    /// Layers that are made of the program and that the image does not have. What they claim is in no layer.
    pub left_out: Vec<StackLayer>,
    /// The listing of files that expressions match.
    pub listing: Listing,
    /// Notes for the reader, such as a patched rule set.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackLayer {
    /// As the image's owner knows it, such as `packages`.
    pub name: String,
    /// The target that makes its tar.
    pub target: Label,
    pub holds: Holds,
    /// Files of the program that it takes.
    pub claim: Claim,
    /// Smaller numbers take files first. Differs from the order in the image: `default` can be the lowest layer
    /// although it takes what the others leave.
    pub claim_order: usize,
    /// `None` if not known.
    pub compression: Option<Compression>,
    /// A sentence on how its content is known, or why it is not.
    pub why: String,
}

/// As in the JSON of `apps`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    Interpreter,
    Packages,
    Group,
    /// The program's own files and everything unclaimed.
    Program,
    /// No files of this program: a distribution's packages, a link, another program.
    Other,
    Unknown,
}

impl Holds {
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
    Nothing,
    /// All, whatever other layers hold.
    Everything,
    /// Everything unclaimed.
    Rest,
    /// Unclaimed files of the interpreter.
    Interpreter,
    /// Unclaimed locked packages.
    Packages,
    /// The unclaimed closures of these targets.
    Targets(Vec<Label>),
    /// The targets' own sources and data, or the package itself, if unclaimed.
    Own(Vec<Label>),
    /// Unclaimed files whose line in the listing matches this expression of the `regex` crate.
    Paths(String),
    /// Files whose line matches this expression, whatever other layers hold.
    PathsAgain(String),
    Unknown,
}

/// How a rule set lists a program's files before dividing them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// In front of each path: `./`, or `./app` if a rule adds a folder.
    pub root: String,
    /// Expressions match the whole line of the manifest, with the source path.
    pub is_whole_line: bool,
}

/// A list that an image takes layers from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerList {
    /// The target with the list: the image, or a filegroup.
    pub owner: Label,
    /// The attribute.
    pub attribute: &'static str,
    /// Its elements, lowest first.
    pub members: Vec<Label>,
    /// Why its order can't be changed; `None` where it can.
    pub fixed: Option<String>,
}

/// A place in a list of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListPlace {
    /// Which list of the layout.
    pub list: usize,
    /// Which of its elements.
    pub member: usize,
}

impl Stack {
    /// The first layer with files of the program that only a build can tell.
    #[must_use]
    pub fn unknown(&self) -> Option<&StackLayer> {
        self.layers.iter().find(|layer| layer.holds == Holds::Unknown)
    }
}
