//! The command line: what can be asked for, and its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::settings::Choices;
use crate::history::cost::PullProfile;
use crate::size::image::model::ImagePlatform;
use crate::size::item_sizes::Compression;
use crate::workspace::platform::Platform;

/// Design the layers of container images for Python services in a Bazel monorepo.
///
/// Without a command the window opens: on WORKSPACE, or on the bundled demo.
#[derive(Debug, Parser)]
#[command(name = "layerwright", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Arguments {
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The workspace to open: its root or any folder in it.
    pub workspace: Option<PathBuf>,
    /// The app to open: a label, or a name that only one app has.
    #[arg(long, value_name = "LABEL")]
    pub app: Option<String>,
}

/// The headless commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the apps and the layers that they have now.
    Apps(AppsArguments),
    /// Print everything that an app's binary depends on.
    Graph(GraphArguments),
    /// Show what an app's layers hold and cost: as they are, or as a plan file would make them.
    Plan(PlanArguments),
    /// Write a plan into the BUILD files.
    Apply(ApplyArguments),
    /// Make one set of BUILD edits from a JSON request.
    Edit(EditArguments),
    /// Show what a built image really holds: an OCI layout, or a tar written by `docker save`.
    Image(ImageArguments),
    /// Evaluates packages in a limited process; started by the program itself.
    #[command(hide = true)]
    EvalWorker,
}

/// Arguments of `apps`.
#[derive(Debug, Args)]
pub struct AppsArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `graph`.
#[derive(Debug, Args)]
pub struct GraphArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// A plan file; without it the plan is what the BUILD file says now.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
pub struct ApplyArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// The plan file to write.
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    /// Show the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Agree that comments of removed layers go with them.
    #[arg(long)]
    pub drop_comments: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `edit`.
#[derive(Debug, Args)]
pub struct EditArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// A JSON file with `package` and `edits`.
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
    /// Show the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `image`.
#[derive(Debug, Args)]
pub struct ImageArguments {
    /// An OCI image layout (folder or tar), or a tar written by `docker save`.
    pub path: PathBuf,
    /// The image's platform, such as linux/arm64; by default the only one that there is, else linux/amd64.
    #[arg(long, value_name = "OS/ARCH")]
    pub platform: Option<ImagePlatform>,
    /// The name that the image was stored under, where several are in PATH.
    #[arg(long)]
    pub name: Option<String>,
    /// Another image: what a node that has the first one fetches for it.
    #[arg(long, value_name = "PATH")]
    pub compare: Option<PathBuf>,
    /// The workspace that the image was built from: how far off its estimates are.
    #[arg(long, value_name = "WORKSPACE", requires = "app")]
    pub against: Option<PathBuf>,
    /// The app in that workspace that the image was built for: a label, or a name that only one app has.
    #[arg(long, value_name = "LABEL", requires = "against")]
    pub app: Option<String>,
    /// With JSON: every file of every layer, and all duplicates.
    #[arg(long)]
    pub files: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Which workspace.
#[derive(Debug, Args)]
pub struct WorkspaceArgument {
    /// The workspace: its root or any folder in it; the current folder's by default.
    pub workspace: Option<PathBuf>,
}

/// Which app, and how its numbers are counted.
#[derive(Debug, Args)]
pub struct AppArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label, or a name that only one app has. Any py_binary will do.
    #[arg(long, value_name = "LABEL")]
    pub app: String,
    /// The client that pulls.
    #[arg(long, value_enum, default_value_t = ProfileArgument::Keep)]
    pub profile: ProfileArgument,
    /// The image's platform, such as linux/amd64 or linux/arm64.
    #[arg(long, value_parser = parse_platform, default_value = "linux/amd64")]
    pub platform: Platform,
    /// What the registry stores layers as.
    #[arg(long, value_enum, default_value_t = CompressionArgument::Gzip)]
    pub compression: CompressionArgument,
    /// How many commits of history are looked at; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub commits: usize,
}

/// Form of the result.
#[derive(Debug, Args)]
pub struct OutputArgument {
    /// Form of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Forms that most commands have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one document with a `schema` field.
    Json,
}

/// Forms of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For people.
    Text,
    /// For programs: one document with a `schema` field.
    Json,
    /// For Graphviz.
    Dot,
}

/// The pull profiles on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArgument {
    /// Fetches changed layers only (containerd with its content store kept, Docker 29+).
    Keep,
    /// Fetches every layer above the lowest changed one (classic Docker, many managed clusters).
    Chain,
    /// Fetches changed layers, unpacks the rest from local storage (Podman, CRI-O).
    Reuse,
}

/// The compressions on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompressionArgument {
    /// The tar as it is.
    None,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

fn parse_platform(text: &str) -> Result<Platform, String> {
    text.parse().map_err(|error: crate::workspace::platform::PlatformError| error.to_string())
}

impl AppArguments {
    /// How numbers are counted.
    #[must_use]
    pub fn choices(&self) -> Choices {
        Choices {
            profile: match self.profile {
                ProfileArgument::Keep => PullProfile::Keep,
                ProfileArgument::Chain => PullProfile::Chain,
                ProfileArgument::Reuse => PullProfile::Reuse,
            },
            platform: self.platform,
            compression: match self.compression {
                CompressionArgument::None => Compression::None,
                CompressionArgument::Gzip => Compression::Gzip,
                CompressionArgument::Zstd => Compression::Zstd,
            },
            commits: (self.commits > 0).then_some(self.commits),
            ..Choices::default()
        }
    }
}
