//! Reads a workspace: walks folders, reads lock files and lengths of source files; the evaluator is given. Does IO.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::apps::apps_of;
use super::disk_tree::DiskTree;
use super::evaluate::evaluated::EvaluatedPackage;
use super::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use super::evaluate::models::is_modelled;
use super::evaluate::reads::Evaluation;
use super::evaluate::source_tree::SourceTree;
use super::fallback;
use super::lock::borrowed_markers::borrow_markers;
use super::lock::named_by_hash::{has_unnamed_files, name_wheels};
use super::lock::{self, Lock};
use super::model::{Hub, Package, PackageSource, PythonChoice, ReadFinding, SourceFile, Workspace};
use super::module_call::ModuleCall;
use super::module_file::{self, DeclaredHub};
use super::modules::modules;
use super::other_images::other_images;
use super::packages::Packages;
use super::python_version::{full_version, python_version_file, requires_python, version};
use super::repositories::Repositories;
use super::repository_names::{NamingFiles, RepositoryNames};
use super::root::is_root;
use super::toolchain::Toolchains;
use super::walk::{PackagePlace, build_file_name, read_small, walk};
use crate::byte_count::ByteCount;
use crate::jobs::{Progress, Watch};
use crate::label::Label;
use crate::path_text::join;

/// In bytes: the largest real one seen has 2 MB.
const LARGEST_LOCK: u64 = 64 * 1024 * 1024;
/// Files that are summed for a folder of a target.
const MOST_FILES_OF_A_FOLDER: usize = 50_000;
const MOST_INCLUDES: usize = 200;
/// The file of pyenv.
const PYTHON_VERSION_FILE: &str = ".python-version";

#[derive(Debug, Error)]
pub enum ReadError {
    #[error("`{}` is not the root of a Bazel workspace: it has no MODULE.bazel, REPO.bazel, WORKSPACE.bazel or WORKSPACE", root.display())]
    NotARoot { root: PathBuf },
    #[error("reading the workspace was cancelled")]
    Cancelled,
}

/// What can't be read is a finding, never an error.
///
/// # Errors
/// When `root` is no workspace, or `watch` cancels.
pub fn read_workspace(
    root: &Path,
    watch: &dyn Watch,
    evaluator: &mut dyn PackageEvaluator,
) -> Result<Workspace, ReadError> {
    let root = root.canonicalize().map_err(|_| ReadError::NotARoot { root: root.to_owned() })?;
    if !is_root(&root) {
        return Err(ReadError::NotARoot { root });
    }
    watch.report(Progress::uncounted("Looking for packages"));
    let mut workspace = Workspace { root: root.clone(), ..Workspace::default() };
    read_module_files(&mut workspace, evaluator);
    let walked = walk(&root, &workspace.packages.repositories.local, watch);
    workspace.findings.extend(walked.findings);

    let total = walked.packages.len();
    let mut report =
        |done, package: &str| watch.report(Progress::counted(format!("Evaluating //{package}"), done, total));
    let results = evaluator.packages(&walked.packages, &mut report, watch).ok_or(ReadError::Cancelled)?;
    let tree = DiskTree::new(&root);
    let mut evaluated = BTreeMap::new();
    for (place, evaluation) in walked.packages.into_iter().zip(results) {
        let repositories = &workspace.packages.repositories;
        let (package, content) = package_of(&place, evaluation, &tree, repositories, &mut workspace.findings);
        workspace.packages.insert(place.path.clone(), package);
        evaluated.insert(place.path, content);
    }
    if walked.cancelled || watch.is_cancelled() {
        return Err(ReadError::Cancelled);
    }
    watch.report(Progress::uncounted("Looking at source files"));
    add_source_files(&mut workspace, &evaluated);
    workspace.apps = apps(&workspace.packages, &evaluated);
    workspace.findings.sort();
    workspace.findings.dedup();
    Ok(workspace)
}

/// Like [`read_workspace`] for one package; `None` if there is none.
#[must_use]
pub fn read_package(root: &Path, package: &str, evaluator: &mut dyn PackageEvaluator) -> Option<Package> {
    let build_file_name = build_file_name(&root.join(package))?;
    let mut workspace = Workspace { root: root.to_owned(), ..Workspace::default() };
    read_module_files(&mut workspace, evaluator);
    let place = PackagePlace { path: package.to_owned(), build_file_name };
    let evaluation = evaluator.package(&place.path, &place.build_file());
    let repositories = &workspace.packages.repositories;
    Some(package_of(&place, evaluation, &DiskTree::new(root), repositories, &mut workspace.findings).0)
}

