//! The replay against brute force: small made-up workspaces with a history, whose images are really packed at every
//! deploy. What a node fetches and unpacks is found by comparing digests, and must be what the replay says, to the byte.
//!
//! The interpreter alone is not packed: it is a blob of the length that the model gives it, known by its version.
//! Where an image holds locked packages, whose files nobody has here, the layers' lengths are taken from the tars too;
//! without them every length is the model's own.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{ProptestConfig, any, proptest};
use sha2::{Digest, Sha256};

use crate::advice::sample::Numbers;
use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::reports::fleet::fleet_replay;
use crate::engine::reports::replay_series::{Designs, replay_series};
use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::model::{Commit, History};
use crate::history::replay::Pulls;
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::size::known::{KnownPackage, KnownSizes};
use crate::size::range::Range;
use crate::workspace::fixture::{self, FILE_BYTES};
use crate::workspace::lock::PackageName;
use crate::workspace::model::Workspace;

/// The length of a launcher, as the model counts it, twice.
const LAUNCHER_BYTES: usize = 22_528;

/// What a target can need, and a group name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Library(usize),
    Package(usize),
}

/// What has bytes and changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    /// A library's file.
    File(usize, usize),
    /// An app's own file.
    Main(usize),
    Package(usize),
    Interpreter,
}

struct Case {
    /// Per library its number of files and what it needs: libraries before it, and packages.
    libraries: Vec<(usize, Vec<Need>)>,
    /// Per package the packages before it that it needs.
    packages: Vec<Vec<usize>>,
    /// Per app what it needs, and its groups from the bottom.
    apps: Vec<(Vec<Need>, Vec<Vec<Need>>)>,
    /// Per commit what it changes.
    commits: Vec<BTreeSet<Unit>>,
    every: usize,
}

fn some<T: Copy>(numbers: &mut Numbers, all: &[T], one_in: u64) -> Vec<T> {
    all.iter().copied().filter(|_| numbers.below(one_in) == 0).collect()
}

