//! The directory at the end of a zip. Format: APPNOTE.TXT of PKWARE, sections 4.3.12 and 4.3.16, without the 64-bit
//! form: no wheel on an index needs it.

use crate::byte_count::ByteCount;
use crate::size::installed::is_inside;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Directory {
    pub offset: u64,
    pub bytes: u64,
    pub entries: u64,
}

/// The files of a wheel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelFiles {
    /// With their lengths, sorted.
    pub files: Vec<(String, ByteCount)>,
    /// Sum of their compressed lengths, of each at most `HEAD`.
    pub heads: ByteCount,
}

/// What a file shares with others is in so many of its compressed bytes: licences, imports, generated code.
const HEAD: u64 = 1_000;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;

/// `tail` is the end of a zip with `total` bytes.
pub(super) fn directory_at_end(tail: &[u8], total: u64) -> Option<Directory> {
    let last = tail.len().checked_sub(END_BYTES)?;
    // A comment may follow, so search backwards.
    let end = (0..=last).rev().filter_map(|at| tail.get(at..)).find(|rest| rest.starts_with(END))?;
    let directory = Directory {
        entries: u64::from(short(end, 10)?),
        bytes: u64::from(long(end, 12)?),
        offset: u64::from(long(end, 16)?),
    };
    let is_64_bit = directory.entries == 0xffff || directory.bytes == 0xffff_ffff || directory.offset == 0xffff_ffff;
    let is_inside = directory.offset.checked_add(directory.bytes).is_some_and(|end| end <= total);
    (!is_64_bit && is_inside).then_some(directory)
}

/// Sorted; `None` if the directory contradicts its end record.
pub(super) fn files_of_directory(mut directory: &[u8], entries: u64) -> Option<WheelFiles> {
    let (mut files, mut heads) = (Vec::new(), 0);
    for _ in 0..entries {
        if !directory.starts_with(ENTRY) {
            return None;
        }
        let length = long(directory, 24)?;
        if length == 0xffff_ffff {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| short(directory, at).map(usize::from));
        let (name, extra, comment) = (name?, extra?, comment?);
        let rest = directory.get(ENTRY_BYTES..)?;
        let path = String::from_utf8_lossy(rest.get(..name)?).into_owned();
        if !path.ends_with('/') && is_inside(&path) {
            heads += u64::from(long(directory, 20)?).min(HEAD);
            files.push((path, ByteCount(u64::from(length))));
        }
        directory = rest.get(name + extra + comment..)?;
    }
    files.sort();
    files.dedup_by(|left, right| left.0 == right.0);
    Some(WheelFiles { files, heads: ByteCount(heads) })
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(files: &[(&str, usize)], comment: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, length) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&vec![b'x'; *length]).unwrap();
        }
        writer.set_comment(comment).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn another_hands_zip_is_read() {
        let bytes = zip(&[("a.py", 0)], &format!("a comment PK\u{5}\u{6}{}", " ".repeat(30)));
        // The mark in the comment is taken first and leads nowhere: such a zip is passed over rather than misread.
        assert_eq!(directory_at_end(&bytes, bytes.len() as u64), None);
        let bytes = zip(&[("b/c.py", 700), ("a.py", 0), ("../out", 3)], "a comment");
        let directory = directory_at_end(&bytes, bytes.len() as u64).unwrap();
        let (start, end) = (directory.offset as usize, (directory.offset + directory.bytes) as usize);
        let files = files_of_directory(&bytes[start..end], directory.entries).unwrap();
        assert_eq!(files.files, [("a.py".to_owned(), ByteCount(0)), ("b/c.py".to_owned(), ByteCount(700))]);
        assert!((1..100).contains(&files.heads.0), "700 equal bytes compress to few: {}", files.heads);
        assert_eq!(files_of_directory(&bytes[start..end], directory.entries + 1), None);
        assert_eq!(files_of_directory(&bytes[start + 1..end], directory.entries), None);
    }

    proptest! {
        #[test]
        fn no_bytes_lead_out_of_bounds(bytes in proptest::collection::vec(any::<u8>(), 0..300), entries in 0_u64..9) {
            let mut tail = bytes.clone();
            tail.extend(END);
            tail.extend(&bytes);
            if let Some(found) = directory_at_end(&tail, tail.len() as u64) {
                prop_assert!(found.offset + found.bytes <= tail.len() as u64);
            }
            let mut directory = ENTRY.to_vec();
            directory.extend(&bytes);
            drop(files_of_directory(&directory, entries));
        }
    }
}
