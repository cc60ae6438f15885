//! Decodes `--output=streamed_proto`: each message is preceded by its length. The one format of Bazel 6 to 9 that can
//! be read incrementally (`streamed_jsonproto` came with 6.3; `xml` and `proto` must be complete).

use prost::Message;
use thiserror::Error;

use super::wire;

/// In bytes. A rule with 100,000 sources stays below a tenth of it.
const LONGEST_MESSAGE: u64 = 256 * 1024 * 1024;
/// 64 bits in groups of seven.
const LONGEST_LENGTH: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The length is unreadable or unreasonable.
    #[error("after {0} bytes there is no message with a length within reason")]
    BadLength(u64),
    #[error("the message after {0} bytes is no target: {1}")]
    BadMessage(u64, String),
    #[error("it ends within a message, after {0} bytes")]
    Truncated(u64),
}

#[derive(Debug, Default)]
pub struct TargetStream {
    pending: Vec<u8>,
    /// Bytes of the messages handed out.
    consumed: u64,
}

impl TargetStream {
    /// Hands out every message that is complete.
    pub(super) fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(wire::Target)) -> Result<(), DecodeError> {
        self.pending.extend_from_slice(bytes);
        let mut start = 0;
        while let Some((length, prefix)) = self.length_at(start)? {
            let from = start + prefix;
            let Some(message) = from.checked_add(length).and_then(|end| self.pending.get(from..end)) else { break };
            let place = self.consumed + start as u64;
            each(wire::Target::decode(message).map_err(|error| DecodeError::BadMessage(place, error.to_string()))?);
            start = from + length;
        }
        self.pending.drain(..start);
        self.consumed += start as u64;
        Ok(())
    }

    /// Fails if the stream ends within a message.
    pub(super) fn finish(&self) -> Result<(), DecodeError> {
        if self.pending.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Truncated(self.consumed + self.pending.len() as u64))
        }
    }

    /// The length of the message at `start`, and its own size; `None` if incomplete.
    fn length_at(&self, start: usize) -> Result<Option<(usize, usize)>, DecodeError> {
        let bad = || DecodeError::BadLength(self.consumed + start as u64);
        let mut length: u64 = 0;
        for (index, byte) in self.pending.get(start..).unwrap_or_default().iter().enumerate() {
            if index >= LONGEST_LENGTH {
                return Err(bad());
            }
            length |= u64::from(byte & 0x7f).checked_shl(index as u32 * 7).unwrap_or_default();
            if length > LONGEST_MESSAGE {
                return Err(bad());
            }
            if byte & 0x80 == 0 {
                return Ok(Some((usize::try_from(length).map_err(|_| bad())?, index + 1)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str) -> Vec<u8> {
        let rule = wire::Rule { name: Some(name.as_bytes().to_vec()), ..wire::Rule::default() };
        wire::Target { kind: Some(1), rule: Some(rule), ..wire::Target::default() }.encode_length_delimited_to_vec()
    }

    fn names(pieces: &[&[u8]]) -> Result<Vec<String>, DecodeError> {
        let mut stream = TargetStream::default();
        let mut names = Vec::new();
        for piece in pieces {
            stream.push(piece, &mut |target| {
                names.push(String::from_utf8(target.rule.unwrap().name.unwrap()).unwrap());
            })?;
        }
        stream.finish()?;
        Ok(names)
    }

    #[test]
    fn messages_come_out_however_the_bytes_are_cut() {
        let long = "x".repeat(300);
        let bytes = [message("//a:a"), message(&long), message("//b:b")].concat();
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(names(&[left, right]).unwrap(), ["//a:a", &long, "//b:b"], "cut at {cut}");
        }
        assert!(names(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_answer_is_an_error_with_its_place() {
        let good = message("//a:a");
        let cut = good.get(..good.len() - 1).unwrap();
        assert_eq!(names(&[cut]), Err(DecodeError::Truncated(cut.len() as u64)));
        assert!(
            matches!(names(&[&good, &[0xff; 11]]), Err(DecodeError::BadLength(place)) if place == good.len() as u64)
        );
        assert!(matches!(names(&[&[0x80, 0x80, 0x80, 0x80, 0x7f]]), Err(DecodeError::BadLength(0))));
        // A length of three, then a group that never ends.
        assert!(matches!(names(&[&[3, 0x0b, 0x0b, 0x0b]]), Err(DecodeError::BadMessage(0, _))));
        assert!(names(&[b"ERROR: no such command"]).is_err());
    }
}