impl Case {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let has_packages = numbers.below(2) == 0;
        let package_count = if has_packages { 1 + numbers.below(4) as usize } else { 0 };
        let packages: Vec<Vec<usize>> =
            (0..package_count).map(|place| some(&mut numbers, &(0..place).collect::<Vec<_>>(), 3)).collect();
        let mut libraries: Vec<(usize, Vec<Need>)> = Vec::new();
        for place in 0..=numbers.below(5) as usize {
            let earlier: Vec<Need> =
                (0..place).map(Need::Library).chain((0..package_count).map(Need::Package)).collect();
            libraries.push((1 + numbers.below(2) as usize, some(&mut numbers, &earlier, 3)));
        }
        let all: Vec<Need> =
            (0..libraries.len()).map(Need::Library).chain((0..package_count).map(Need::Package)).collect();
        let mut case = Self { libraries, packages, apps: Vec::new(), commits: Vec::new(), every: 1 };
        for _ in 0..2 {
            let mut needs = some(&mut numbers, &all, 2);
            needs.push(Need::Library(0));
            let reached: BTreeSet<Need> = needs.iter().flat_map(|&need| case.reached(need)).collect();
            let reached: Vec<Need> = reached.into_iter().collect();
            let mut groups = vec![vec![Need::Library(0)]];
            for _ in 0..numbers.below(4) {
                let group = some(&mut numbers, &reached, 3);
                let place = numbers.below(groups.len() as u64 + 1) as usize;
                if !group.is_empty() {
                    groups.insert(place, group);
                }
            }
            case.apps.push((needs, groups));
        }
        let units: Vec<Unit> = case.units();
        let sparse = 2 + numbers.below(8);
        case.commits =
            (0..1 + numbers.below(9)).map(|_| some(&mut numbers, &units, sparse).into_iter().collect()).collect();
        case.every = 1 + numbers.below(3) as usize;
        case
    }

    fn units(&self) -> Vec<Unit> {
        let files = self
            .libraries
            .iter()
            .enumerate()
            .flat_map(|(library, (files, _))| (0..*files).map(move |file| Unit::File(library, file)));
        let mains = (0..2).map(Unit::Main);
        let packages = (0..self.packages.len()).map(Unit::Package);
        files.chain(mains).chain(packages).chain(std::iter::once(Unit::Interpreter)).collect()
    }

    /// `need` and everything that it needs.
    fn reached(&self, need: Need) -> BTreeSet<Need> {
        let below: Vec<Need> = match need {
            Need::Library(library) => self.libraries[library].1.clone(),
            Need::Package(package) => self.packages[package].iter().map(|&below| Need::Package(below)).collect(),
        };
        let mut reached: BTreeSet<Need> = below.into_iter().flat_map(|below| self.reached(below)).collect();
        reached.insert(need);
        reached
    }

    /// The units that `needs` bring.
    fn brought(&self, needs: &[Need]) -> BTreeSet<Unit> {
        let reached: BTreeSet<Need> = needs.iter().flat_map(|&need| self.reached(need)).collect();
        let units = |need: Need| match need {
            Need::Library(library) => (0..self.libraries[library].0).map(|file| Unit::File(library, file)).collect(),
            Need::Package(package) => vec![Unit::Package(package)],
        };
        reached.into_iter().flat_map(units).collect()
    }

    /// First claim wins, from the bottom: interpreter, groups, app.
    fn layers(&self, app: usize) -> Vec<BTreeSet<Unit>> {
        let (needs, groups) = &self.apps[app];
        let mut left = self.brought(needs);
        left.insert(Unit::Main(app));
        let mut layers = vec![BTreeSet::from([Unit::Interpreter])];
        for group in groups {
            let claimed: BTreeSet<Unit> = self.brought(group).intersection(&left).copied().collect();
            left.retain(|unit| !claimed.contains(unit));
            layers.push(claimed);
        }
        layers.push(left);
        layers
    }

    fn workspace(&self) -> Workspace {
        let label = |need: &Need| match need {
            Need::Library(library) => format!("//l{library}:l{library}"),
            Need::Package(package) => format!("@pypi//:p{package}"),
        };
        let labels = |needs: &[Need]| needs.iter().map(label).collect::<Vec<_>>().join(",");
        let mut text = String::new();
        for (package, needs) in self.packages.iter().enumerate() {
            let needs: String = needs.iter().map(|need| format!(" p{need}")).collect();
            text.push_str(&format!("@pypi p{package} 1000{needs}\n"));
        }
        for (library, (files, needs)) in self.libraries.iter().enumerate() {
            let files: Vec<String> = (0..*files).map(|file| format!("f{file}.py")).collect();
            text.push_str(&format!(
                "//l{library}\n py_library l{library} srcs={} deps={}\n",
                files.join(","),
                labels(needs)
            ));
        }
        for (app, (needs, groups)) in self.apps.iter().enumerate() {
            let groups: Vec<String> =
                groups.iter().enumerate().map(|(place, group)| format!("g{place}={}", labels(group))).collect();
            text.push_str(&format!(
                "//a{app}\n py_binary bin{app} srcs=main.py deps={}\n py_layers bin{app}_layers srcs=:bin{app}\n release_app app{app} binary=:bin{app} layers={}\n",
                labels(needs),
                groups.join(";")
            ));
        }
        let mut workspace = fixture::workspace(&text);
        for (place, app) in workspace.apps.iter_mut().enumerate() {
            app.made_targets = vec![Label::main(&format!("a{place}"), &format!("bin{place}_layers"))];
        }
        workspace
    }

    fn history(&self) -> History {
        History::from_named_files(self.commits.iter().map(|units| {
            let mut commit = Commit::default();
            let mut files = Vec::new();
            for unit in units {
                match unit {
                    Unit::File(library, file) => files.push(format!("l{library}/f{file}.py")),
                    Unit::Main(app) => files.push(format!("a{app}/main.py")),
                    Unit::Package(package) => {
                        let changed = commit.changed_packages.entry("uv.lock".to_owned()).or_default();
                        changed.insert(PackageName::new(&format!("p{package}")));
                    }
                    Unit::Interpreter => commit.interpreter_changed = true,
                }
            }
            (commit, files)
        }))
    }

    /// The commit that last changed `unit` before `commits` commits were made; its content says it.
    fn version(&self, unit: Unit, commits: usize) -> usize {
        (0..commits).rev().find(|&commit| self.commits[commit].contains(&unit)).map_or(0, |commit| commit + 1)
    }
}

/// A blob and how long it is. Two with the same digest are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Blob {
    digest: Vec<u8>,
    bytes: u64,
}

