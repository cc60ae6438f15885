//! Messages between parent and child.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::workspace::evaluate::evaluated::EvaluatedPackage;
use crate::workspace::evaluate::evaluator::EvaluationSetup;
use crate::workspace::evaluate::reads::Evaluation;
use crate::workspace::module_call::ModuleCall;

/// The hidden subcommand of the child.
pub const SUBCOMMAND: &str = "eval-worker";

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    Begin { root: PathBuf, setup: EvaluationSetup, changed: BTreeMap<String, String> },
    Package { package: String, path: String },
    ModuleFile { path: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Begun,
    Package(Evaluation<EvaluatedPackage>),
    ModuleFile(Evaluation<Vec<ModuleCall>>),
}
