//! How long one change of a plan takes for an app of 5,000 units over 500 commits: what the window does at every move of a drag.
//!
//! `cargo bench --bench plan`. The aim is 5 ms for partition, sizes and totals together, findings included; the units of each
//! layer and the replay, which follow when a drag rests, are told beside it.
#![allow(clippy::print_stdout, reason = "a program that measures and prints")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use layerwright::byte_count::ByteCount;
use layerwright::engine::app_model::AppModel;
use layerwright::engine::choices::Choices;
use layerwright::engine::reports::replay_series::{Designs, replay_series};
use layerwright::engine::reports::units::units;
use layerwright::history::cost::PullProfile;
use layerwright::history::model::{Commit, History};
use layerwright::label::Label;
use layerwright::layers::plan::{GroupForm, LayerGroup, LayerId, Plan};
use layerwright::workspace::lock::{Lock, LockedPackage, PackageName, Wheel};
use layerwright::workspace::model::{App, Dependency, Hub, Package, PythonChoice, SourceFile, Target, Workspace};

const TARGETS: usize = 4_000;
const FILES: usize = 2;
const PACKAGES: usize = 1_000;
const COMMITS: usize = 500;
const GROUPS: usize = 12;
const NAMED: usize = 40;
const RUNS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let workspace = workspace(&mut numbers);
    let history = history(&mut numbers);
    let app = workspace.apps.first().ok_or("no app")?;
    let choices = Choices::default();
    let start = Instant::now();
    let model = AppModel::new(&workspace, &history, app, &choices)?;
    println!(
        "app collected in {:?}: {} items, {} deploys",
        start.elapsed(),
        model.contents.items.len(),
        model.measures.deploys.deploys.len()
    );
    let plans: Vec<Plan> = (0..RUNS).map(|_| plan(&mut numbers)).collect();
    let mut evaluated = Vec::new();
    report("partition, sizes, totals, findings", &plans, |plan| evaluated.push(model.evaluate(plan, &choices)));
    let first_pulls: u64 = evaluated.iter().map(|evaluation| evaluation.numbers.totals.first_pull.bytes.0).sum();
    report("units of every layer", &evaluated, |evaluation| drop(units(&model, &evaluation.partition)));
    report("replay", &evaluated, |plan| {
        drop(replay_series(Designs { model: &model, current: Some(plan), plan, suggested: None }, PullProfile::Chain));
    });
    println!("mean first pull {}", ByteCount(first_pulls / RUNS as u64));
    Ok(())
}

fn report<T>(what: &str, inputs: &[T], mut work: impl FnMut(&T)) {
    let mut times: Vec<Duration> = inputs
        .iter()
        .map(|input| {
            let start = Instant::now();
            work(input);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!("{what:<36} median {:6.2} ms, 99 of 100 below {:6.2} ms", at(50), at(99));
}

/// xorshift64 (Marsaglia, "Xorshift RNGs", 2003): the same numbers at every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or_default()
    }
}

fn folder(target: usize) -> String {
    format!("services/area_{}/part_{target}", target / 50)
}

fn target_label(target: usize) -> Label {
    Label::main(&folder(target), "lib")
}

fn package_label(package: usize) -> Label {
    Label::parse_absolute(&format!("@pypi//:package-{package}")).unwrap_or_else(|_| Label::main("", "none"))
}

