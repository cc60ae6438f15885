//! The command line and its help.

mod parsers;
mod shared;

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::advice::presets::Preset;
use crate::built_image::model::ImagePlatform;
use crate::commands::arguments::parsers::{parse_dialect, parse_label, parse_preset};

pub use crate::commands::arguments::shared::{
    AdviceArguments, AppArguments, BazelArguments, CompressionArgument, CountingArguments, FetchArgument, Format,
    FormattingArgument, OutputArgument, ProfileArgument, SourceArgument, SourceArguments, WorkspaceArgument,
};
use crate::commands::examples;
use crate::label::Label;
use crate::rule_sets::dep_layers::rules::DEFAULT_FOLDER;
use crate::rule_sets::export::Dialect;

/// Design the layers of container images for Python services in a Bazel monorepo.
///
/// Without a command the window opens: on WORKSPACE, or on the bundled demo.
#[derive(Debug, Parser)]
#[command(
    name = "layerwright",
    version,
    max_term_width = 100,
    override_usage = "layerwright [OPTIONS] [WORKSPACE]\n       layerwright <COMMAND>",
    after_help = examples::PROGRAM
)]
pub struct Arguments {
    /// Command to run without the window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Log to standard error: -v for steps, -vv for everything.
    #[arg(short, long, action = clap::ArgAction::Count, global = true, display_order = 900)]
    pub verbose: u8,
    /// The workspace to open: its root or any folder in it.
    pub workspace: Option<PathBuf>,
    /// The app to open: a label or a unique name.
    #[arg(long, value_name = "LABEL")]
    pub app: Option<String>,
    /// Evaluate every BUILD file, without reading or writing the cache.
    #[arg(long)]
    pub no_cache: bool,
}

impl Arguments {
    /// Reads the command line; wrong use ends the program with a message. Options of the window are not allowed with a
    /// command, except `-v` before it.
    #[must_use]
    pub fn read() -> Self {
        let arguments = Self::parse();
        if arguments.command.is_some() && (arguments.workspace.is_some() || arguments.app.is_some()) {
            let message = "WORKSPACE and --app come after the command, as `layerwright help` shows";
            Self::command().error(clap::error::ErrorKind::ArgumentConflict, message).exit();
        }
        arguments
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the apps and their current layers.
    #[command(after_help = examples::APPS)]
    Apps(AppsArguments),
    /// Print everything that an app's binary depends on.
    #[command(after_help = examples::GRAPH)]
    Graph(GraphArguments),
    /// Show what an app's layers contain and cost, now or with a plan.
    #[command(after_help = examples::PLAN)]
    Plan(PlanArguments),
    /// Replay the repository's deploys: bytes pulled and unpacked with one layer, the current layers and a plan.
    #[command(after_help = examples::REPLAY)]
    Replay(ReplayArguments),
    /// Write a plan into the BUILD files.
    #[command(after_help = examples::APPLY)]
    Apply(ApplyArguments),
    /// Check the current layers, for CI. Exits with 1 if there is a problem; with --strict also on advice.
    #[command(after_help = examples::CHECK)]
    Check(CheckArguments),
    /// Edit BUILD files as a JSON request describes.
    #[command(after_help = examples::EDIT)]
    Edit(EditArguments),
    /// Layerwright's layer rules, for macros that can't build separate layers.
    #[command(subcommand, after_help = examples::RULES)]
    Rules(RulesCommand),
    /// Write a report on an app's layers: HTML, or Markdown for a pull request.
    #[command(after_help = examples::REPORT)]
    Report(ReportArguments),
    /// Build an app's layers with Bazel, locally or remotely, and read their real sizes.
    #[command(after_help = examples::MEASURE)]
    Measure(MeasureArguments),
    /// Show what a built image contains: an OCI layout, a `docker save` tar, or an image in a registry.
    #[command(after_help = examples::IMAGE)]
    Image(ImageArguments),
    /// Trust a workspace, so that its Bazel may run.
    #[command(after_help = examples::TRUST)]
    Trust(TrustArguments),
    /// Show or clear the cache.
    #[command(after_help = examples::CACHE)]
    Cache(CacheArguments),
    /// Write manual pages and shell completions into a folder, for packages.
    #[command(hide = true)]
    Generate(GenerateArguments),
    /// Evaluates packages in a limited process; started by the program itself.
    #[command(hide = true)]
    EvalWorker,
}

#[derive(Debug, Args)]
pub struct AppsArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct GraphArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// Output format.
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,
    /// Compare the graph of the files with Bazel's: list edges that only one of them has.
    #[arg(long)]
    pub compare: bool,
}

