//! Small problems of numbers that look random and are the same at every run, for the tests of this module.

use crate::advice::problem::{Candidate, InterpreterLayer, Problem, Unit};
use crate::label::Label;

/// xorshift64 (Marsaglia, "Xorshift RNGs", 2003).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// `count` targets with a unit each; every one depends on each earlier one with chance 1/5.
pub(crate) fn problem(numbers: &mut Numbers, count: usize, commits: usize) -> Problem {
    let mut problem = Problem {
        rest: unit(numbers, commits, 500, false),
        interpreter: Unit { compressed_bytes: 45_000_000, tar_bytes: 240_000_000, ..Unit::default() },
        interpreter_layer: InterpreterLayer::Always,
        commits,
        ..Problem::default()
    };
    for place in 0..count {
        let is_package = numbers.below(2) == 0;
        let bytes = 1 << (8 + numbers.below(18));
        let mut own = unit(numbers, commits, bytes, is_package);
        // One in three changes together with an earlier one, as packages of one lock do.
        if let Some(earlier) = problem.units.get(numbers.below(3 * place as u64 + 1) as usize) {
            own.changes.clone_from(&earlier.changes);
        }
        problem.units.push(own);
        let mut closure = std::collections::BTreeSet::from([place as u32]);
        for earlier in &problem.candidates {
            if numbers.below(5) == 0 {
                closure.extend(&earlier.closure);
            }
        }
        let label = Label::main("pkg", &format!("target_{place}"));
        problem.candidates.push(Candidate { label, closure: closure.into_iter().collect() });
    }
    problem
}

fn unit(numbers: &mut Numbers, commits: usize, bytes: u64, is_package: bool) -> Unit {
    let compressed_bytes = bytes + numbers.below(bytes);
    let density = 1 + numbers.below(6);
    let changes = (0..commits as u32).filter(|_| numbers.below(14) < density).collect();
    Unit { compressed_bytes, tar_bytes: 3 * compressed_bytes, changes, is_package, parts: 1 }
}