/// Packs one layer of one app as it is after so many commits.
fn pack(
    case: &Case,
    app: usize,
    units: &BTreeSet<Unit>,
    has_launcher: bool,
    commits: usize,
    interpreter: ByteCount,
) -> Blob {
    if units.contains(&Unit::Interpreter) {
        let version = case.version(Unit::Interpreter, commits);
        return Blob { digest: format!("python {version}").into_bytes(), bytes: interpreter.0 };
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for &unit in units {
        let path = match unit {
            Unit::File(library, file) => format!("app/shared.runfiles/_main/l{library}/f{file}.py"),
            Unit::Main(app) => format!("app/shared.runfiles/_main/a{app}/main.py"),
            Unit::Package(package) => format!("app/shared.runfiles/pypi_p{package}/site-packages/p{package}.py"),
            Unit::Interpreter => continue,
        };
        let mut content = format!("{unit:?} {}", case.version(unit, commits)).into_bytes();
        content.resize(FILE_BYTES as usize, b' ');
        // A library's files are claimed together, so its folder's empty file is in their layer.
        if let (Unit::File(..) | Unit::Main(_), Some((folder, _))) = (unit, path.rsplit_once('/')) {
            files.insert(format!("{folder}/__init__.py"), Vec::new());
        }
        files.insert(path, content);
    }
    if has_launcher {
        for path in [format!("app/bin{app}"), format!("app/shared.runfiles/_main/a{app}/bin{app}")] {
            files.insert(path, vec![b'#'; LAUNCHER_BYTES]);
        }
    }
    let mut builder = tar::Builder::new(Vec::new());
    let mut folders = BTreeSet::new();
    for path in files.keys() {
        for (end, _) in path.match_indices('/') {
            folders.insert(path[..=end].to_owned());
        }
    }
    let mut append = |path: &str, kind: tar::EntryType, content: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o755);
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, path, content).unwrap();
    };
    folders.iter().for_each(|folder| append(folder, tar::EntryType::Directory, b""));
    files.iter().for_each(|(path, content)| append(path, tar::EntryType::Regular, content));
    let mut bytes = builder.into_inner().unwrap();
    // Whole records, as tar programs write them.
    bytes.resize(bytes.len().div_ceil(10_240) * 10_240, 0);
    Blob { digest: Sha256::digest(&bytes).to_vec(), bytes: bytes.len() as u64 }
}

/// What a node holds: per app its blobs from the bottom.
type Images = Vec<Vec<Blob>>;

/// Every stack of the images: the digests of a layer and of all below it, and the layer's length.
fn chains(images: &Images) -> BTreeMap<Vec<Vec<u8>>, u64> {
    let mut chains = BTreeMap::new();
    for image in images {
        let mut digests = Vec::new();
        for blob in image {
            digests.push(blob.digest.clone());
            chains.insert(digests.clone(), blob.bytes);
        }
    }
    chains
}

fn blobs(images: &Images) -> BTreeMap<Vec<u8>, u64> {
    images.iter().flatten().map(|blob| (blob.digest.clone(), blob.bytes)).collect()
}

/// The bytes of what `new` has and `old` has not.
fn missing<Key: Ord>(old: &BTreeMap<Key, u64>, new: &BTreeMap<Key, u64>) -> u64 {
    new.iter().filter(|(key, _)| !old.contains_key(key)).map(|(_, bytes)| bytes).sum()
}

/// What a node fetches and unpacks that goes from each of `images` to the next; deploys of the same images are none.
fn by_hand(deployed: &[Images], profile: PullProfile) -> Pulls {
    let mut pulls = Pulls::default();
    for pair in deployed.windows(2) {
        let [old, new] = pair else { continue };
        if old == new {
            continue;
        }
        let unpacked = missing(&chains(old), &chains(new));
        let fetched = match profile {
            PullProfile::Keep | PullProfile::Reuse => missing(&blobs(old), &blobs(new)),
            PullProfile::Chain => unpacked,
        };
        pulls.fetched.push(ByteCount(fetched));
        pulls.unpacked.push(ByteCount(unpacked));
    }
    let last = deployed.last().cloned().unwrap_or_default();
    let first: u64 = match profile {
        PullProfile::Keep | PullProfile::Reuse => blobs(&last).values().sum(),
        PullProfile::Chain => chains(&last).values().sum(),
    };
    pulls.first_pull = ByteCount(first);
    pulls
}

/// The images of `apps` before the history and after every deploy; `whole` as one layer each.
fn deployed(case: &Case, apps: &[usize], whole: bool, interpreter: ByteCount) -> Vec<Images> {
    let image = |app: usize, commits: usize| -> Vec<Blob> {
        let layers = case.layers(app);
        if whole {
            // The interpreter is a blob of its own here, which no tar is: its part is added by the caller.
            let all: BTreeSet<Unit> =
                layers.iter().flatten().copied().filter(|unit| *unit != Unit::Interpreter).collect();
            let blob = pack(case, app, &all, true, commits, interpreter);
            let version = case.version(Unit::Interpreter, commits);
            let mut digest = blob.digest;
            digest.extend(format!("python {version}").into_bytes());
            return vec![Blob { digest, bytes: blob.bytes }];
        }
        let last = layers.len() - 1;
        layers
            .iter()
            .enumerate()
            .map(|(place, units)| pack(case, app, units, place == last, commits, interpreter))
            .collect()
    };
    let moments = (0..=case.commits.len()).filter(|commits| commits.is_multiple_of(case.every));
    moments.map(|commits| apps.iter().map(|&app| image(app, commits)).collect()).collect()
}

