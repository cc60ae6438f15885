//! The examples below each command's help. They are run by `tests/documentation.rs` on the bundled demo's workspace.

/// Below the help of the program itself.
pub(super) const PROGRAM: &str = "\
Start here:
  layerwright                          the window, on the bundled demo
  layerwright path/to/workspace        the window, on your workspace
  layerwright apps path/to/workspace   its apps and their current layers
  layerwright help plan                help and examples for a command

Each size says where it comes from: measured in a built image, packed here, listed by a lock file, or estimated.

Exit status: 0 done, 1 problems found (`check`), 2 refused or wrong usage, 3 git, Bazel or the disk failed.
Settings, caches and unapplied plans are stored in the platform's folders (on Linux XDG_CONFIG_HOME, XDG_CACHE_HOME and
XDG_STATE_HOME). Only `apply`, `edit` and `rules` write into a workspace.";

pub(super) const APPS: &str = "\
Examples:
  layerwright apps .
  layerwright apps . --format json";

pub(super) const GRAPH: &str = "\
Examples:
  layerwright graph . --app //demo/price_api:price-api
  layerwright graph . --app price-api --format dot";

pub(super) const TRUST: &str = "\
Examples:
  layerwright trust .
  layerwright trust --list
  layerwright trust . --forget

Required by `--source bazel`, `graph --compare` and `apply --ask-bazel`, which run the workspace's Bazel.";

pub(super) const CACHE: &str = "\
Examples:
  layerwright cache
  layerwright cache --clear

The cache contains evaluated BUILD files and packed sizes. After clearing it, the next start is slower.";

pub(super) const PLAN: &str = "\
Examples:
  layerwright plan . --app //demo/price_api:price-api
  layerwright plan . --app price-api --plan plan.toml
  layerwright plan . --app price-api --suggest --max-layers 2
  layerwright plan . --app price-api --compare
  layerwright plan . --app price-api --profile chain --format json
  layerwright plan . --app price-api --suggest --dialect oci-image

A plan file is TOML, lowest layer first: one [[layer]] per group with `name` and `targets`.";

pub(super) const REPLAY: &str = "\
Examples:
  layerwright replay . --app //demo/price_api:price-api
  layerwright replay . --app price-api --plan plan.toml --every 5 --list
  layerwright replay . --app price-api --tags 'v*' --format json";

pub(super) const APPLY: &str = "\
Examples:
  layerwright apply . --app //demo/price_api:price-api --plan plan.toml --dry-run
  layerwright apply . --app price-api --suggest --dry-run

Writes all files or none. An edit that can't be made safely is refused with its place and reason.";

pub(super) const CHECK: &str = "\
Examples:
  layerwright check .
  layerwright check . --app price-api --max-over-suggested 20 --format json";

pub(super) const RULES: &str = "\
Examples:
  layerwright rules install . --dry-run
  layerwright rules install . --folder bazel/layers --dry-run

Writes all files or none. A macro that can't be changed safely is refused with the line in the way.";

pub(super) const EDIT: &str = "\
Examples:
  layerwright edit . --request request.json --dry-run

The request names one package and its edits, such as
  {\"package\": \"demo/price_api\", \"edits\": [{\"op\": \"add_py_library\", \"name\": \"pip_deps_layer\", \"deps\": [\"@pypi//:fastapi\"]}]}";

pub(super) const IMAGE: &str = "\
Examples:
  layerwright image ../image
  layerwright image ../image --against . --app price-api --format json";

pub(super) const MEASURE: &str = "\
Examples:
  layerwright measure . --app price-api --trust
  layerwright measure . --app price-api --trust -- --config=remote --platforms=//tools:linux_x86_64

Flags after two dashes go to Bazel. Nothing is downloaded. `plan` and the window use the measured sizes as long as the layers
contain the same files and packages.";

pub(super) const REPORT: &str = "\
Examples:
  layerwright report . --app //demo/price_api:price-api --out ../report.html
  layerwright report . --app price-api --plan plan.toml --out ../report.md
  layerwright report . --app price-api --suggest --out ../suggested.html

A single page without scripts or external files, light or dark, ready to print.";