fn apps(packages: &Packages, evaluated: &BTreeMap<String, EvaluatedPackage>) -> Vec<super::model::App> {
    let mut apps: Vec<_> = packages
        .iter()
        .filter_map(|(path, package)| Some(apps_of(package, evaluated.get(path)?, packages)))
        .flatten()
        .collect();
    apps.extend(other_images(packages, &apps));
    apps.sort_by(|left, right| (&left.path, left.line).cmp(&(&right.path, right.line)));
    apps
}

/// By evaluation, or if that fails, by its text.
fn package_of(
    place: &PackagePlace,
    evaluation: Evaluation<EvaluatedPackage>,
    tree: &DiskTree,
    repositories: &Repositories,
    findings: &mut Vec<ReadFinding>,
) -> (Package, EvaluatedPackage) {
    let build_file = PathBuf::from(place.build_file());
    let mut package = Package { path: place.path.clone(), build_file: build_file.clone(), ..Package::default() };
    let content = match evaluation.result {
        Ok(evaluated) => {
            findings.extend(evaluated.notes.iter().map(|note| ReadFinding {
                path: build_file.clone(),
                line: Some(note.line),
                code: note.code.clone(),
                message: note.message.clone(),
            }));
            evaluated
        }
        Err(failure) => {
            let message = format!("{} could not be evaluated: {}", build_file.display(), failure.reason);
            let line = (Path::new(&failure.path) == build_file).then_some(failure.line).flatten();
            findings.push(ReadFinding { path: build_file, line, code: failure.code, message });
            package.source = PackageSource::Read { reason: failure.reason };
            let text = || tree.read(&place.build_file()).unwrap_or_default();
            evaluation.by_text.unwrap_or_else(|| fallback::read_package(tree, repositories.at(&place.path), &text()))
        }
    };
    for made in &content.targets {
        package.targets.insert(made.name.clone(), made.target.clone());
    }
    (package, content)
}

/// Evaluates MODULE.bazel and WORKSPACE for what evaluation of packages needs.
fn read_module_files(workspace: &mut Workspace, evaluator: &mut dyn PackageEvaluator) -> EvaluationSetup {
    let root = workspace.root.clone();
    let names = ["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", PYTHON_VERSION_FILE];
    workspace.python_files.extend(names.map(str::to_owned));
    // The workspace's own name is not known yet.
    evaluator.begin(&EvaluationSetup::default());
    let mut files = module_files(workspace, "", evaluator);
    let mut repositories = Repositories::default();
    for (_, calls) in &files {
        repositories.own_names.extend(module_file::own_names(calls));
        let local = module_file::local_repositories(calls).into_iter();
        repositories.local.extend(local.filter(|(_, folder)| is_root(&root.join(folder))));
    }
    if loads_by_own_name(&root, &files, &repositories) {
        evaluator.begin(&EvaluationSetup { repositories: repositories.clone(), ..EvaluationSetup::default() });
        workspace.findings.clear();
        files = module_files(workspace, "", evaluator);
    }
    let lock = std::fs::read_to_string(root.join("MODULE.bazel.lock")).unwrap_or_default();
    workspace.modules = modules(files.iter().flat_map(|(_, calls)| calls), &lock);
    let mut declared: Vec<(String, DeclaredHub)> = Vec::new();
    let read = |path: &str| read_small(&root.join(path));
    let rules_python = workspace.modules.values().find(|module| module.name == "rules_python");
    let toolchains = Toolchains { files: &files, rules_python, read: &read };
    let python = toolchains.choice();
    workspace.python_versions = toolchains.full_versions();
    for (path, calls) in &files {
        let hubs = module_file::hubs(calls, repositories.at(""));
        declared.extend(hubs.into_iter().map(|hub| (path.clone(), hub)));
    }
    let folders: BTreeSet<&String> = repositories.local.values().collect();
    for folder in folders {
        for (path, calls) in module_files(workspace, folder, evaluator) {
            let hubs = module_file::hubs(&calls, repositories.at(folder));
            declared.extend(hubs.into_iter().map(|hub| (path.clone(), hub)));
        }
    }
    workspace.python = python;
    for (path, hub) in for_python(declared, workspace.python.as_ref()) {
        let lock = read_lock(&root, &hub, &path, &mut workspace.findings);
        let DeclaredHub { repository, lock_path, rule_set, downloads, in_workspace, .. } = hub;
        let (lock_path, rule_set) = (lock_path.into(), rule_set.to_owned());
        let hub = Hub { repository: repository.clone(), lock_path, rule_set, downloads, in_workspace, lock };
        workspace.hubs.insert(repository, hub);
    }
    learn_from_other_locks(workspace);
    if workspace.python.is_none() {
        workspace.python = python_beside(workspace);
    }
    workspace.repository_names = RepositoryNames::new(NamingFiles {
        bazel_version: read(".bazelversion").as_deref(),
        bazelrc: read(".bazelrc").as_deref(),
        has_module: root.join("MODULE.bazel").is_file(),
        own_names: &repositories.own_names,
    });
    workspace.packages.repositories.clone_from(&repositories);
    let hubs = workspace.hubs.iter().map(|(name, hub)| (name.clone(), package_names(&hub.lock))).collect();
    let modelled = workspace.modules.iter().filter(|(_, module)| is_modelled(&module.name));
    let modules = modelled.map(|(repository, module)| (repository.clone(), module.clone())).collect();
    let setup = EvaluationSetup { repositories, hubs, modules };
    evaluator.begin(&setup);
    setup
}

