//! Tar headers and PAX records. Formats: POSIX.1-2017 `pax`, "ustar Interchange Format" and "pax Extended Header"; GNU
//! tar manual, "Basic Tar Format".

pub(crate) const BLOCK: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TarHeader {
    /// With its prefix.
    pub path: Vec<u8>,
    /// The letter of the kind.
    pub letter: u8,
    /// Of the content that follows.
    pub bytes: u64,
    /// More blocks of a GNU sparse map follow.
    pub more_sparse_blocks: bool,
}

/// # Errors
/// A sentence when the checksum or the size is wrong.
pub(crate) fn parse(block: &[u8; BLOCK]) -> Result<TarHeader, &'static str> {
    if field(block, 148, 8).and_then(number) != Some(checksum(block)) {
        return Err("the checksum of a header is wrong");
    }
    let bytes = field(block, 124, 12).and_then(number).ok_or("the size of an entry is no number")?;
    let letter = field(block, 156, 1).and_then(<[u8]>::first).copied().unwrap_or(0);
    let name = until_zero(field(block, 0, 100).unwrap_or_default());
    // GNU tar has other fields in place of the prefix; its magic ends in spaces.
    let is_posix = field(block, 257, 6) == Some(b"ustar\0");
    let prefix = until_zero(field(block, 345, 155).filter(|_| is_posix).unwrap_or_default());
    let path = if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() };
    let more_sparse_blocks = letter == b'S' && field(block, 482, 1) != Some(&[0]);
    Ok(TarHeader { path, letter, bytes, more_sparse_blocks })
}

fn field(block: &[u8; BLOCK], start: usize, length: usize) -> Option<&[u8]> {
    block.get(start..start + length)
}

pub(crate) fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The checksum's own bytes count as spaces.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let counted = |(at, &byte): (usize, &u8)| u64::from(if (148..156).contains(&at) { b' ' } else { byte });
    block.iter().enumerate().map(counted).sum()
}

/// Octal between spaces and zero bytes, or GNU's binary form, whose first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    match field.split_first() {
        Some((0x80, rest)) => {
            rest.iter().try_fold(0_u64, |value, &byte| value.checked_mul(256).map(|value| value + u64::from(byte)))
        }
        // Negative, or beyond any size.
        Some((0x81.., _)) => None,
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | 0);
    let digits = field.iter().skip_while(|byte| is_blank(byte)).take_while(|byte| !is_blank(byte));
    digits.into_iter().try_fold(0_u64, |value, byte| match byte {
        b'0'..=b'7' => value.checked_mul(8).map(|value| value + u64::from(byte - b'0')),
        _ => None,
    })
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaxRecords {
    /// Replaces the header's.
    pub path: Option<Vec<u8>>,
    /// Replaces the header's.
    pub bytes: Option<u64>,
    /// The content is a GNU sparse map and the data between the holes.
    pub is_sparse: bool,
}

/// Reads records `<length> <key>=<value>
/// `; the length counts the whole record.
///
/// # Errors
/// A sentence when they are malformed.
pub(crate) fn pax_records(mut text: &[u8]) -> Result<PaxRecords, &'static str> {
    const BROKEN: &str = "an extended header is broken";
    let mut records = PaxRecords::default();
    let mut sparse_name = None;
    while !text.is_empty() {
        let space = text.iter().position(|&byte| byte == b' ').ok_or(BROKEN)?;
        let length = text.get(..space).and_then(decimal).and_then(|length| usize::try_from(length).ok());
        let (record, rest) = length.and_then(|length| text.split_at_checked(length)).ok_or(BROKEN)?;
        let record = record.get(space + 1..).and_then(|record| record.strip_suffix(b"\n")).ok_or(BROKEN)?;
        let equals = record.iter().position(|&byte| byte == b'=').ok_or(BROKEN)?;
        let (key, value) = (record.get(..equals).ok_or(BROKEN)?, record.get(equals + 1..).ok_or(BROKEN)?);
        match key {
            b"path" => records.path = Some(value.to_vec()),
            b"size" => records.bytes = Some(decimal(value).ok_or("the size of an entry is no number")?),
            b"GNU.sparse.name" => sparse_name = Some(value.to_vec()),
            _ => {}
        }
        records.is_sparse |= key.starts_with(b"GNU.sparse.");
        text = rest;
    }
    records.path = sparse_name.or(records.path);
    Ok(records)
}

fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        for (field, expected) in [
            (&b"00000000017\0"[..], Some(15)),
            (b"     17 \0   ", Some(15)),
            (b"\0\0\0\0", Some(0)),
            (b"9", None),
            (b"777777777777777777777777", None),
            (&[0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], Some(1 << 24)),
            (&[0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], None),
            (&[0xff; 12], None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }

    #[test]
    fn records_carry_long_paths_and_sizes() {
        let records = pax_records(b"18 path=a/longer/x\n").map(|records| records.path);
        assert_eq!(records, Err("an extended header is broken"), "the length counts the line feed");
        let records = pax_records(b"19 path=a/longer/x\n16 size=1000000\n13 other=\n=y\n").unwrap();
        assert_eq!(records.path.as_deref(), Some(&b"a/longer/x"[..]));
        assert_eq!(records.bytes, Some(1_000_000));
        assert!(!records.is_sparse);
    }

    #[test]
    fn broken_records_are_refused() {
        for text in ["x", "5", "0 a=b\n", "99 a=b\n", "6 a=b\n ", "7 size=\n", "99999999999999999999 a=b\n", "5 ab\n"] {
            assert!(pax_records(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.clone().try_into().unwrap();
            prop_assert!(parse(&block).is_err() || checksum(&block) > 0);
            prop_assert!(pax_records(&bytes).is_err());
        }
    }
}
