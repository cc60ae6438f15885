//! Asks a package index for a wheel's length and list of files, only when a user asked for it: the index learns package
//! names. Does IO, through `network`.
//!
//! Uses the JSON form of the simple repository API (PEP 691, lengths by PEP 700). The files come from the directory at
//! the end of the zip, by a range request; no wheel is downloaded.

mod page;
mod zip_directory;

use thiserror::Error;

use crate::byte_count::ByteCount;
use crate::jobs::Watch;
use crate::size::network::address::Address;
use crate::size::network::{Network, NetworkError, Question, Reply};
use crate::size::package_index::page::{IndexFile, parse_page};
pub use crate::size::package_index::zip_directory::WheelFiles;
use crate::size::package_index::zip_directory::{Directory, directory_at_end, files_of_directory};
use crate::workspace::lock::wheel_tags::best_wheel;
use crate::workspace::lock::{PackageName, Wheel};
use crate::workspace::platform::Platform;

/// Used if nothing names another.
pub const PUBLIC_INDEX: &str = "https://pypi.org/simple";
/// The longest lists of the public index have about 20 MB.
const PAGE_BYTES: u64 = 64 << 20;
/// Contains the whole directory of most wheels.
const TAIL_BYTES: u64 = 64 << 10;
const DIRECTORY_BYTES: u64 = 16 << 20;