/// A launcher as [`pack`] packs it.
fn known_launcher(app: usize) -> KnownSizes {
    let tar_bytes = ByteCount(2 * (512 + LAUNCHER_BYTES as u64));
    let launcher = KnownPackage {
        files: 2,
        above: format!("app/shared.runfiles/_main/a{app}/"),
        tar_bytes,
        tar_range: Range::exactly(tar_bytes),
        installed_bytes: tar_bytes,
        packed_bytes: None,
        heads: None,
        found_in: "here".to_owned(),
    };
    KnownSizes { launcher: Some(launcher), ..KnownSizes::default() }
}

fn check(seed: u64) {
    let case = Case::new(seed);
    let (workspace, history) = (case.workspace(), case.history());
    let choices =
        Choices { compression: Some(Compression::None), cadence: Cadence::EveryN(case.every), ..Choices::default() };
    let models: Vec<AppModel> =
        workspace.apps.iter().map(|app| AppModel::new(&workspace, &history, app, &choices).unwrap()).collect();
    let models: Vec<AppModel> =
        models.into_iter().enumerate().map(|(app, model)| model.with_known(&known_launcher(app))).collect();
    let mut plans: Vec<Evaluation> = models.iter().map(|model| model.evaluate(&model.on_disk, &choices)).collect();
    for (app, plan) in plans.iter_mut().enumerate() {
        let interpreter = plan.numbers.layers[0].size.tar_bytes;
        let layers = case.layers(app);
        let last = layers.len() - 1;
        assert_eq!(plan.numbers.layers.len(), layers.len(), "seed {seed}");
        for (place, (units, numbers)) in layers.iter().zip(&mut plan.numbers.layers).enumerate() {
            let packed = pack(&case, app, units, place == last, case.commits.len(), interpreter).bytes;
            if units.iter().any(|unit| matches!(unit, Unit::Package(_))) {
                numbers.size.tar_bytes = ByteCount(packed);
                numbers.size.compressed_bytes = ByteCount(packed);
            }
            assert_eq!(numbers.size.compressed_bytes, ByteCount(packed), "seed {seed}, layer {place} of app {app}");
        }
    }
    let designs: Vec<Designs<'_>> = models
        .iter()
        .zip(&plans)
        .map(|(model, plan)| Designs { model, current: Some(plan), plan, suggested: None })
        .collect();
    let fleet = fleet_replay(&designs, &history, &choices.cadence).unwrap();
    let interpreter = plans[0].numbers.layers[0].size.tar_bytes;
    for (place, profile) in PullProfile::ALL.into_iter().enumerate() {
        for (app, design) in designs.iter().enumerate() {
            let series = replay_series(*design, profile);
            let expected = by_hand(&deployed(&case, &[app], false, interpreter), profile);
            assert_eq!(series.plan.fetched, expected.fetched, "seed {seed}, {profile:?}, app {app}");
            assert_eq!(series.plan.unpacked, expected.unpacked, "seed {seed}, {profile:?}, app {app}");
            // In one layer every deploy that changes anything fetches all of it.
            let single = by_hand(&deployed(&case, &[app], true, interpreter), profile);
            assert_eq!(series.single_layer.fetched.len(), single.fetched.len(), "seed {seed}");
            assert!(series.single_layer.fetched.iter().all(|bytes| *bytes == series.single_layer.first_pull));
        }
        let expected = by_hand(&deployed(&case, &[0, 1], false, interpreter), profile);
        let plan = fleet.by_profile[place].iter().find(|(name, _)| *name == "plan").unwrap();
        assert_eq!(plan.1.fetched, expected.fetched, "seed {seed}, {profile:?}, both apps");
        assert_eq!(plan.1.unpacked, expected.unpacked, "seed {seed}, {profile:?}, both apps");
        assert_eq!(plan.1.first_pull, expected.first_pull, "seed {seed}, {profile:?}, both apps");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_replay_is_what_packed_images_say(seed in any::<u64>()) {
        check(seed);
    }
}
