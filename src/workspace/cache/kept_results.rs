//! Cached results of earlier starts and of this one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use super::format::{Kept, KeptFile, KeptResult};
use super::present::Present;
use crate::workspace::evaluate::evaluated::EvaluatedPackage;
use crate::workspace::evaluate::evaluator::EvaluationSetup;
use crate::workspace::evaluate::reads::{Digest, Evaluation, FileState, Reads};
use crate::workspace::module_call::ModuleCall;

/// The state that results are compared with.
pub struct Now<'a> {
    pub present: &'a Present,
    pub setup: &'a EvaluationSetup,
    pub hubs: &'a BTreeMap<String, Digest>,
}

impl Now<'_> {
    /// Returns `true` if everything that the result depends on is unchanged.
    fn holds(&self, result: &KeptResult, kept: &Kept) -> bool {
        let file =
            |at: &usize| kept.files.get(*at).is_some_and(|file| self.present.file(&file.path).state == file.state());
        let listing = |at: &usize| {
            kept.listings.get(*at).is_some_and(|(package, digest)| self.present.listing(package) == *digest)
        };
        result.repositories == self.setup.repositories
            && result.modules.iter().all(|(name, module)| self.setup.modules.get(name) == module.as_ref())
            && result.hubs.iter().all(|(hub, digest)| self.hubs.get(hub) == Some(digest))
            && result.files.iter().all(file)
            && result.listings.iter().all(listing)
    }
}

struct Fresh {
    reads: Reads,
    result: Box<RawValue>,
}

pub struct KeptResults {
    kept: Kept,
    /// There will be a next start.
    is_kept: bool,
    used_modules: BTreeSet<String>,
    used_packages: BTreeSet<String>,
    fresh_modules: BTreeMap<String, Fresh>,
    fresh_packages: BTreeMap<String, Fresh>,
    is_changed: bool,
}

impl KeptResults {
    /// New results are kept only if `is_kept`.
    #[must_use]
    pub fn new(kept: Kept, is_kept: bool) -> Self {
        Self {
            kept,
            is_kept,
            used_modules: BTreeSet::new(),
            used_packages: BTreeSet::new(),
            fresh_modules: BTreeMap::new(),
            fresh_packages: BTreeMap::new(),
            is_changed: false,
        }
    }

    /// If it still holds.
    pub fn package(&mut self, path: &str, now: &Now<'_>) -> Option<Evaluation<EvaluatedPackage>> {
        let result = self.kept.packages.get(path).filter(|result| now.holds(result, &self.kept))?;
        let evaluation = parse(result)?;
        self.used_packages.insert(path.to_owned());
        Some(evaluation)
    }

    /// If it still holds.
    pub fn module_file(&mut self, path: &str, now: &Now<'_>) -> Option<Evaluation<Vec<ModuleCall>>> {
        let result = self.kept.module_files.get(path).filter(|result| now.holds(result, &self.kept))?;
        let evaluation = parse(result)?;
        let reads = result.reads(&self.kept.files, &self.kept.listings);
        let evaluation = Evaluation { reads, ..evaluation };
        self.used_modules.insert(path.to_owned());
        Some(evaluation)
    }

    pub fn take_package(&mut self, path: &str, evaluation: &Evaluation<EvaluatedPackage>) {
        self.is_changed = true;
        if self.is_kept {
            self.fresh_packages.extend(fresh(evaluation).map(|fresh| (path.to_owned(), fresh)));
        }
    }

    pub fn take_module_file(&mut self, path: &str, evaluation: &Evaluation<Vec<ModuleCall>>) {
        self.is_changed = true;
        if self.is_kept {
            self.fresh_modules.extend(fresh(evaluation).map(|fresh| (path.to_owned(), fresh)));
        }
    }

    /// `None` if nothing changed.
    #[must_use]
    pub fn next(self, present: &Present) -> Option<Kept> {
        // Results that nobody asked for belong to removed files.
        let is_left = self.used_packages.len() < self.kept.packages.len()
            || self.used_modules.len() < self.kept.module_files.len();
        let has_new_stamp = |file: &KeptFile| present.file(&file.path).has_new_stamp;
        if !self.is_changed && !is_left && !self.kept.files.iter().any(has_new_stamp) {
            return None;
        }
        let Kept { files, listings, module_files, packages, .. } = self.kept;
        let old = |result: KeptResult| Some(Fresh { reads: result.reads(&files, &listings)?, result: result.result });
        let mut next = Next { present, kept: Kept::default(), files: BTreeMap::new(), listings: BTreeMap::new() };
        let modules = module_files.into_iter().filter(|(path, _)| self.used_modules.contains(path));
        let modules = modules.filter_map(|(path, result)| Some((path, old(result)?))).chain(self.fresh_modules);
        let modules = modules.filter_map(|(path, fresh)| Some((path, next.result(fresh)?))).collect();
        next.kept.module_files = modules;
        let packages = packages.into_iter().filter(|(path, _)| self.used_packages.contains(path));
        let packages = packages.filter_map(|(path, result)| Some((path, old(result)?))).chain(self.fresh_packages);
        let packages = packages.filter_map(|(path, fresh)| Some((path, next.result(fresh)?))).collect();
        next.kept.packages = packages;
        Some(next.kept)
    }
}

/// The read files are already in the cache.
fn parse<T: DeserializeOwned>(result: &KeptResult) -> Option<Evaluation<T>> {
    let (result, by_text) = serde_json::from_str(result.result.get()).ok()?;
    Some(Evaluation { result, by_text, reads: None })
}

fn fresh<T: Serialize>(evaluation: &Evaluation<T>) -> Option<Fresh> {
    let reads = evaluation.reads.clone()?;
    Some(Fresh { reads, result: to_raw_value(&(&evaluation.result, &evaluation.by_text)).ok()? })
}

struct Next<'a> {
    present: &'a Present,
    kept: Kept,
    /// Positions in the lists of `kept`.
    files: BTreeMap<String, usize>,
    listings: BTreeMap<String, usize>,
}

impl Next<'_> {
    /// `None` if a file changed meanwhile or is never stable.
    fn result(&mut self, fresh: Fresh) -> Option<KeptResult> {
        let Reads { files, listings, hubs, modules, repositories } = fresh.reads;
        let is_steady =
            files.iter().all(|(path, state)| *state != FileState::Unsteady && self.present.file(path).state == *state)
                && listings.iter().all(|(package, digest)| self.present.listing(package) == *digest);
        if !is_steady {
            return None;
        }
        let files = files.into_keys().map(|path| self.file(path)).collect();
        let listings = listings.into_iter().map(|(package, digest)| self.listing(package, digest)).collect();
        Some(KeptResult { files, listings, hubs, modules, repositories, result: fresh.result })
    }

    fn file(&mut self, path: String) -> usize {
        if let Some(at) = self.files.get(&path) {
            return *at;
        }
        let looked = self.present.file(&path);
        let text = match looked.state {
            FileState::Text(digest) => Some(digest),
            FileState::Missing | FileState::Unsteady => None,
        };
        let at = self.kept.files.len();
        self.kept.files.push(KeptFile { path: path.clone(), text, stamp: looked.stamp });
        self.files.insert(path, at);
        at
    }

    fn listing(&mut self, package: String, digest: Digest) -> usize {
        if let Some(at) = self.listings.get(&package) {
            return *at;
        }
        let at = self.kept.listings.len();
        self.kept.listings.push((package.clone(), digest));
        self.listings.insert(package, at);
        at
    }
}