#[derive(Debug, Error)]
pub enum IndexError {
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error("{host} has no package {name}")]
    NoPackage { host: String, name: String },
    /// The index has other files than the lock names.
    #[error("{host} has no wheel of {name} {version} that fits the platform and the lock")]
    NoWheel { host: String, name: String, version: String },
    #[error("{address} answers with status {status}")]
    Status { address: Address, status: u16 },
    /// It does not support the JSON form.
    #[error("{0} does not answer in the JSON form of PEP 691; name another index with --fetch-sizes=URL")]
    NotJson(Address),
    #[error("{0} says no length of {1}")]
    NoLength(String, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPackage {
    pub name: PackageName,
    pub version: String,
    /// If the lock names it.
    pub wheel: Option<Wheel>,
    /// Hashes in the lock, with `sha256:`; empty accepts any.
    pub hashes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexAnswer {
    pub file_name: String,
    pub bytes: ByteCount,
    /// Sorted; `None` if the server has no range requests or the zip is unusual.
    pub files: Option<WheelFiles>,
}

pub struct PackageIndex<'a> {
    pub network: &'a Network,
    /// Base of the package pages, without a final slash.
    pub address: &'a Address,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
}

/// As far as known.
type LengthAndFiles = (Option<ByteCount>, Option<WheelFiles>);

impl PackageIndex<'_> {
    /// # Errors
    /// When the index does not answer, or has no such wheel or length.
    pub fn ask(
        &self,
        asked: &AskedPackage,
        platform: &Platform,
        python: (u32, u32),
        watch: &dyn Watch,
    ) -> Result<IndexAnswer, IndexError> {
        let host = || self.address.server().to_owned();
        let text = self.address.to_string();
        let address = Address::parse(&format!("{}/{}/", text.trim_end_matches('/'), asked.name.as_str()))
            .map_err(NetworkError::from)?;
        let reply = self.get(&address, "application/vnd.pypi.simple.v1+json", None, PAGE_BYTES, watch)?;
        match reply.status {
            200 => {}
            404 => return Err(IndexError::NoPackage { host: host(), name: asked.name.as_str().to_owned() }),
            406 => return Err(IndexError::NotJson(address)),
            status => return Err(IndexError::Status { address, status }),
        }
        let files = parse_page(&reply.body).ok_or_else(|| IndexError::NotJson(address))?;
        let file = choose(&files, asked, platform, python).ok_or_else(|| IndexError::NoWheel {
            host: host(),
            name: asked.name.as_str().to_owned(),
            version: asked.version.clone(),
        })?;
        let wheel = reply.address.join(&file.url).map_err(NetworkError::from)?;
        let (length, listed) = self.directory(&wheel, watch)?;
        let bytes = file.bytes.or(length).ok_or_else(|| IndexError::NoLength(host(), file.file_name.clone()))?;
        // Another length means that it is a directory of another file.
        let files = listed.filter(|_| length.is_none_or(|length| length == bytes));
        Ok(IndexAnswer { file_name: file.file_name.clone(), bytes, files })
    }

    /// Length and files by range requests.
    fn directory(&self, wheel: &Address, watch: &dyn Watch) -> Result<LengthAndFiles, IndexError> {
        let Some((tail, total)) = self.range(wheel, &format!("bytes=-{TAIL_BYTES}"), TAIL_BYTES, watch)? else {
            return Ok((None, None));
        };
        let length = Some(ByteCount(total));
        let Some(Directory { offset, bytes, entries }) = directory_at_end(&tail, total) else {
            return Ok((length, None));
        };
        let tail_start = total.saturating_sub(tail.len() as u64);
        let part = match offset.checked_sub(tail_start).and_then(|start| usize::try_from(start).ok()) {
            Some(start) => {
                tail.get(start..).and_then(|rest| rest.get(..usize::try_from(bytes).ok()?)).map(<[u8]>::to_vec)
            }
            None if bytes == 0 || bytes > DIRECTORY_BYTES => None,
            None => {
                let range = format!("bytes={offset}-{}", offset.saturating_add(bytes) - 1);
                self.range(wheel, &range, bytes, watch)?.map(|(part, _)| part)
            }
        };
        Ok((length, part.and_then(|part| files_of_directory(&part, entries))))
    }

    /// Part of a file, and the whole length; `None` if the server does not support ranges.
    fn range(
        &self,
        address: &Address,
        range: &str,
        most_bytes: u64,
        watch: &dyn Watch,
    ) -> Result<Option<(Vec<u8>, u64)>, IndexError> {
        match self.get(address, "*/*", Some(range), most_bytes, watch) {
            Ok(reply) if reply.status == 206 => {
                let total = reply.header("content-range").and_then(|range| range.rsplit_once('/')?.1.parse().ok());
                Ok(total.map(|total| (reply.body, total)))
            }
            // A small file may come whole.
            Ok(reply) if reply.status == 200 => {
                let total = reply.body.len() as u64;
                Ok(Some((reply.body, total)))
            }
            Ok(_) | Err(NetworkError::TooLarge { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn get(
        &self,
        address: &Address,
        accept: &str,
        range: Option<&str>,
        most_bytes: u64,
        watch: &dyn Watch,
    ) -> Result<Reply, NetworkError> {
        // A login is for the index, not for other servers.
        let authorization = self.authorization.filter(|_| address.is_same_server(self.address));
        let question = Question { address, accept, authorization, range, most_bytes };
        match self.network.get(&question, watch) {
            // A busy connection may drop a request.
            Err(NetworkError::NoAnswer { .. }) if !watch.is_cancelled() => self.network.get(&question, watch),
            answer => answer,
        }
    }
}

/// The wheel that the lock names by file or hash, else the best of the version.
fn choose<'a>(
    files: &'a [IndexFile],
    asked: &AskedPackage,
    platform: &Platform,
    python: (u32, u32),
) -> Option<&'a IndexFile> {
    if let Some(wheel) = &asked.wheel {
        return files.iter().find(|file| file.file_name == wheel.file_name);
    }
    let is_locked = |file: &IndexFile| {
        asked.hashes.is_empty()
            || file.sha256.as_ref().is_some_and(|hash| asked.hashes.contains(&format!("sha256:{hash}")))
    };
    let is_version = |file: &IndexFile| {
        let mut parts = file.file_name.split('-');
        parts.next().is_some_and(|name| PackageName::new(name) == asked.name)
            && parts.next().is_some_and(|version| is_same_version(version, &asked.version))
    };
    let fitting: Vec<Wheel> = files
        .iter()
        .filter(|file| file.file_name.ends_with(".whl") && is_version(file) && is_locked(file))
        .map(|file| Wheel { file_name: file.file_name.clone(), bytes: file.bytes, hash: String::new() })
        .collect();
    let best = best_wheel(&fitting, platform, python)?;
    files.iter().find(|file| file.file_name == best.file_name)
}

/// `1.0` and `1.0.0` are equal (PEP 440).
fn is_same_version(left: &str, right: &str) -> bool {
    let parse = |text: &str| text.parse::<pep440_rs::Version>();
    left == right || matches!((parse(left), parse(right)), (Ok(left), Ok(right)) if left == right)
}

#[cfg(test)]
mod tests;
