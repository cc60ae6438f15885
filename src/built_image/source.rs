//! Source of an image's bytes: a folder or one tar. Does IO, never writes. In a folder only fixed names are opened
//! (`index.json`, `blobs/sha256/<digest>`); names in a tar are looked up in a table and never reach the disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::built_image::error::ImageError;
use crate::built_image::layer::clean_path;
use crate::built_image::limits::Limits;
use crate::built_image::tar_stream::{TarError, TarKind, TarSource, TarStream};

pub(crate) enum ImageSource {
    Folder(PathBuf),
    Archive { path: PathBuf, members: BTreeMap<String, Member> },
}

pub(crate) enum Member {
    File { offset: u64, bytes: u64 },
    Link(String),
}

/// Followed links between members; `docker save` needs one.
const LINKS: usize = 8;

impl ImageSource {
    /// Of a tar, names and places of its members are read.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, ImageError> {
        let disk = |source| ImageError::Disk { path: path.to_owned(), source };
        let metadata = std::fs::metadata(path).map_err(disk)?;
        if metadata.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        // A pipe or device would block or never end.
        if !metadata.is_file() {
            return Err(ImageError::NotAnImage(path.to_owned()));
        }
        let mut file = File::open(path).map_err(disk)?;
        let mut start = [0; 4];
        let read = file.read(&mut start).map_err(disk)?;
        if start.starts_with(&[0x1f, 0x8b]) || start == [0x28, 0xb5, 0x2f, 0xfd] {
            return Err(ImageError::CompressedArchive(path.to_owned()));
        }
        if read < start.len() {
            return Err(ImageError::NotAnImage(path.to_owned()));
        }
        file.seek(SeekFrom::Start(0)).map_err(disk)?;
        let members = members(path, ArchiveFile { file, bytes: metadata.len() }, limits)?;
        Ok(Self::Archive { path: path.to_owned(), members })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Archive { members, .. } => find(members, name).is_some(),
        }
    }

    /// A file and its length.
    pub(crate) fn reader(&self, name: &str) -> Result<(Box<dyn Read>, u64), ImageError> {
        match self {
            Self::Folder(folder) => open_file(&folder.join(name), name),
            Self::Archive { path, members } => {
                let (offset, bytes) = find(members, name).ok_or_else(|| ImageError::Missing(format!("{name:?}")))?;
                let disk = |source| ImageError::Disk { path: path.clone(), source };
                let mut file = File::open(path).map_err(disk)?;
                file.seek(SeekFrom::Start(offset)).map_err(disk)?;
                Ok((Box::new(file.take(bytes)), bytes))
            }
        }
    }

    /// A whole file within the limit of documents.
    pub(crate) fn document(&self, name: &str, limits: &Limits) -> Result<Vec<u8>, ImageError> {
        let (reader, bytes) = self.reader(name)?;
        let too_large = || ImageError::TooLarge { what: format!("bytes of {name:?}"), limit: limits.document_bytes };
        if bytes > limits.document_bytes {
            return Err(too_large());
        }
        let mut content = Vec::new();
        let disk = |source| ImageError::Disk { path: name.into(), source };
        // The file may have grown.
        reader.take(limits.document_bytes.saturating_add(1)).read_to_end(&mut content).map_err(disk)?;
        if content.len() as u64 > limits.document_bytes { Err(too_large()) } else { Ok(content) }
    }
}

/// Follows links, as Bazel's layouts use them; content is checked against its digest.
fn open_file(path: &Path, name: &str) -> Result<(Box<dyn Read>, u64), ImageError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ImageError::Missing(format!("{name:?}")),
        _ => ImageError::Disk { path: path.to_owned(), source },
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(ImageError::Document { what: format!("{name:?}"), reason: "it is no file".to_owned() });
    }
    Ok((Box::new(File::open(path).map_err(failed)?), metadata.len()))
}

/// Follows links within the tar.
fn find(members: &BTreeMap<String, Member>, name: &str) -> Option<(u64, u64)> {
    let mut name = name.to_owned();
    for _ in 0..=LINKS {
        match members.get(&clean_path(name.as_bytes()))? {
            Member::File { offset, bytes } => return Some((*offset, *bytes)),
            Member::Link(target) => name.clone_from(target),
        }
    }
    None
}

/// A tar that seeks past contents.
struct ArchiveFile {
    file: File,
    bytes: u64,
}

impl Read for ArchiveFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl TarSource for ArchiveFile {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let end = self.file.stream_position()?.checked_add(bytes).filter(|end| *end <= self.bytes);
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.file.seek(SeekFrom::Start(end)).map(drop)
    }
}

fn members(path: &Path, file: ArchiveFile, limits: &Limits) -> Result<BTreeMap<String, Member>, ImageError> {
    let mut tar = TarStream::new(file, limits);
    let mut members = BTreeMap::new();
    let mut count = 0_usize;
    let broken = |error| match error {
        // Without even a tar's start it is no damaged image.
        TarError::Broken { offset: 0, .. } => ImageError::NotAnImage(path.to_owned()),
        TarError::Broken { offset, reason } => ImageError::Tar { what: path.display().to_string(), offset, reason },
        TarError::Source(source) => ImageError::Disk { path: path.to_owned(), source },
    };
    while let Some(entry) = tar.next_entry().map_err(broken)? {
        count += 1;
        if count > limits.archive_members {
            let what = format!("{}: files in the archive", path.display());
            return Err(ImageError::TooLarge { what, limit: limits.archive_members as u64 });
        }
        let name = clean_path(&entry.path);
        let member = match entry.kind {
            TarKind::File => Member::File { offset: entry.content_offset, bytes: entry.bytes },
            TarKind::Hardlink => Member::Link(String::from_utf8_lossy(&entry.link).into_owned()),
            TarKind::Symlink => Member::Link(beside(&name, &String::from_utf8_lossy(&entry.link))),
            TarKind::SparseFile | TarKind::Directory | TarKind::Other => continue,
        };
        members.insert(name, member);
    }
    Ok(members)
}

/// Target of a symbolic link in `name`, from the tar's root.
fn beside(name: &str, target: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        parts.clear();
    }
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_members_only() {
        assert_eq!(beside("a/layer.tar", "../b/layer.tar"), "b/layer.tar");
        assert_eq!(beside("a/layer.tar", "/b.tar"), "b.tar");
        assert_eq!(beside("a/layer.tar", "../../../etc/passwd"), "etc/passwd");
        let link = |to: &str| Member::Link(to.to_owned());
        let members: BTreeMap<String, Member> = [
            ("a".to_owned(), link("./b")),
            ("b".to_owned(), Member::File { offset: 512, bytes: 7 }),
            ("round".to_owned(), link("about")),
            ("about".to_owned(), link("round")),
            ("out".to_owned(), link("/etc/passwd")),
        ]
        .into();
        assert_eq!(find(&members, "a"), Some((512, 7)));
        assert_eq!(find(&members, "round"), None);
        assert_eq!(find(&members, "out"), None);
    }
}