#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// A plan file. Default: the groups in the BUILD file.
    #[arg(long, value_name = "FILE", group = "which")]
    pub plan: Option<PathBuf>,
    /// Suggest groups, tuned on the older half of the history and tested on the newer half.
    #[arg(long, group = "which")]
    pub suggest: bool,
    /// Group as another tool does: single-layer, pip-internal, per-package, rules-py, nix or rechunk.
    #[arg(long, value_name = "NAME", value_parser = parse_preset, group = "which")]
    pub preset: Option<Preset>,
    /// Show the plan on linux/amd64 and linux/arm64 side by side.
    #[arg(long)]
    pub both_platforms: bool,
    /// Compare the current groups, all presets and suggestions on the newer half of the history.
    #[arg(long, group = "which")]
    pub compare: bool,
    /// Optimize the order of the groups.
    #[arg(long, conflicts_with = "compare")]
    pub best_order: bool,
    /// Explain why a target, file or package is in its layer.
    #[arg(long, value_name = "LABEL", value_parser = parse_label)]
    pub why: Option<Label>,
    /// List the commits that changed a layer, target, file or package.
    #[arg(long, value_name = "LAYER|LABEL")]
    pub evidence: Option<String>,
    /// Export the plan for other rules: rules-py, rules-img, oci-image or dockerfile.
    #[arg(long, value_name = "NAME", value_parser = parse_dialect, conflicts_with_all = ["compare", "both_platforms"])]
    pub dialect: Option<Dialect>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct ReplayArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label or a unique name. Repeat for several apps on one node.
    #[arg(long, value_name = "LABEL", required_unless_present = "fleet")]
    pub app: Vec<String>,
    /// Replay all Python apps of the workspace on one node.
    #[arg(long, conflicts_with = "app")]
    pub fleet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub counting: CountingArguments,
    /// A plan file for the series `plan`, with a single app. Default: the groups in the BUILD file.
    #[arg(long, value_name = "FILE", conflicts_with = "fleet")]
    pub plan: Option<PathBuf>,
    /// Add the series `suggested`, as `plan --suggest` recommends.
    #[arg(long)]
    pub suggest: bool,
    /// List every deploy with its commit (text only).
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct ApplyArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// The plan file to write.
    #[arg(long, value_name = "FILE", required_unless_present = "suggest", conflicts_with = "suggest")]
    pub plan: Option<PathBuf>,
    /// Write the suggested groups, if they save enough.
    #[arg(long)]
    pub suggest: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    /// Print the diff without writing.
    #[arg(long)]
    pub dry_run: bool,
    /// Allow dropping the comments that the refusal lists.
    #[arg(long)]
    pub drop_comments: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub formatting: FormattingArgument,
    /// After writing, load the changed packages with Bazel (trusted workspaces only); undo the change if that fails.
    #[arg(long)]
    pub ask_bazel: bool,
    /// Remove libraries of former layers that nothing else uses; prints why others stay.
    #[arg(long)]
    pub remove_unused_libraries: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label or a unique name. Default: all apps.
    #[arg(long, value_name = "LABEL")]
    pub app: Option<String>,
    /// Fail on advice too, such as a costly order or a layer that is too small.
    #[arg(long)]
    pub strict: bool,
    /// Report a problem if the current layers cost this many percent more than the suggested ones, on the newer half of
    /// the history.
    #[arg(long, value_name = "PERCENT")]
    pub max_over_suggested: Option<u32>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub counting: CountingArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct EditArguments {
    /// The workspace: its root or any folder in it. Default: the current folder.
    pub workspace: Option<PathBuf>,
    /// The request: a JSON file with `package` and `edits`.
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
    /// Print the diff without writing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub formatting: FormattingArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// The file to write: FILE.html or FILE.md. Overwrites only earlier reports.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A plan file. Default: the groups in the BUILD file.
    #[arg(long, value_name = "FILE", conflicts_with = "suggest")]
    pub plan: Option<PathBuf>,
    /// Report on the suggested groups, if they save enough.
    #[arg(long)]
    pub suggest: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Add the rules to the workspace and make its macros use them.
    Install(RulesInstallArguments),
}

