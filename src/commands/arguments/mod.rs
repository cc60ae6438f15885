//! The command line: what can be asked for, and its help. Decides nothing.

mod parsers;
mod shared;

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::advice::presets::Preset;
use crate::built_image::model::ImagePlatform;
use crate::commands::arguments::parsers::{parse_dialect, parse_label, parse_preset};

pub use crate::commands::arguments::shared::{
    AdviceArguments, AppArguments, BazelArguments, CompressionArgument, CountingArguments, Format, FormattingArgument,
    OutputArgument, ProfileArgument, SourceArgument, SourceArguments, WorkspaceArgument,
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
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Say more on standard error: -v what is done, -vv everything.
    #[arg(short, long, action = clap::ArgAction::Count, global = true, display_order = 900)]
    pub verbose: u8,
    /// The workspace to open: its root or any folder in it.
    pub workspace: Option<PathBuf>,
    /// The app to open: a label, or a name that only one app has.
    #[arg(long, value_name = "LABEL")]
    pub app: Option<String>,
    /// Evaluate every BUILD file: use nothing that earlier starts kept, and keep nothing.
    #[arg(long)]
    pub no_cache: bool,
}

impl Arguments {
    /// Reads the command line; wrong use ends the program with a message. What belongs to the window is no part of a
    /// command, but `-v` may stand before one.
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

/// The headless commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the apps and the layers that they have now.
    #[command(after_help = examples::APPS)]
    Apps(AppsArguments),
    /// Print everything that an app's binary depends on.
    #[command(after_help = examples::GRAPH)]
    Graph(GraphArguments),
    /// Show what an app's layers hold and cost: as they are, or as a plan file would make them.
    #[command(after_help = examples::PLAN)]
    Plan(PlanArguments),
    /// Replay the repository's own deploys: what a node would have fetched and unpacked, in one layer, as it is, with a plan.
    #[command(after_help = examples::REPLAY)]
    Replay(ReplayArguments),
    /// Write a plan into the BUILD files.
    #[command(after_help = examples::APPLY)]
    Apply(ApplyArguments),
    /// Say what is wrong with the present layers; for CI. Exit status 1 when there is a problem, with --strict also on advice.
    #[command(after_help = examples::CHECK)]
    Check(CheckArguments),
    /// Make one set of BUILD edits from a JSON request.
    #[command(after_help = examples::EDIT)]
    Edit(EditArguments),
    /// The layer rules of Layerwright, for a workspace whose own macro makes no true layers.
    #[command(subcommand, after_help = examples::RULES)]
    Rules(RulesCommand),
    /// Write a report on an app's layers into one file: HTML, or Markdown for a pull request.
    #[command(after_help = examples::REPORT)]
    Report(ReportArguments),
    /// Have Bazel build an app's layers, on your build cluster where you have one, and read their real sizes.
    #[command(after_help = examples::MEASURE)]
    Measure(MeasureArguments),
    /// Show what a built image really holds: an OCI layout, a tar written by `docker save`, or an image in a registry.
    #[command(after_help = examples::IMAGE)]
    Image(ImageArguments),
    /// Say that a workspace is trusted, so that its Bazel may be run.
    #[command(after_help = examples::TRUST)]
    Trust(TrustArguments),
    /// Show what is kept between starts, or clear it.
    #[command(after_help = examples::CACHE)]
    Cache(CacheArguments),
    /// Writes manual pages and shell completions into a folder; for packages.
    #[command(hide = true)]
    Generate(GenerateArguments),
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
    /// Read the files and ask Bazel, and list the edges that only one of them has.
    #[arg(long)]
    pub compare: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// A plan file; without it the plan is what the BUILD file says now.
    #[arg(long, value_name = "FILE", group = "which")]
    pub plan: Option<PathBuf>,
    /// Suggest groups: found on the older half of the history, judged on the newer half.
    #[arg(long, group = "which")]
    pub suggest: bool,
    /// The groups that another tool's rule would make: single-layer, pip-internal, per-package, rules-py, nix or rechunk.
    #[arg(long, value_name = "NAME", value_parser = parse_preset, group = "which")]
    pub preset: Option<Preset>,
    /// Ask the package index for sizes that nothing here knows; it hears the packages' names. Without a URL the index is the
    /// one that the lock names, else pip's, else the public one. Answers are remembered.
    #[arg(long, value_name = "URL", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub ask_index: Option<String>,
    /// Also the plan's figures on linux/amd64 and linux/arm64, side by side.
    #[arg(long)]
    pub both_platforms: bool,
    /// Compare the present groups, every preset and suggestions on the newer half of the history.
    #[arg(long, group = "which")]
    pub compare: bool,
    /// Put the groups of the plan into the order that costs least.
    #[arg(long, conflicts_with = "compare")]
    pub best_order: bool,
    /// Also why a target, file or package is in its layer: the path of dependencies, and which layers above wanted it too.
    #[arg(long, value_name = "LABEL", value_parser = parse_label)]
    pub why: Option<Label>,
    /// Also the commits that changed a layer, target, file or package.
    #[arg(long, value_name = "LAYER|LABEL")]
    pub evidence: Option<String>,
    /// The plan as text to paste for rules-py, rules-img, oci-image or dockerfile, with what these can't say.
    #[arg(long, value_name = "NAME", value_parser = parse_dialect, conflicts_with_all = ["compare", "both_platforms"])]
    pub dialect: Option<Dialect>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label, or a name that only one app has. Given several times, these apps run on one node.
    #[arg(long, value_name = "LABEL", required_unless_present = "fleet")]
    pub app: Vec<String>,
    /// All Python apps of the workspace on one node.
    #[arg(long, conflicts_with = "app")]
    pub fleet: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub counting: CountingArguments,
    /// A plan file for the series `plan`; without it the plan is what the BUILD file says now. For one app only.
    #[arg(long, value_name = "FILE", conflicts_with = "fleet")]
    pub plan: Option<PathBuf>,
    /// Also the series `suggested`: the groups that `plan --suggest` recommends.
    #[arg(long)]
    pub suggest: bool,
    /// As text: also every deploy, with its commit.
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
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
    #[arg(long, value_name = "FILE", required_unless_present = "suggest", conflicts_with = "suggest")]
    pub plan: Option<PathBuf>,
    /// Write the suggested groups, if they pay.
    #[arg(long)]
    pub suggest: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
    /// Show the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Agree that the comments go which the refusal without this option names.
    #[arg(long)]
    pub drop_comments: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub formatting: FormattingArgument,
    /// Once it is written, have the Bazel of a trusted workspace load the changed packages; if it can't, the change is taken back.
    #[arg(long)]
    pub ask_bazel: bool,
    /// Also remove the libraries of former layers that nothing else uses; what stays is said with its reason.
    #[arg(long)]
    pub remove_unused_libraries: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label, or a name that only one app has. All apps by default.
    #[arg(long, value_name = "LABEL")]
    pub app: Option<String>,
    /// Fail on advice too: what works, but gives something away, such as a costly order or a layer that is too small.
    #[arg(long)]
    pub strict: bool,
    /// Also a problem: present layers that cost more than this many percent over the suggested ones, on the newer half of
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

/// Arguments of `edit`.
#[derive(Debug, Args)]
pub struct EditArguments {
    /// The workspace: its root or any folder in it; the current folder's by default.
    pub workspace: Option<PathBuf>,
    /// A JSON file with `package` and `edits`.
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
    /// Show the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub formatting: FormattingArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    /// The file to write: FILE.html, or FILE.md. A file that is no report is never overwritten.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A plan file; without it the report is on what the BUILD file says now.
    #[arg(long, value_name = "FILE", conflicts_with = "suggest")]
    pub plan: Option<PathBuf>,
    /// Report on the suggested groups, if they pay.
    #[arg(long)]
    pub suggest: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub advice: AdviceArguments,
}

/// What is done with the layer rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Put the rules into the workspace and wire its own macro to them.
    Install(RulesInstallArguments),
}