/// Returns `true` if a file loads others by the workspace's own name, which was unknown when it was evaluated.
fn loads_by_own_name(root: &Path, files: &[(String, Vec<ModuleCall>)], repositories: &Repositories) -> bool {
    let named = |text: &str| repositories.own_names.iter().any(|name| text.contains(&format!("load(\"@{name}//")));
    files
        .iter()
        .any(|(path, _)| path.starts_with("WORKSPACE") && read_small(&root.join(path)).is_some_and(|text| named(&text)))
}

/// One declaration of each hub: for the workspace's Python, else the first.
fn for_python(declared: Vec<(String, DeclaredHub)>, python: Option<&PythonChoice>) -> Vec<(String, DeclaredHub)> {
    let is_for = |hub: &DeclaredHub| {
        python.is_some_and(|python| hub.python_version.as_deref().and_then(version) == Some(python.version))
    };
    let mut chosen: Vec<(String, DeclaredHub)> = Vec::new();
    for (path, hub) in declared {
        match chosen.iter_mut().find(|(_, known)| known.repository == hub.repository) {
            None => chosen.push((path, hub)),
            Some(known) if !is_for(&known.1) && is_for(&hub) => *known = (path, hub),
            Some(_) => {}
        }
    }
    chosen
}

/// Reads module and lock files to evaluate single packages, and begins.
#[must_use]
pub fn evaluation_setup(root: &Path, evaluator: &mut dyn PackageEvaluator) -> EvaluationSetup {
    read_module_files(&mut Workspace { root: root.to_owned(), ..Workspace::default() }, evaluator)
}

/// Calls of each file in `folder`, MODULE.bazel first, with includes.
fn module_files(
    workspace: &mut Workspace,
    folder: &str,
    evaluator: &mut dyn PackageEvaluator,
) -> Vec<(String, Vec<ModuleCall>)> {
    let root = workspace.root.clone();
    // WORKSPACE.bazel wins over WORKSPACE, as BUILD.bazel does over BUILD.
    let is_there = |name: &&str| root.join(folder).join(name).is_file();
    let workspace_file = ["WORKSPACE.bazel", "WORKSPACE"].into_iter().find(is_there);
    let mut waiting: Vec<String> = workspace_file
        .into_iter()
        .chain(["MODULE.bazel"].into_iter().filter(is_there))
        .map(|name| join(folder, name))
        .collect();
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.len() >= MOST_INCLUDES || !seen.insert(path.clone()) {
            continue;
        }
        let evaluation = evaluator.module_file(&path);
        if folder.is_empty() {
            workspace.python_files.insert(path.clone());
            workspace.python_files.extend(evaluation.reads.into_iter().flat_map(|reads| reads.files.into_keys()));
        }
        match evaluation.result {
            Ok(calls) => {
                waiting.extend(module_file::included_files(&calls).iter().rev().map(|file| join(folder, file)));
                files.push((path, calls));
            }
            Err(failure) => {
                let message = format!("{path} could not be evaluated: {}", failure.reason);
                let line = (failure.path == path).then_some(failure.line).flatten();
                workspace.findings.push(ReadFinding { path: path.into(), line, code: failure.code, message });
            }
        }
    }
    files
}

/// Wheels that a lock lists by hash only get names from a lock beside MODULE.bazel that has both, and its dependencies
/// their markers.
fn learn_from_other_locks(workspace: &mut Workspace) {
    if !workspace.hubs.values().any(|hub| has_unnamed_files(&hub.lock)) {
        return;
    }
    for path in ["uv.lock", "pylock.toml"] {
        let file = workspace.root.join(path);
        let is_readable = std::fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= LARGEST_LOCK);
        let text = if is_readable { std::fs::read_to_string(&file).ok() } else { None };
        // Problems of a lock that no hub names are irrelevant here.
        let Some(named) = text.and_then(|text| lock::parse(path, &text).ok()) else { continue };
        for hub in workspace.hubs.values_mut().filter(|hub| has_unnamed_files(&hub.lock)) {
            borrow_markers(&mut hub.lock, &named, path);
            name_wheels(&mut hub.lock, &named);
        }
    }
}

