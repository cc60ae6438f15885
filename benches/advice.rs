//! How long advice takes: the exact order of 16 groups over 400 commits, and a suggestion for 500 units over 1,000.
//!
//! `cargo bench --bench advice`. Prints the best of several runs of each. The aims are 10 ms and 1 s; the code runs at the
//! release profile there. `cargo bench --profile dev --bench advice --config 'profile.dev.opt-level=3'` builds faster.
#![allow(clippy::print_stdout, reason = "a program that measures and prints")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use layerwright::advice::objective::Objective;
use layerwright::advice::order::best_order;
use layerwright::advice::problem::{Candidate, InterpreterLayer, Problem, Unit};
use layerwright::advice::search::{Request, search};
use layerwright::history::cost::PullProfile;
use layerwright::jobs::Unwatched;
use layerwright::label::Label;

fn main() {
    for profile in [PullProfile::Keep, PullProfile::Chain] {
        let objective = Objective { profile, ..Objective::default() };
        let app = problem(64, 400);
        // Each group has three units of its own, and three or eight of sixteen that other groups bring too.
        for shared in [3, 8] {
            let closures: Vec<Vec<u32>> = (0..16_u32)
                .map(|group| {
                    let of_all = (0..shared).map(|place| 48 + (group + place) % 16);
                    (0..3).map(|own| group * 3 + own).chain(of_all).collect()
                })
                .collect();
            let time = best(10, || drop(best_order(&app, objective, &closures, &Unwatched)));
            println!(
                "best order of 16 groups with {shared} shared units each, 400 commits, {:<5} {:>8.1} ms",
                profile.as_str(),
                time.as_secs_f64() * 1e3
            );
        }
        let app = problem(500, 1_000);
        for most_groups in [3, 8] {
            let request = Request { objective, most_groups, also: &[], known: &[] };
            let time = best(3, || drop(search(&app, &request, &mut |_| {}, &Unwatched)));
            println!(
                "suggestion of up to {most_groups} layers, 500 units, 1,000 commits, {:<5} {:>8.1} ms",
                profile.as_str(),
                time.as_secs_f64() * 1e3
            );
        }
    }
}

fn best(runs: u32, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

/// Targets with a unit each: up to three dependencies, up to forty changes, sizes over five orders of magnitude.
fn problem(count: usize, commits: usize) -> Problem {
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = move |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % limit
    };
    let mut problem = Problem {
        rest: Unit {
            compressed_bytes: 1_000,
            tar_bytes: 3_000,
            changes: (0..commits as u32).collect(),
            is_package: false,
            parts: 1,
        },
        interpreter: Unit { compressed_bytes: 45_000_000, tar_bytes: 240_000_000, ..Unit::default() },
        interpreter_layer: InterpreterLayer::Always,
        commits,
        ..Problem::default()
    };
    for place in 0..count {
        let compressed_bytes = 1 << (8 + below(18));
        let changes: BTreeSet<u32> = (0..below(40)).map(|_| below(commits as u64) as u32).collect();
        let unit = Unit {
            compressed_bytes,
            tar_bytes: 3 * compressed_bytes,
            changes: changes.into_iter().collect(),
            is_package: below(2) == 0,
            parts: 1,
        };
        problem.units.push(unit);
        let mut closure = BTreeSet::from([place as u32]);
        for _ in 0..below(4) {
            let earlier = problem.candidates.get(below(place as u64 + 1) as usize);
            if let Some(earlier) = earlier.filter(|earlier| earlier.closure.len() < 40) {
                closure.extend(&earlier.closure);
            }
        }
        let label = Label::main("pkg", &format!("target_{place}"));
        problem.candidates.push(Candidate { label, closure: closure.into_iter().collect() });
    }
    problem
}
