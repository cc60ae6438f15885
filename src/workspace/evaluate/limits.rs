//! Limits of evaluation. The child process's limits catch what slips through.

use starlark::eval::Evaluator;

/// Each level takes a few kilobytes of stack.
const DEEPEST_CALLS: usize = 120;
/// In bytes, of one file; checked every thousand steps.
const LARGEST_HEAP: usize = 256 * 1024 * 1024;
/// Of one file.
const MOST_STEPS: u64 = 20_000_000;

/// # Errors
/// When they were set before.
pub fn set(evaluator: &mut Evaluator<'_, '_, '_>) -> starlark::Result<()> {
    evaluator.set_max_callstack_size(DEEPEST_CALLS).map_err(starlark::Error::new_other)?;
    evaluator.set_max_heap_size(LARGEST_HEAP).map_err(starlark::Error::new_other)?;
    evaluator.set_max_tick_count(MOST_STEPS).map_err(starlark::Error::new_other)
}