#[derive(Debug, Args)]
pub struct RulesInstallArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The folder for the rules, relative to the workspace's root.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_FOLDER)]
    pub folder: String,
    /// Change only the macro of this app: a label or a unique name. Default: the macros of all apps.
    #[arg(long, value_name = "LABEL", conflicts_with = "files_only")]
    pub app: Option<String>,
    /// Add the files of the rules without changing a macro.
    #[arg(long)]
    pub files_only: bool,
    /// Allow dropping the comments that the refusal lists.
    #[arg(long)]
    pub drop_comments: bool,
    /// After writing, load the result with Bazel (trusted workspaces only); undo the change if that fails.
    #[arg(long)]
    pub ask_bazel: bool,
    /// Print the diff without writing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct MeasureArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
    /// Flags for `bazel build`, after two dashes: `-- --config=remote --platforms=//tools:linux_x86_64`.
    #[arg(last = true, value_name = "FLAGS")]
    pub flags: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ImageArguments {
    /// An OCI image layout (folder or tar), a `docker save` tar, or a registry image as HOST/REPOSITORY:TAG or
    /// HOST/REPOSITORY@DIGEST. Layers in a registry are not downloaded.
    #[arg(value_name = "IMAGE")]
    pub image: PathBuf,
    /// The image's platform, such as linux/arm64. Default: the only one in IMAGE, else linux/amd64.
    #[arg(long, value_name = "OS/ARCH")]
    pub platform: Option<ImagePlatform>,
    /// The name of the image, if IMAGE contains several.
    #[arg(long)]
    pub name: Option<String>,
    /// Another image: show what a node that has IMAGE pulls for it, per runtime.
    #[arg(long, value_name = "IMAGE")]
    pub compare: Option<PathBuf>,
    /// The workspace that the image was built from: compare its estimates with IMAGE.
    #[arg(long, value_name = "WORKSPACE", requires = "app")]
    pub against: Option<PathBuf>,
    /// The app that the image was built for: a label or a unique name.
    #[arg(long, value_name = "LABEL", requires = "against")]
    pub app: Option<String>,
    /// A folder with installed packages (`site-packages`) or wheels. Repeatable.
    #[arg(long, value_name = "DIR", requires = "against")]
    pub site: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub fetching: FetchArgument,
    /// List every file of every layer and all duplicates (JSON only).
    #[arg(long)]
    pub files: bool,
    /// Use plain HTTP. Registries on this machine always do.
    #[arg(long)]
    pub plain_http: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct TrustArguments {
    /// The workspace: its root or any folder in it. Default: the current folder.
    pub workspace: Option<PathBuf>,
    /// Stop trusting it.
    #[arg(long)]
    pub forget: bool,
    /// List the trusted workspaces.
    #[arg(long, conflicts_with_all = ["forget", "workspace"])]
    pub list: bool,
}

#[derive(Debug, Args)]
pub struct CacheArguments {
    /// Delete its contents.
    #[arg(long)]
    pub clear: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// The folder for `man/` and `completions/`.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// Readable text.
    Text,
    /// One JSON document with a `schema` field.
    Json,
    /// Graphviz.
    Dot,
}