/// Arguments of `rules install`.
#[derive(Debug, Args)]
pub struct RulesInstallArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The folder for the rules, relative to the workspace's root.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_FOLDER)]
    pub folder: String,
    /// Wire the macro of this app alone: a label, or a name that only one app has. By default those of all apps.
    #[arg(long, value_name = "LABEL", conflicts_with = "files_only")]
    pub app: Option<String>,
    /// Put only the files of the rules there, and change no macro.
    #[arg(long)]
    pub files_only: bool,
    /// Agree that the comments go which the refusal without this option names.
    #[arg(long)]
    pub drop_comments: bool,
    /// Once it is written, have the Bazel of a trusted workspace load the result; if it can't, the change is taken back.
    #[arg(long)]
    pub ask_bazel: bool,
    /// Show the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `measure`.
#[derive(Debug, Args)]
pub struct MeasureArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub app: AppArguments,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
    /// Flags for `bazel build`, behind two dashes: `-- --config=remote --platforms=//tools:linux_x86_64`.
    #[arg(last = true, value_name = "FLAGS")]
    pub flags: Vec<String>,
}

/// Arguments of `image`.
#[derive(Debug, Args)]
pub struct ImageArguments {
    /// An OCI image layout (folder or tar), a tar written by `docker save`, or an image in a registry as
    /// HOST/REPOSITORY:TAG or HOST/REPOSITORY@DIGEST, of which no layer is fetched.
    #[arg(value_name = "IMAGE")]
    pub image: PathBuf,
    /// The image's platform, such as linux/arm64; by default the only one that there is, else linux/amd64.
    #[arg(long, value_name = "OS/ARCH")]
    pub platform: Option<ImagePlatform>,
    /// The name that the image was stored under, where several are in IMAGE.
    #[arg(long)]
    pub name: Option<String>,
    /// Another image: what a node that has the first one fetches for it, under each pull profile.
    #[arg(long, value_name = "IMAGE")]
    pub compare: Option<PathBuf>,
    /// The workspace that the image was built from: how far off its estimates are.
    #[arg(long, value_name = "WORKSPACE", requires = "app")]
    pub against: Option<PathBuf>,
    /// The app in that workspace that the image was built for: a label, or a name that only one app has.
    #[arg(long, value_name = "LABEL", requires = "against")]
    pub app: Option<String>,
    /// A folder with installed packages (`site-packages`) or wheels, as for `plan`; may be given several times.
    #[arg(long, value_name = "DIR", requires = "against")]
    pub site: Vec<PathBuf>,
    /// With JSON: every file of every layer, and all duplicates.
    #[arg(long)]
    pub files: bool,
    /// Ask registries without encryption. This machine's own are asked so anyway.
    #[arg(long)]
    pub plain_http: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `trust`.
#[derive(Debug, Args)]
pub struct TrustArguments {
    /// The workspace: its root or any folder in it; the current folder's by default.
    pub workspace: Option<PathBuf>,
    /// Take it back.
    #[arg(long)]
    pub forget: bool,
    /// List the workspaces that are trusted, and change nothing.
    #[arg(long, conflicts_with_all = ["forget", "workspace"])]
    pub list: bool,
}

/// Arguments of `cache`.
#[derive(Debug, Args)]
pub struct CacheArguments {
    /// Take all of it away.
    #[arg(long)]
    pub clear: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub output: OutputArgument,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// The folder that gets `man/` and `completions/`.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
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
