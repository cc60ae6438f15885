//! How much one file may cost inside the evaluator. What slips through is stopped by the limits of the child process.

use starlark::eval::Evaluator;

/// Deepest chain of calls. Each level takes a few kilobytes of the thread's stack.
const DEEPEST_CALLS: usize = 120;
/// Largest heap of one file, in bytes. It is looked at every thousand steps only.
const LARGEST_HEAP: usize = 256 * 1024 * 1024;
/// Most steps of one file.
const MOST_STEPS: u64 = 20_000_000;

/// Sets all limits.
///
/// # Errors
/// When they were set before.
pub fn set(evaluator: &mut Evaluator<'_, '_, '_>) -> starlark::Result<()> {
    evaluator.set_max_callstack_size(DEEPEST_CALLS).map_err(starlark::Error::new_other)?;
    evaluator.set_max_heap_size(LARGEST_HEAP).map_err(starlark::Error::new_other)?;
    evaluator.set_max_tick_count(MOST_STEPS).map_err(starlark::Error::new_other)
}
