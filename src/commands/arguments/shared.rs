//! Arguments that several commands share, and what they mean to the rest of the program.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::advice::objective::{Objective, Weights};
use crate::advice::suggest::Wish;
use crate::commands::arguments::parsers::{parse_permille, parse_platform, parse_since, parse_tags, parse_weights};
use crate::engine::choices::Choices;
use crate::engine::choices::DEFAULT_COMMITS;
use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::request::Window;
use crate::layers::compression::Compression;
use crate::layers::findings::LAYER_LIMIT;
use crate::workspace::platform::Platform;

/// What a suggestion is asked for.
#[derive(Debug, Args)]
pub struct AdviceArguments {
    /// With suggestions: at most so many groups. Two or three are usually all that pays.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub max_layers: usize,
    /// With suggestions: what each group must save, in percent of the cost without it; at least 64 kB a deploy, what a
    /// request costs. 0: every group that saves anything.
    #[arg(long, value_name = "PERCENT", value_parser = parse_permille, default_value = "5")]
    pub layer_gain: u32,
    /// With suggestions: what a change of the present groups must save on commits that the suggestion has not seen, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = parse_permille, default_value = "5")]
    pub plan_gain: u32,
    /// With suggestions: what a byte of first pull, re-pull and unpacking counts.
    #[arg(long, value_name = "FIRST,REPULL,UNPACK", value_parser = parse_weights, default_value = "0,100,1")]
    pub weights: Weights,
}

/// Whether changed files are formatted as a whole.
#[derive(Debug, Args)]
pub struct FormattingArgument {
    /// Format each changed file as a whole with buildifier: the one on the search path, or PROGRAM. By default only what the
    /// edit changes is written, and the rest stays as it is.
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "buildifier")]
    pub buildifier: Option<PathBuf>,
}

/// Which workspace, and who says what its targets are.
#[derive(Debug, Default, Args)]
pub struct WorkspaceArgument {
    /// The workspace: its root or any folder in it; the current folder's by default.
    pub workspace: Option<PathBuf>,
    /// Evaluate every BUILD file: use nothing that earlier starts kept, and keep nothing.
    #[arg(long)]
    pub no_cache: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub source: SourceArguments,
}

/// Who says what the targets are.
#[derive(Clone, Debug, Default, Args)]
pub struct SourceArguments {
    /// Where the targets come from.
    #[arg(long, value_enum, default_value_t)]
    pub source: SourceArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub bazel: BazelArguments,
}

/// The sources on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SourceArgument {
    /// The files, evaluated here: nothing of the workspace is run.
    #[default]
    Read,
    /// `bazel query`, in a workspace that you trust.
    Bazel,
}

/// Which Bazel, and whether it may run. For commands that start it.
#[derive(Clone, Debug, Default, Args)]
pub struct BazelArguments {
    /// This workspace is trusted for this one time: Bazel runs its code. `layerwright trust` remembers it.
    #[arg(long)]
    pub trust: bool,
    /// The Bazel to run, with arguments if wanted; by default LAYERWRIGHT_BAZEL, else bazelisk or bazel on PATH, else
    /// the workspace's tools/bazel.
    #[arg(long, value_name = "COMMAND")]
    pub bazel: Option<String>,
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
    #[command(flatten)]
    #[allow(missing_docs)]
    pub counting: CountingArguments,
}

/// How numbers are counted.
#[derive(Debug, Args)]
pub struct CountingArguments {
    /// The client that pulls.
    #[arg(long, value_enum, default_value_t = ProfileArgument::Keep)]
    pub profile: ProfileArgument,
    /// The image's platform, such as linux/amd64 or linux/arm64.
    #[arg(long, value_parser = parse_platform, default_value = "linux/amd64")]
    pub platform: Platform,
    /// What the registry stores layers as; by default what the workspace's own rules make.
    #[arg(long, value_enum, default_value_t = CompressionArgument::Rules)]
    pub compression: CompressionArgument,
    /// A folder with installed packages (`site-packages`) or wheels; may be given several times. The workspace's `.venv`,
    /// Bazel's external repositories and uv's cache are looked at anyway.
    #[arg(long, value_name = "DIR")]
    pub site: Vec<PathBuf>,
    /// How many commits of history are looked at; 0 for all.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_COMMITS)]
    pub commits: usize,
    /// Look at the commits since this day (UTC) instead, such as 2026-01-31.
    #[arg(long, value_name = "DATE", value_parser = parse_since, conflicts_with = "commits")]
    pub since: Option<i64>,
    /// Deploy at every N-th commit; by default at every one. A deploy that changes nothing of the app is never counted.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), group = "cadence")]
    pub every: Option<u32>,
    /// Deploy at the end of every day (UTC).
    #[arg(long, group = "cadence")]
    pub daily: bool,
    /// Deploy at every tag that matches, such as 'v*'.
    #[arg(long, value_name = "GLOB", value_parser = parse_tags, group = "cadence")]
    pub tags: Option<String>,
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

impl Format {
    /// Whether JSON was asked for.
    #[must_use]
    pub fn is_json(self) -> bool {
        self == Self::Json
    }
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
    /// What the workspace's own rules make, as far as they show it; else gzip.
    Rules,
    /// The tar as it is.
    None,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

impl AdviceArguments {
    /// The wish that they say, for one client.
    #[must_use]
    pub fn wish(&self, choices: &Choices) -> Wish {
        Wish {
            objective: Objective { profile: choices.profile, weights: self.weights },
            max_layers: self.max_layers.min(LAYER_LIMIT),
            layer_gain_permille: self.layer_gain,
            plan_gain_permille: self.plan_gain,
        }
    }
}

impl CountingArguments {
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
                CompressionArgument::Rules => None,
                CompressionArgument::None => Some(Compression::None),
                CompressionArgument::Gzip => Some(Compression::Gzip),
                CompressionArgument::Zstd => Some(Compression::Zstd),
            },
            sites: self.site.clone(),
            window: match (self.since, self.commits) {
                (Some(moment), _) => Window::Since(moment),
                (None, 0) => Window::All,
                (None, commits) => Window::Commits(commits),
            },
            cadence: match (self.every, self.daily, &self.tags) {
                (Some(every), ..) => Cadence::EveryN(every as usize),
                (None, true, _) => Cadence::PerDay,
                (None, false, Some(glob)) => Cadence::Tags(glob.clone()),
                (None, false, None) => Cadence::EveryCommit,
            },
            ..Choices::default()
        }
    }
}
