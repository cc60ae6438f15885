use super::*;
use crate::advice::objective::Weights;
use crate::advice::sample::{Numbers, problem};
use crate::history::cost::PullProfile;
use crate::jobs::Unwatched;
use std::sync::atomic::AtomicBool;

/// The cheapest of all arrangements that groups can express.
fn optimum(problem: &Problem, objective: Objective, most: usize) -> Cost {
    let relations = Relations::new(problem);
    let outlook = Outlook::new(problem);
    let count = problem.candidates.len();
    let mut best = Arrangement::new(problem, &relations, objective, Some(&outlook), 0).cost();
    let mut arrangement = Arrangement::new(problem, &relations, objective, Some(&outlook), most);
    for code in 0..(most + 1).pow(count as u32) {
        let layers: Vec<Layer> = (0..count).map(|place| code / (most + 1).pow(place as u32) % (most + 1) + 1).collect();
        let is_closed =
            |upper: usize| relations.below[upper].iter().all(|&lower| layers[lower as usize] <= layers[upper]);
        if (0..count).all(is_closed) {
            arrangement.set_all(&layers);
            best = best.min(arrangement.cost());
        }
    }
    best
}

fn objective(round: usize) -> Objective {
    let profile = PullProfile::ALL[round % 2];
    let weights =
        if round.is_multiple_of(3) { Weights { first_pull: 0, repull: 100, unpack: 30 } } else { Weights::default() };
    Objective { profile, weights }
}

/// The share and the ratio are printed with `--nocapture`.
#[test]
fn small_instances_are_solved_as_well_as_by_trying_everything() {
    const INSTANCES: usize = 300;
    let mut numbers = Numbers::new(1);
    let (mut equal, mut worst) = (0, 1.0_f64);
    for round in 0..INSTANCES {
        let (most, count) = [(1, 7), (2, 6), (3, 5)][round % 3];
        let commits = 8 + numbers.below(24) as usize;
        let problem = problem(&mut numbers, count, commits);
        let request = Request { objective: objective(round), most_groups: most, also: &[], known: &[] };
        let found = search(&problem, &request, &mut |_| {}, &Unwatched).last().map(|found| found.cost).unwrap();
        let best = optimum(&problem, request.objective, most);
        assert!(found >= best, "the enumeration misses something in {round}");
        equal += usize::from(found == best);
        worst = worst.max(found.0 as f64 / best.0 as f64);
    }
    println!("{equal} of {INSTANCES} equal the optimum, the worst is {worst:.4} times as dear");
    assert!(equal * 100 >= INSTANCES * 99 && worst <= 1.02, "{equal} of {INSTANCES} equal, worst {worst}");
}

/// Running sums that drift would make every figure wrong without a sign of it.
#[test]
fn moves_keep_the_sums_right() {
    let mut numbers = Numbers::new(11);
    for _ in 0..20 {
        let problem = problem(&mut numbers, 12, 30);
        let relations = Relations::new(&problem);
        let objective = objective(1);
        let mut moved = Arrangement::new(&problem, &relations, objective, None, 4);
        let mut undo = crate::advice::arrangement::Undo::default();
        for step in 0..60 {
            let before = (moved.layers().to_vec(), moved.bytes());
            moved.place(numbers.below(12) as usize, 1 + numbers.below(5) as usize, &mut undo);
            let mut anew = Arrangement::new(&problem, &relations, objective, None, 4);
            anew.set_all(moved.layers());
            assert_eq!(moved.bytes(), anew.bytes());
            if usize::is_multiple_of(step, 3) {
                moved.take_back(&mut undo);
                assert_eq!((moved.layers().to_vec(), moved.bytes()), before);
            }
            undo = crate::advice::arrangement::Undo::default();
        }
    }
}

#[test]
fn a_search_that_is_stopped_has_something_and_one_that_is_repeated_the_same() {
    let problem = problem(&mut Numbers::new(5), 30, 60);
    let request = Request { objective: objective(0), most_groups: 3, also: &[], known: &[] };
    let whole = search(&problem, &request, &mut |_| {}, &Unwatched);
    assert_eq!(whole, search(&problem, &request, &mut |_| {}, &Unwatched));
    let mut reports = Vec::new();
    let stopped = search(&problem, &request, &mut |found| reports.push(found.cost), &AtomicBool::new(true));
    assert!(!stopped.is_empty() && stopped.last().unwrap().cost >= whole.last().unwrap().cost);
    assert!(reports.is_sorted_by(|earlier, later| earlier > later));
}

/// All that such a history says is that everything changed, which speaks for no layer at all.
#[test]
fn an_app_with_a_single_deploy_is_advised_to_have_layers() {
    let mut problem = problem(&mut Numbers::new(3), 10, 1);
    problem.units.iter_mut().for_each(|unit| unit.changes = vec![0]);
    for profile in PullProfile::ALL {
        let objective = Objective { profile, ..Objective::default() };
        let request = Request { objective, most_groups: 3, also: &[], known: &[] };
        let found = search(&problem, &request, &mut |_| {}, &Unwatched);
        assert!(found.last().is_some_and(|found| found.groups > 0), "{profile:?}");
    }
}

#[test]
fn a_known_arrangement_is_never_beaten_by_the_result() {
    let mut numbers = Numbers::new(9);
    for round in 0..20 {
        let problem = problem(&mut numbers, 40, 50);
        let known: Vec<Option<usize>> = (0..40).map(|place| Some(place / 14)).collect();
        let objective = objective(round);
        let with = Request { objective, most_groups: 3, also: &[], known: std::slice::from_ref(&known) };
        let found = search(&problem, &with, &mut |_| {}, &Unwatched).last().map(|found| found.cost).unwrap();
        let relations = Relations::new(&problem);
        let outlook = Outlook::new(&problem);
        let mut arrangement = Arrangement::new(&problem, &relations, objective, Some(&outlook), 3);
        let mut layers = layers_of(&known, 3);
        for (upper, below) in relations.below.iter().enumerate() {
            for &lower in below {
                layers[lower as usize] = layers[lower as usize].min(layers[upper]);
            }
        }
        arrangement.set_all(&layers);
        assert!(found <= arrangement.cost());
    }
}
