//! Asks the package index for unknown sizes, only when the user asks. Sends package names, nothing else. Answers are
//! kept by the wheel's name and hash and reused. Does IO.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::engine::sizes::pip_configuration::configured_index;
use crate::engine::sizes::wanted::places_of;
use crate::engine::sizes::wanted::wanted;
use crate::graph::contents::ItemKind;
use crate::graph::packages::resolve_hubs;
use crate::hex::hex;
use crate::jobs::{Progress, Watch};
use crate::size::installed::find_packages;
use crate::size::known::KnownSizes;
use crate::size::network::address::{Address, split_login};
use crate::size::network::{Network, NetworkError};
use crate::size::package_index::{AskedPackage, IndexAnswer, IndexError, PUBLIC_INDEX, PackageIndex};
use crate::whole_file::write_whole;
use crate::workspace::lock::resolve::ResolvedPackage;
use crate::workspace::lock::{PackageName, PackageOrigin};
use crate::workspace::model::Workspace;
use crate::workspace::platform::Platform;

/// Concurrent requests.
const AT_ONCE: usize = 12;
/// Interval of checks for cancellation.
const GLANCE: Duration = Duration::from_millis(50);
/// Larger caches are ignored.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;
const FOLDER: &str = "index";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RememberedWheel {
    pub(crate) host: String,
    pub(crate) file_name: String,
    pub(crate) bytes: ByteCount,
    /// Files with lengths, if known.
    pub(crate) files: Option<Vec<(String, ByteCount)>>,
    /// See [`crate::size::package_index::WheelFiles::heads`].
    #[serde(default)]
    pub(crate) heads: Option<ByteCount>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct IndexReport {
    pub(crate) asked: usize,
    /// Packages whose wheel's length is known now.
    pub(crate) sized: usize,
    /// Packages whose files' lengths are known too.
    pub(crate) listed: usize,
    pub(crate) hosts: Vec<String>,
    /// `true` if a server was not reached at all.
    pub(crate) is_unreachable: bool,
    /// Errors, each with its package.
    pub(crate) problems: Vec<String>,
}

impl IndexReport {
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        if self.asked == 0 {
            return "Nothing to ask: all package sizes are known".to_owned();
        }
        let problems = match self.problems.as_slice() {
            [] => String::new(),
            [one] => format!(". {one}"),
            [first, ..] => format!(". {first}, and {} more were not answered", self.problems.len() - 1),
        };
        format!("Fetched {} of {} package sizes from {}{problems}", self.sized, self.asked, self.hosts.join(", "))
    }
}

struct Task {
    asked: AskedPackage,
    key: String,
    index: String,
}

