//! Converts listed files to wheels and other files.

use super::model::{LockedFile, LockedPackage, Wheel};
use crate::byte_count::ByteCount;

/// The file name in a URL or path, without query and fragment, percent-decoded (`%2B` -> `+`).
pub(super) fn file_name_of(location: &str) -> String {
    let path = location.split(['#', '?']).next().unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    percent_decoded(name)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let decoded = match after {
            [high, low, ..] if first == b'%' => hex_pair(*high, *low),
            _ => None,
        };
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

/// A wheel if its name says so.
pub(super) fn add_file(package: &mut LockedPackage, file_name: String, bytes: Option<u64>, hash: String) {
    let bytes = bytes.map(ByteCount);
    if file_name.ends_with(".whl") {
        package.wheels.push(Wheel { file_name, bytes, hash });
    } else {
        package.other_files.push(LockedFile { file_name, bytes, hash });
    }
}

#[cfg(test)]
mod tests {
    use super::file_name_of;

    #[test]
    fn the_name_is_the_decoded_end_of_the_url() {
        let check = |location: &str, name: &str| assert_eq!(file_name_of(location), name);
        check(
            "https://x/y/torch-2.9.1%2Bcpu-cp313-cp313-linux_x86_64.whl#sha256=0",
            "torch-2.9.1+cpu-cp313-cp313-linux_x86_64.whl",
        );
        check("wheels/a-1-py3-none-any.whl", "a-1-py3-none-any.whl");
        check("C:\\wheels\\a-1.tar.gz", "a-1.tar.gz");
        check("https://x/100%", "100%");
        check("https://x/%4", "%4");
        check("https://x/%zz", "%zz");
        check("https://x/%C3%A4?download=1", "ä");
        check("", "");
    }
}
