//! A package page of an index: JSON of PEP 691.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::byte_count::ByteCount;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IndexFile {
    pub file_name: String,
    /// An address, or a link relative to the page.
    pub url: String,
    /// PEP 700.
    pub bytes: Option<ByteCount>,
    /// 64 hexadecimal digits.
    pub sha256: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    files: Vec<PageFile>,
}

#[derive(Deserialize)]
struct PageFile {
    filename: String,
    url: String,
    size: Option<u64>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

/// `None` for anything else, such as HTML of an older index.
pub(super) fn parse_page(bytes: &[u8]) -> Option<Vec<IndexFile>> {
    let page: Page = serde_json::from_slice(bytes).ok()?;
    let file = |mut file: PageFile| IndexFile {
        file_name: file.filename,
        url: file.url,
        bytes: file.size.map(ByteCount),
        sha256: file.hashes.remove("sha256"),
    };
    Some(page.files.into_iter().map(file).collect())
}
