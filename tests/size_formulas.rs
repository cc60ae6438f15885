//! The formulas for sizes, held against layers and wheels that were really packed.
//!
//! `data/sizes/README.md` says where the data come from.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::io::Read;
use std::path::{Path, PathBuf};

use layerwright::byte_count::ByteCount;
use layerwright::layers::compression::Compression;
use layerwright::size::formulas::{from_wheel, from_wheel_and_files};
use layerwright::size::tar;
use serde_json::Value;

/// One app layer that Bazel 7.7.1 and rules_pkg 1.0.1 packed.
struct AppLayer {
    name: &'static str,
    files: u64,
    tar: u64,
    gzip: u64,
    zstd: u64,
    /// Sum of the wheels in uv.lock.
    wheels: u64,
}

const APP_LAYERS: [AppLayer; 4] = [
    AppLayer {
        name: "hello-fastapi",
        files: 612,
        tar: 34_017_280,
        gzip: 9_677_274,
        zstd: 9_586_235,
        wheels: 9_850_154,
    },
    AppLayer {
        name: "experience-api",
        files: 2_773,
        tar: 91_535_360,
        gzip: 24_816_443,
        zstd: 24_734_916,
        wheels: 25_791_289,
    },
    AppLayer { name: "worker", files: 2_450, tar: 66_693_120, gzip: 18_050_242, zstd: 18_020_297, wheels: 18_960_832 },
    AppLayer {
        name: "status-api",
        files: 2_773,
        tar: 91_351_040,
        gzip: 24_813_950,
        zstd: 24_725_914,
        wheels: 25_791_289,
    },
];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sizes").join(name)
}

/// Length and path of each entry, as they stand in the tar.
fn listing(name: &str) -> Vec<(u64, String)> {
    let file = std::fs::File::open(data(&format!("{name}.tar.list.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let lines = text.lines().map(|line| line.split_once('\t').unwrap());
    lines.map(|(bytes, path)| (bytes.parse().unwrap(), path.to_owned())).collect()
}

struct Wheel {
    name: String,
    wheel: u64,
    files: u64,
    gzip: u64,
    zstd: u64,
}

fn wheels() -> Vec<Wheel> {
    let document: Value = serde_json::from_slice(&std::fs::read(data("wheel_sizes.json")).unwrap()).unwrap();
    let number = |row: &Value, key: &str| row[key].as_u64().unwrap();
    let row = |row: &Value| Wheel {
        name: row["name"].as_str().unwrap().to_owned(),
        wheel: number(row, "wheel"),
        files: number(row, "files"),
        gzip: number(row, "gz"),
        zstd: number(row, "zst"),
    };
    document.as_array().unwrap().iter().map(row).collect()
}

/// How far `estimate` is off, in hundredths of a percent of the truth.
fn error(estimate: u64, truth: u64) -> u64 {
    estimate.abs_diff(truth) * 10_000 / truth
}

fn median(mut errors: Vec<u64>) -> u64 {
    errors.sort_unstable();
    errors[errors.len() / 2]
}

#[test]
fn tar_lengths_are_exact() {
    for layer in APP_LAYERS {
        let entries = listing(layer.name);
        let is_file = |path: &str| !path.ends_with('/');
        assert_eq!(entries.iter().filter(|(_, path)| is_file(path)).count() as u64, layer.files, "{}", layer.name);
        let bytes: ByteCount = entries.iter().map(|(bytes, path)| tar::entry_bytes(path, ByteCount(*bytes))).sum();
        assert_eq!(tar::archive_bytes(bytes), ByteCount(layer.tar), "{}", layer.name);
    }
}

#[test]
fn apps_are_within_three_percent() {
    for layer in APP_LAYERS {
        let wheels = ByteCount(layer.wheels);
        let gzip = from_wheel(wheels, Compression::Gzip).0;
        assert!(error(gzip, layer.gzip) < 300, "{}: {gzip} for {}", layer.name, layer.gzip);
        let by_files = from_wheel_and_files(wheels, layer.files, Compression::Gzip).unwrap().0;
        assert!(error(by_files, layer.gzip) < 200, "{}: {by_files} for {}", layer.name, layer.gzip);
        let by_files = from_wheel_and_files(wheels, layer.files, Compression::Zstd).unwrap().0;
        assert!(error(by_files, layer.zstd) < 300, "{}: {by_files} for {}", layer.name, layer.zstd);
        let zstd = from_wheel(wheels, Compression::Zstd).0;
        assert!(error(zstd, layer.zstd) < 600, "{}: {zstd} for {}", layer.name, layer.zstd);
        let tar = from_wheel(wheels, Compression::None).0;
        assert!(error(tar, layer.tar) < 200, "{}: {tar} for {}", layer.name, layer.tar);
    }
}

#[test]
fn packages_are_within_the_bounds_that_are_said() {
    let wheels = wheels();
    assert_eq!(wheels.len(), 55);
    let errors = |estimate: &dyn Fn(&Wheel) -> u64, truth: &dyn Fn(&Wheel) -> u64| {
        median(wheels.iter().map(|wheel| error(estimate(wheel), truth(wheel))).collect())
    };
    let plain = |compression| move |wheel: &Wheel| from_wheel(ByteCount(wheel.wheel), compression).0;
    let by_files = |compression| {
        move |wheel: &Wheel| {
            from_wheel_and_files(ByteCount(wheel.wheel), wheel.files, compression).unwrap_or_default().0
        }
    };
    let gzip = |wheel: &Wheel| wheel.gzip;
    let zstd = |wheel: &Wheel| wheel.zstd;
    assert!(errors(&plain(Compression::Gzip), &gzip) <= 370);
    assert!(errors(&by_files(Compression::Gzip), &gzip) <= 180);
    assert!(errors(&plain(Compression::Zstd), &zstd) <= 600);
    assert!(errors(&by_files(Compression::Zstd), &zstd) <= 400);
    let sum = |figure: &dyn Fn(&Wheel) -> u64| wheels.iter().map(figure).sum::<u64>();
    assert!(error(sum(&plain(Compression::Gzip)), sum(&gzip)) <= 10, "all wheels together");
    assert!(error(sum(&plain(Compression::Zstd)), sum(&zstd)) <= 600, "all wheels together");
}

#[test]
fn no_number_of_files_makes_a_package_vanish() {
    for wheel in wheels() {
        let bytes = from_wheel_and_files(ByteCount(wheel.wheel), 1_000_000, Compression::Gzip).unwrap();
        assert_eq!(bytes, ByteCount(wheel.wheel).scaled(1, 10), "{}", wheel.name);
    }
}