fn read_lock(root: &Path, hub: &DeclaredHub, declared_in: &str, findings: &mut Vec<ReadFinding>) -> Lock {
    let path = &hub.lock_path;
    let mut note = |line: Option<usize>, path: &str, message: String| {
        findings.push(ReadFinding { path: path.into(), line, code: "lock_not_read".to_owned(), message });
    };
    let text = match std::fs::metadata(root.join(path)) {
        Ok(about) if about.len() <= LARGEST_LOCK && about.is_file() => std::fs::read_to_string(root.join(path)),
        Ok(about) => Err(std::io::Error::other(format!("it has {} bytes or is no regular file", about.len()))),
        Err(error) => Err(error),
    };
    match text {
        Err(error) => {
            let message = format!("the lock file `{path}` of `@{}` can't be read: {error}", hub.repository);
            note(Some(hub.line), declared_in, message);
            Lock::default()
        }
        Ok(text) => lock::parse(path, &text).unwrap_or_else(|error| {
            note(None, path, error.to_string());
            Lock::default()
        }),
    }
}

fn package_names(lock: &Lock) -> Vec<String> {
    let names: BTreeSet<&str> = lock.packages.iter().map(|package| package.name.as_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The Python version in files beside MODULE.bazel.
fn python_beside(workspace: &Workspace) -> Option<PythonChoice> {
    let read = |name: &str| read_small(&workspace.root.join(name));
    let choice =
        |text: &str, said_in: String| Some(PythonChoice { version: version(text)?, full: full_version(text), said_in });
    let by_file = || {
        let text = read(PYTHON_VERSION_FILE)?;
        let (version, line) = python_version_file(&text)?;
        choice(version, format!("{PYTHON_VERSION_FILE}:{line}"))
    };
    let by_project = || {
        let text = read("pyproject.toml")?;
        let (version, line) = requires_python(&text)?;
        choice(version, format!("pyproject.toml:{line}"))
    };
    let by_lock = || {
        let mut hubs = workspace.hubs.values();
        hubs.find_map(|hub| choice(hub.lock.requires_python.as_deref()?, hub.lock_path.display().to_string()))
    };
    by_file().or_else(by_project).or_else(by_lock)
}

/// Adds files that a target names or a BUILD file exports.
fn add_source_files(workspace: &mut Workspace, evaluated: &BTreeMap<String, EvaluatedPackage>) {
    let packages = &workspace.packages;
    let mut wanted: BTreeSet<Label> = BTreeSet::new();
    for (folder, package) in packages {
        let named =
            package.targets.values().flat_map(|target| &target.dependencies).map(|dependency| &dependency.label);
        wanted.extend(named.filter(|label| packages.repositories.folder(label).is_some()).cloned());
        let exported = evaluated.get(folder).into_iter().flat_map(|package| &package.exported_files);
        wanted.extend(exported.map(|name| packages.label(folder, name)));
    }
    let made: BTreeSet<Label> = packages
        .iter()
        .flat_map(|(folder, package)| package.targets.values().map(move |target| (folder, target)))
        .flat_map(|(folder, target)| target.outputs.iter().map(|output| packages.label(folder, output)))
        .collect();
    for label in wanted.difference(&made) {
        let Some(path) = workspace.packages.repositories.file(label) else { continue };
        let Some(package) = workspace.packages.of_mut(label) else { continue };
        if package.targets.contains_key(label.name()) {
            continue;
        }
        if let Some(bytes) = length(&workspace.root.join(&path)) {
            package.source_files.insert(label.name().to_owned(), SourceFile { path, bytes });
        }
    }
}

/// Length of a file, or of all files below a folder.
pub(super) fn length(path: &Path) -> Option<ByteCount> {
    let about = std::fs::metadata(path).ok()?;
    if !about.is_dir() {
        return Some(ByteCount(about.len()));
    }
    let mut sum = ByteCount::ZERO;
    let mut folders = vec![path.to_owned()];
    let mut seen = 0_usize;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > MOST_FILES_OF_A_FOLDER {
                return Some(sum);
            }
            match entry.metadata() {
                Ok(about) if about.is_dir() => folders.push(entry.path()),
                Ok(about) => sum += ByteCount(about.len()),
                Err(_) => {}
            }
        }
    }
    Some(sum)
}
