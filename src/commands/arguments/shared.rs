//! Arguments that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::advice::objective::{Objective, Weights};
use crate::advice::suggest::SuggestOptions;
use crate::commands::arguments::parsers::{parse_permille, parse_platform, parse_since, parse_tags, parse_weights};
use crate::engine::choices::Choices;
use crate::engine::choices::DEFAULT_COMMITS;
use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::request::Window;
use crate::layers::compression::Compression;
use crate::layers::findings::LAYER_LIMIT;
use crate::workspace::platform::Platform;

#[derive(Debug, Args)]
pub struct AdviceArguments {
    /// Suggestions: maximum number of groups. Two or three are usually enough.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub max_layers: usize,
    /// Suggestions: what each group must save, in percent of the cost without it, and at least 64 kB per deploy. 0
    /// accepts every group that saves anything.
    #[arg(long, value_name = "PERCENT", value_parser = parse_permille, default_value = "5")]
    pub layer_gain: u32,
    /// Suggestions: what a change of the current groups must save on deploys that were not used for tuning, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = parse_permille, default_value = "5")]
    pub plan_gain: u32,
    /// Suggestions: weights of a byte of first pull, re-pull and unpacking.
    #[arg(long, value_name = "FIRST,REPULL,UNPACK", value_parser = parse_weights, default_value = "0,100,1")]
    pub weights: Weights,
}

#[derive(Debug, Args)]
pub struct FormattingArgument {
    /// Format changed files with buildifier from PATH, or with PROGRAM. Default: change only the lines that the edit
    /// needs.
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "buildifier")]
    pub buildifier: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub struct WorkspaceArgument {
    /// The workspace: its root or any folder in it. Default: the current folder.
    pub workspace: Option<PathBuf>,
    /// Evaluate every BUILD file, without reading or writing the cache.
    #[arg(long)]
    pub no_cache: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub source: SourceArguments,
}

#[derive(Clone, Debug, Default, Args)]
pub struct SourceArguments {
    /// How to read the targets.
    #[arg(long, value_enum, default_value_t)]
    pub source: SourceArgument,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub bazel: BazelArguments,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SourceArgument {
    /// Evaluate the files; runs nothing of the workspace.
    #[default]
    Read,
    /// Run `bazel query`, in a trusted workspace.
    Bazel,
}

#[derive(Clone, Debug, Default, Args)]
pub struct BazelArguments {
    /// Trust the workspace for this run, so that Bazel may run its code. `layerwright trust` saves the choice.
    #[arg(long)]
    pub trust: bool,
    /// The Bazel command, with arguments if needed. Default: LAYERWRIGHT_BAZEL, else bazelisk or bazel on PATH, else
    /// the workspace's tools/bazel.
    #[arg(long, value_name = "COMMAND")]
    pub bazel: Option<String>,
}

#[derive(Debug, Args)]
pub struct AppArguments {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub workspace: WorkspaceArgument,
    /// The app: a label or a unique name. Any py_binary works.
    #[arg(long, value_name = "LABEL")]
    pub app: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub counting: CountingArguments,
}

#[derive(Debug, Args)]
pub struct CountingArguments {
    /// The container runtime that pulls.
    #[arg(long, value_enum, default_value_t = ProfileArgument::Keep)]
    pub profile: ProfileArgument,
    /// The image's platform, such as linux/amd64 or linux/arm64.
    #[arg(long, value_parser = parse_platform, default_value = "linux/amd64")]
    pub platform: Platform,
    /// How the registry stores layers. Default: as the workspace's rules make them.
    #[arg(long, value_enum, default_value_t = CompressionArgument::Rules)]
    pub compression: CompressionArgument,
    /// A folder with installed packages (`site-packages`) or wheels. Repeatable. The workspace's `.venv`, Bazel's
    /// external repositories and uv's cache are always searched.
    #[arg(long, value_name = "DIR")]
    pub site: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub fetching: FetchArgument,
    /// How many commits of history to read; 0 for all.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_COMMITS)]
    pub commits: usize,
    /// Read the commits since this day (UTC) instead, such as 2026-01-31.
    #[arg(long, value_name = "DATE", value_parser = parse_since, conflicts_with = "commits")]
    pub since: Option<i64>,
    /// Deploy at every N-th commit. Default: every commit. Deploys that don't change the app never count.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), group = "cadence")]
    pub every: Option<u32>,
    /// Deploy at the end of every day (UTC).
    #[arg(long, group = "cadence")]
    pub daily: bool,
    /// Deploy at every tag that matches, such as 'v*'.
    #[arg(long, value_name = "GLOB", value_parser = parse_tags, group = "cadence")]
    pub tags: Option<String>,
}

/// Whether an index is asked for sizes.
#[derive(Debug, Default, Args)]
pub struct FetchArgument {
    /// Fetch unknown sizes from a package index. Sends package names; receives file sizes. Without URL: the index that the
    /// lock file names, else pip's, else the public index. Answers are cached.
    #[arg(
        long,
        alias = "ask-index",
        value_name = "URL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub fetch_sizes: Option<String>,
}

#[derive(Debug, Args)]
pub struct OutputArgument {
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Readable text.
    Text,
    /// One JSON document with a `schema` field.
    Json,
}

impl Format {
    #[must_use]
    pub fn is_json(self) -> bool {
        self == Self::Json
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArgument {
    /// containerd, Docker 29 and later: pulls changed layers only.
    Keep,
    /// Classic Docker, many managed clusters: pulls every layer from the lowest changed one up.
    Chain,
    /// Podman, CRI-O: pulls changed layers, unpacks the others from local storage.
    Reuse,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompressionArgument {
    /// As the workspace's rules make them, where known; else gzip.
    Rules,
    /// Uncompressed.
    None,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

impl AdviceArguments {
    #[must_use]
    pub fn options(&self, choices: &Choices) -> SuggestOptions {
        SuggestOptions {
            objective: Objective { profile: choices.profile, weights: self.weights },
            max_layers: self.max_layers.min(LAYER_LIMIT),
            layer_gain_permille: self.layer_gain,
            plan_gain_permille: self.plan_gain,
        }
    }
}

impl CountingArguments {
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