/// Asks for each package of the app without local files that was not asked for before. `index` is the user's; otherwise
/// the lock decides, then pip's configuration, then the public index.
///
/// # Errors
/// A sentence when there is no folder for the answers, or an address is malformed.
/// A sentence when there is no folder to remember the answers in, or an address is none.
pub(crate) fn ask_index(
    workspace: &Workspace,
    model: &AppModel,
    choices: &Choices,
    index: Option<&str>,
    cache_folder: Option<&Path>,
    watch: &dyn Watch,
) -> Result<IndexReport, String> {
    let folder = cache_folder.ok_or("this system has no cache folder for the answers")?.join(FOLDER);
    let python = model.python.version;
    let tasks = tasks(workspace, model, choices, python, index, &folder, watch);
    let mut report = IndexReport { asked: tasks.len(), ..IndexReport::default() };
    let servers = servers(&tasks)?;
    report.hosts = servers.values().map(|server| server.address.server().to_owned()).collect();
    report.hosts.dedup();
    let network = Network::new(false);
    let stops = AtomicBool::new(false);
    let next = AtomicUsize::new(0);
    let ask = |task: &Task| {
        let server = servers
            .get(&task.index)
            .ok_or_else(|| Unanswered { is_unreachable: false, reason: "no index is known for it".to_owned() })?;
        let index = PackageIndex {
            network: &network,
            address: &server.address,
            authorization: server.authorization.as_deref(),
        };
        let answer = index.ask(&task.asked, &choices.platform, python, &stops);
        answer.map(|answer| (server.address.server().to_owned(), answer)).map_err(|error| Unanswered {
            is_unreachable: matches!(error, IndexError::Network(NetworkError::NoAnswer { .. })),
            reason: error.to_string(),
        })
    };
    let work = |answers: Sender<Answered>| {
        while let Some((position, task)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, tasks.get(at)?)))
        {
            if stops.load(Ordering::Relaxed) || answers.send((position, ask(task))).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (sender, answers) = channel();
        for _ in 0..AT_ONCE.min(tasks.len()) {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        let (mut done, mut unreachable) = (0, 0);
        loop {
            // Without a network every request fails slowly.
            if watch.is_cancelled() || (report.sized == 0 && unreachable >= AT_ONCE) {
                stops.store(true, Ordering::Relaxed);
                return;
            }
            match answers.recv_timeout(GLANCE) {
                Ok((position, answer)) => {
                    done += 1;
                    let Some(task) = tasks.get(position) else { continue };
                    let message = format!("Asked for {}", task.asked.name.as_str());
                    watch.report(Progress { message, done, total: tasks.len() as u64 });
                    unreachable += usize::from(answer.as_ref().is_err_and(|problem| problem.is_unreachable));
                    report.is_unreachable = unreachable > 0;
                    take(&mut report, task, answer, &folder);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    report.problems.sort();
    match report.problems.first() {
        Some(problem) if report.sized == 0 && report.is_unreachable => Err(format!(
            "{} did not answer, so no sizes were fetched. Check the network and HTTPS_PROXY, or name another index with --fetch-sizes=URL ({problem})",
            report.hosts.join(", ")
        )),
        _ => Ok(report),
    }
}

struct Unanswered {
    /// The server was not reached at all.
    is_unreachable: bool,
    reason: String,
}

/// The task, and the server's name and answer.
type Answered = (usize, Result<(String, IndexAnswer), Unanswered>);

fn take(report: &mut IndexReport, task: &Task, answer: Result<(String, IndexAnswer), Unanswered>, folder: &Path) {
    match answer {
        Ok((host, answer)) => {
            report.sized += 1;
            report.listed += usize::from(answer.files.is_some());
            let IndexAnswer { file_name, bytes, files } = answer;
            let (files, heads) = files.map(|files| (files.files, files.heads)).unzip();
            let wheel = RememberedWheel { host, file_name, bytes, files, heads };
            if let Err(error) = write(&folder.join(&task.key), &wheel) {
                report.problems.push(format!("{}: the answer is not kept: {error}", folder.display()));
            }
        }
        Err(problem) => report.problems.push(format!("{}: {}", task.asked.name.as_str(), problem.reason)),
    }
}

fn tasks(
    workspace: &Workspace,
    model: &AppModel,
    choices: &Choices,
    python: (u32, u32),
    index: Option<&str>,
    folder: &Path,
    watch: &dyn Watch,
) -> Vec<Task> {
    let wanted = wanted(model);
    let found = find_packages(&places_of(workspace, choices, watch), &wanted, &choices.platform, python, watch);
    let hubs = resolve_hubs(workspace, &choices.platform, python);
    let configured = configured();
    let mut tasks = Vec::new();
    for item in &model.contents.items {
        let ItemKind::Package { lock_path, name, version, wheel } = &item.kind else { continue };
        let hub = hubs.values().find(|hub| hub.lock_path == *lock_path);
        let Some(package) = hub.and_then(|hub| hub.packages.packages.get(name)) else { continue };
        // Packages of a folder, URL or repository are in no index, and their names are private.
        if package.origin != PackageOrigin::Registry || found.contains_key(&(name.clone(), version.clone())) {
            continue;
        }
        let key = key(
            name,
            version,
            wheel.as_ref().map(|wheel| (wheel.file_name.as_str(), wheel.hash.as_str())),
            &choices.platform,
            python,
        );
        if read(&folder.join(&key)).is_some() {
            continue;
        }
        let hashes = package.other_files.iter().map(|file| file.hash.clone()).filter(|hash| !hash.is_empty());
        let asked = AskedPackage {
            name: name.clone(),
            version: version.clone(),
            wheel: wheel.clone(),
            hashes: hashes.collect(),
        };
        let index = index.map_or_else(|| index_of(package, &configured), str::to_owned);
        tasks.push(Task { asked, key, index });
    }
    tasks
}

/// The index that has a package: the lock decides, else pip's configuration, else it is the public one.
fn index_of(package: &ResolvedPackage, configured: &str) -> String {
    package.registry.clone().unwrap_or_else(|| configured.to_owned())
}

fn configured() -> String {
    configured_index().unwrap_or_else(|| PUBLIC_INDEX.to_owned())
}

/// Returns the servers that would be asked for the packages of `model` that `known` does not size.
pub(crate) fn indexes_to_ask(workspace: &Workspace, model: &AppModel, known: &KnownSizes) -> Vec<String> {
    let hubs = resolve_hubs(workspace, &model.platform, model.python.version);
    let configured = configured();
    let index = |kind: &ItemKind| {
        let ItemKind::Package { lock_path, name, version, wheel } = kind else { return None };
        let key = (name.clone(), version.clone());
        let is_sized = wheel.as_ref().is_some_and(|wheel| wheel.bytes.is_some())
            || known.packages.contains_key(&key)
            || known.wheels.contains_key(&key);
        let hub = hubs.values().find(|hub| hub.lock_path == *lock_path)?;
        let package = hub.packages.packages.get(name).filter(|package| package.origin == PackageOrigin::Registry)?;
        let (address, _) = split_login(&index_of(package, &configured));
        (!is_sized).then(|| Address::parse(&address).map_or(address, |address| address.server().to_owned()))
    };
    let indexes: BTreeSet<String> = model.contents.items.iter().filter_map(|item| index(&item.kind)).collect();
    indexes.into_iter().collect()
}

struct Server {
    address: Address,
    authorization: Option<String>,
}

fn servers(tasks: &[Task]) -> Result<BTreeMap<String, Server>, String> {
    let mut servers = BTreeMap::new();
    for task in tasks {
        if !servers.contains_key(&task.index) {
            let (address, login) = split_login(&task.index);
            let address = Address::parse(&address).map_err(|error| error.to_string())?;
            let authorization = login.map(|login| format!("Basic {}", STANDARD.encode(login)));
            servers.insert(task.index.clone(), Server { address, authorization });
        }
    }
    Ok(servers)
}

#[must_use]
pub(crate) fn remembered(
    cache_folder: Option<&Path>,
    name: &PackageName,
    version: &str,
    wheel: Option<(&str, &str)>,
    platform: &Platform,
    python: (u32, u32),
) -> Option<RememberedWheel> {
    read(&cache_folder?.join(FOLDER).join(key(name, version, wheel, platform, python)))
}

/// Key of a request: the wheel if the lock names it, else what selects one.
fn key(
    name: &PackageName,
    version: &str,
    wheel: Option<(&str, &str)>,
    platform: &Platform,
    python: (u32, u32),
) -> String {
    let which = match wheel {
        Some((file_name, hash)) => format!("{file_name} {hash}"),
        None => format!("{platform} {}.{}", python.0, python.1),
    };
    let hash = Sha256::digest(format!("{} {version} {which}", name.as_str()));
    format!("{}.json", hex(&hash))
}

fn read(path: &PathBuf) -> Option<RememberedWheel> {
    let facts = std::fs::metadata(path).ok()?;
    if !facts.is_file() || facts.len() > LARGEST_FILE {
        return None;
    }
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

fn write(path: &Path, wheel: &RememberedWheel) -> std::io::Result<()> {
    write_whole(path, serde_json::to_string(wheel)?.as_bytes())
}
