//! How long a workspace takes to read, the whole process `layerwright apps`: with nothing kept, with everything kept, and with
//! one BUILD file changed since; next to `buildozer 'print label kind' //...:all` and a warm `bazel query //...` in the same run.
//!
//! `LAYERWRIGHT_BENCH_WORKSPACE=/path/to/checkout cargo bench --bench read`. BUILDOZER names buildozer, LAYERWRIGHT_BAZEL a
//! command that takes Bazel's arguments and runs it in the current folder. `LAYERWRIGHT` names the program, by default the one
//! that was built with the benchmark. One BUILD file of the workspace gets a comment for the third figure, and loses it again.
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use layerwright::jobs::Unwatched;
use layerwright::workspace::walk::walk;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 15;

fn main() -> Outcome<()> {
    let Some(root) = env::var_os("LAYERWRIGHT_BENCH_WORKSPACE").map(PathBuf::from) else {
        println!("set LAYERWRIGHT_BENCH_WORKSPACE to a workspace to measure something");
        return Ok(());
    };
    let root = root.canonicalize()?;
    let program = env::var_os("LAYERWRIGHT").unwrap_or_else(|| env!("CARGO_BIN_EXE_layerwright").into());
    let folder = tempfile::tempdir()?;
    let places = walk(&root, &std::collections::BTreeMap::new(), &Unwatched).packages;
    println!("{}: {} BUILD files", root.display(), places.len());

    let ours = |keeps: bool| -> Outcome<Duration> {
        let mut command = Command::new(&program);
        command.arg("apps").arg(&root).env("XDG_CACHE_HOME", folder.path().join("cache"));
        command.env("XDG_STATE_HOME", folder.path().join("state"));
        if !keeps {
            command.arg("--no-cache");
        }
        timed(&mut command)
    };
    let (mut cold, mut filling, mut warm, mut buildozer) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        cold.push(ours(false)?);
        fs::remove_dir_all(folder.path().join("cache")).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        filling.push(ours(true)?);
        warm.push(ours(true)?);
        if let Some(program) = env::var_os("BUILDOZER") {
            buildozer.push(timed(Command::new(program).args(["print label kind", "//...:all"]).current_dir(&root))?);
        }
    }
    report("layerwright, nothing kept", &mut cold);
    report("the same, and keep it", &mut filling);
    report("layerwright, all kept", &mut warm);
    if let Some(place) = places.get(places.len() / 2) {
        report("one file changed", &mut changed(&root.join(place.build_file()), &|| ours(true))?);
    }
    report("buildozer print", &mut buildozer);
    if let Some(bazel) = env::var_os("LAYERWRIGHT_BAZEL") {
        report("bazel query, warm", &mut bazel_query(&root, &bazel)?);
    }
    Ok(())
}

/// The time of each start after an edit of `path`, which ends as it was.
fn changed(path: &Path, start: &dyn Fn() -> Outcome<Duration>) -> Outcome<Vec<Duration>> {
    let before = fs::read(path)?;
    let times = (0..ROUNDS).map(|round| {
        let comment = format!("# {round}\n");
        fs::write(path, [&before, comment.as_bytes()].concat())?;
        start()
    });
    let times = times.collect::<Outcome<Vec<Duration>>>();
    fs::write(path, &before)?;
    times
}

/// Bazel's server is started and has loaded everything before the first time that counts. It fails where packages can't be loaded.
fn bazel_query(root: &Path, bazel: &OsString) -> Outcome<Vec<Duration>> {
    let query = || {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{} query --keep_going //...", bazel.to_string_lossy())).current_dir(root);
        let start = Instant::now();
        command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        Ok(start.elapsed())
    };
    query()?;
    (0..ROUNDS.min(5)).map(|_| query()).collect()
}

fn timed(command: &mut Command) -> Outcome<Duration> {
    let start = Instant::now();
    // Buildozer's status says whether it found something; either way it read everything.
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(start.elapsed())
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map(|time| time.as_secs_f64() * 1000.0);
    if let (Some(least), Some(median), Some(most)) = (at(0), at(50), at(90)) {
        println!("  {what:<26} least {least:8.1} ms   median {median:8.1} ms   90 % {most:8.1} ms");
    }
}
