//! How long the history of a real repository takes, next to `git log` on the same one in the same run.
//!
//! `LAYERWRIGHT_BENCH_REPOSITORY=/path/to/checkout cargo bench --bench history`. `LAYERWRIGHT_BENCH_COMMITS` limits the
//! window, `LAYERWRIGHT_BENCH_LOCKS` names lock files, separated by `:`. Without a repository there is nothing to measure.
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use layerwright::history::locks::lock_difference;
use layerwright::history::model::History;
use layerwright::history::reader::read_history;
use layerwright::history::request::{ContentReaders, HistoryError, HistoryRequest, Window};
use layerwright::history::rows::HistoryIndex;
use layerwright::jobs::Unwatched;
use layerwright::workspace::platform::Platform;

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(root) = env::var_os("LAYERWRIGHT_BENCH_REPOSITORY").map(PathBuf::from) else {
        println!("set LAYERWRIGHT_BENCH_REPOSITORY to a git repository to measure something");
        return Ok(());
    };
    let limit: Option<usize> = env::var("LAYERWRIGHT_BENCH_COMMITS").ok().map(|text| text.parse()).transpose()?;
    let locks = env::var("LAYERWRIGHT_BENCH_LOCKS").unwrap_or_default();
    let request = HistoryRequest {
        root: root.clone(),
        window: limit.map_or(Window::All, Window::Commits),
        lock_paths: locks.split(':').filter(|path| !path.is_empty()).map(str::to_owned).collect(),
        interpreter_files: Vec::new(),
    };

    let (mut ours, mut gits) = (Vec::new(), Vec::new());
    let mut history = History::default();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        history = read(&request)?;
        ours.push(start.elapsed());
        let start = Instant::now();
        git_log(&root, limit)?;
        gits.push(start.elapsed());
    }
    let changes: usize = history.commits.iter().map(|commit| commit.changed_files.len()).sum();
    println!("{} commits, {changes} changed files, {} paths", history.commits.len(), history.paths.len());
    let unread: usize = history.commits.iter().map(|commit| commit.unread.len()).sum();
    let packages: usize = history.commits.iter().map(|commit| commit.changed_packages.len()).sum();
    println!("lock files: {packages} commits with changed packages, {unread} unreadable");
    print("read_history", &mut ours);
    print("git log --raw", &mut gits);
    if let Some(peak) = peak_memory() {
        println!("peak memory of this process: {peak}");
    }
    let moves: usize = history.commits.iter().map(|commit| commit.moved_files.len()).sum();
    println!("{moves} moved files");

    let start = Instant::now();
    let index = HistoryIndex::new(&history);
    println!("index built in {:?}", start.elapsed());
    let start = Instant::now();
    let ones: u64 = history.paths.iter().take(5_000).map(|path| index.file_row(path).count()).sum();
    println!("5,000 file rows with {ones} marks in {:?}", start.elapsed());
    Ok(())
}

fn read(request: &HistoryRequest) -> Result<History, HistoryError> {
    let readers = ContentReaders {
        lock_difference: &|path, old, new| lock_difference(&[Platform::default()], (3, 12), path, old, new),
        interpreter_version: &|_, _| None,
    };
    read_history(request, &readers, &Unwatched)
}

/// The most memory that this process ever held, where the system says it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|size| size.trim().to_owned())
}

fn git_log(root: &Path, limit: Option<usize>) -> std::io::Result<()> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["log", "--first-parent", "-m", "--raw", "--no-renames", "--no-abbrev", "-z"]);
    if let Some(limit) = limit {
        command.args(["-n", &limit.to_string()]);
    }
    // Its output is read to the end, as a program would that uses it.
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    if let Some(mut output) = child.stdout.take() {
        std::io::copy(&mut output, &mut std::io::sink())?;
    }
    child.wait().map(|_| ())
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let (Some(best), Some(median)) = (times.first(), times.get(times.len() / 2)) else { return };
    println!("{what:>14}: best {best:?}, median {median:?}");
}
