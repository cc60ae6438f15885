//! The `mod` lines of `src/workspace/bazel/mod.rs` that start no program, and what the fuzz target does with them.

#[path = "../../../../src/workspace/bazel/answer.rs"]
pub mod answer;
#[path = "../../../../src/workspace/bazel/decode.rs"]
pub mod decode;
#[path = "../../../../src/workspace/bazel/messages.rs"]
pub mod messages;
#[path = "../../../../src/workspace/bazel/names.rs"]
pub mod names;
#[path = "../../../../src/workspace/bazel/values.rs"]
mod values;
#[path = "../../../../src/workspace/bazel/wire.rs"]
mod wire;

use answer::BazelAnswer;
use decode::{DecodeError, TargetStream};
use names::RepositoryNames;

/// Reads an answer that comes in these pieces; `mapping` is what Bazel said of the names of repositories.
///
/// # Errors
/// When the bytes are no answer.
pub fn read(pieces: &[&[u8]], mapping: &[u8]) -> Result<BazelAnswer, DecodeError> {
    let mut names = RepositoryNames::new(["pypi".to_owned()]);
    names.take_mapping(mapping);
    let mut stream = TargetStream::default();
    let mut answer = BazelAnswer::default();
    for piece in pieces {
        stream.push(piece, &mut |message| answer.add(message, &names))?;
    }
    stream.finish()?;
    Ok(answer)
}

/// Reads what Bazel said on standard error.
#[must_use]
pub fn listen(bytes: &[u8]) -> (usize, usize, usize) {
    let lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect();
    (messages::problems(&lines).len(), messages::broken_packages(&lines).len(), messages::last_words(&lines).len())
}