fn workspace(numbers: &mut Numbers) -> Workspace {
    let mut packages = BTreeMap::new();
    for target in 0..TARGETS {
        let mut needs: Vec<Label> =
            (0..3).map(|_| target_label(numbers.below(target))).filter(|_| target > 0).collect();
        needs.push(package_label(numbers.below(PACKAGES)));
        let files: Vec<String> = (0..FILES).map(|file| format!("module_{file}.py")).collect();
        packages.insert(folder(target), package(&folder(target), "lib", "py_library", &files, needs));
    }
    let everything = (0..TARGETS).map(target_label).chain((0..PACKAGES).map(package_label)).collect();
    let mut app = package("app", "bin", "py_binary", &["main.py".to_owned()], everything);
    app.targets.insert("layers".to_owned(), target("py_layers", vec![dependency("binary", Label::main("app", "bin"))]));
    packages.insert("app".to_owned(), app);
    let lock = Lock { packages: (0..PACKAGES).map(|package| locked(numbers, package)).collect(), ..Lock::default() };
    let hub = Hub {
        repository: "pypi".to_owned(),
        lock_path: "uv.lock".into(),
        rule_set: "rules_pycross".to_owned(),
        downloads: false,
        in_workspace: false,
        lock,
    };
    let app = App {
        label: Label::main("app", "app"),
        macro_name: "release_app".to_owned(),
        macro_file: None,
        binary: Some(Label::main("app", "bin")),
        path: PathBuf::from("app/BUILD.bazel"),
        line: 1,
        language: None,
        dep_layers: Some(vec![layerwright::workspace::model::WrittenGroup {
            name: "first".to_owned(),
            targets: vec![target_label(0)],
        }]),
        why_not: None,
        made_targets: vec![Label::main("app", "layers")],
    };
    Workspace {
        packages: packages.into_iter().collect(),
        apps: vec![app],
        hubs: BTreeMap::from([("pypi".to_owned(), hub)]),
        python: Some(PythonChoice { version: (3, 13), full: None, said_in: "MODULE.bazel".to_owned() }),
        ..Workspace::default()
    }
}

fn dependency(attribute: &str, label: Label) -> Dependency {
    Dependency { attribute: attribute.to_owned(), label, condition: None }
}

fn target(kind: &str, dependencies: Vec<Dependency>) -> Target {
    Target {
        kind: kind.to_owned(),
        dependencies,
        outputs: Vec::new(),
        attributes: BTreeMap::new(),
        visibility: Vec::new(),
        line: 1,
        macro_name: None,
    }
}

fn package(path: &str, name: &str, kind: &str, files: &[String], needs: Vec<Label>) -> Package {
    let sources = files.iter().map(|file| dependency("srcs", Label::main(path, file)));
    let rule = target(kind, sources.chain(needs.into_iter().map(|need| dependency("deps", need))).collect());
    let file = |file: &String| (file.clone(), SourceFile { path: format!("{path}/{file}"), bytes: ByteCount(3_000) });
    Package {
        path: path.to_owned(),
        build_file: PathBuf::from(path).join("BUILD.bazel"),
        targets: BTreeMap::from([(name.to_owned(), rule)]),
        source_files: files.iter().map(file).collect(),
        ..Package::default()
    }
}

fn locked(numbers: &mut Numbers, package: usize) -> LockedPackage {
    let mut locked = LockedPackage::new(PackageName::new(&format!("package-{package}")), "1.0");
    locked.wheels = vec![Wheel {
        file_name: format!("package_{package}-1.0-py3-none-any.whl"),
        bytes: Some(ByteCount(1 << (12 + numbers.below(12)))),
        hash: String::new(),
    }];
    locked
}

/// Each commit changes up to twenty files, and one in ten up to thirty packages.
fn history(numbers: &mut Numbers) -> History {
    let commits: Vec<(Commit, Vec<String>)> = (0..COMMITS)
        .map(|number| {
            let files = (0..1 + numbers.below(20))
                .map(|_| format!("{}/module_{}.py", folder(numbers.below(TARGETS)), numbers.below(FILES)))
                .collect();
            let mut commit = Commit { id: format!("{number:040x}"), ..Commit::default() };
            if number.is_multiple_of(10) {
                let changed =
                    (0..numbers.below(30)).map(|_| PackageName::new(&format!("package-{}", numbers.below(PACKAGES))));
                commit.changed_packages.insert("uv.lock".to_owned(), changed.collect());
            }
            (commit, files)
        })
        .collect();
    History::from_named_files(commits)
}

fn plan(numbers: &mut Numbers) -> Plan {
    let group = |number: usize, numbers: &mut Numbers| LayerGroup {
        id: LayerId(u32::try_from(number).unwrap_or(u32::MAX)),
        name: format!("group_{number}"),
        targets: (0..NAMED)
            .map(|place| {
                if place.is_multiple_of(2) {
                    target_label(numbers.below(TARGETS))
                } else {
                    package_label(numbers.below(PACKAGES))
                }
            })
            .collect(),
        form: GroupForm::Direct,
    };
    Plan { groups: (0..GROUPS).map(|number| group(number, numbers)).collect(), order: Vec::new() }
}
