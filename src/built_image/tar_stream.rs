//! A tar read from front to back: one entry after the other, each with its content. Holds one header at a time.
//!
//! Written here rather than taken from a library because every length must be bounded before it is believed: a long name
//! or an extended header is refused by its claimed size, and never collected first. Does what Go's `archive/tar` does
//! where formats disagree, because that is what unpacks layers in Docker, containerd and Podman.

use std::io::{self, Read};

use crate::built_image::limits::Limits;
use crate::built_image::tar_header::{BLOCK, PaxRecords, parse, pax_records, until_zero};

/// What a tar is read from.
pub(crate) trait TarSource: Read + Sized {
    /// Passes over bytes that nobody wants.
    ///
    /// # Errors
    /// When they are not there.
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut Read::by_ref(self).take(bytes), &mut io::sink())?;
        if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// The kinds of entries that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TarKind {
    File,
    SparseFile,
    Directory,
    Symlink,
    Hardlink,
    Other,
}

/// One entry; its content is read from the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TarEntry {
    /// Path as it stands in the tar.
    pub path: Vec<u8>,
    pub kind: TarKind,
    /// Bytes of content that follow.
    pub bytes: u64,
    /// Where a link points to; empty for all else.
    pub link: Vec<u8>,
    /// Where the content starts in the tar.
    pub content_offset: u64,
}

/// Why a tar can't be read on.
#[derive(Debug)]
pub(crate) enum TarError {
    /// The source failed or ended.
    Source(io::Error),
    /// The tar is not one.
    Broken { offset: u64, reason: &'static str },
}

impl From<io::Error> for TarError {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

/// A tar that is being read.
pub(crate) struct TarStream<S> {
    source: S,
    offset: u64,
    content_left: u64,
    padding: u64,
    longest_header: u64,
    longest_path: usize,
}

/// Names that stand in entries of their own before the entry that they name.
#[derive(Default)]
struct Extensions {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    pax: PaxRecords,
}

impl<S: TarSource> TarStream<S> {
    pub(crate) fn new(source: S, limits: &Limits) -> Self {
        Self {
            source,
            offset: 0,
            content_left: 0,
            padding: 0,
            longest_header: limits.header_bytes,
            longest_path: limits.path_bytes,
        }
    }

    /// The source, wherever reading stopped.
    pub(crate) fn into_source(self) -> S {
        self.source
    }

    /// The next entry; `None` at the end. What was left of the content before is passed over.
    pub(crate) fn next_entry(&mut self) -> Result<Option<TarEntry>, TarError> {
        let mut extensions = Extensions::default();
        loop {
            self.pass_over_content()?;
            let Some(block) = self.block()? else { return Ok(None) };
            // One block of zeros is the end, as Go and GNU tar take it.
            if block.iter().all(|&byte| byte == 0) {
                return Ok(None);
            }
            let header = parse(&block).map_err(|reason| self.broken_before(reason))?;
            match header.letter {
                b'L' => extensions.path = Some(self.extension(header.bytes).map(|name| until_zero(&name).to_vec())?),
                b'K' => extensions.link = Some(self.extension(header.bytes).map(|name| until_zero(&name).to_vec())?),
                b'x' | b'X' => {
                    let text = self.extension(header.bytes)?;
                    extensions.pax = pax_records(&text).map_err(|reason| self.broken_before(reason))?;
                }
                b'g' => self.expect_content(header.bytes)?,
                _ => {
                    let mut more = header.more_sparse_blocks;
                    while more {
                        let block = self.block()?.ok_or(TarError::Source(io::ErrorKind::UnexpectedEof.into()))?;
                        more = block.get(504) != Some(&0);
                    }
                    let link = block.get(157..257).map(until_zero).unwrap_or_default().to_vec();
                    return self.entry(header.letter, header.path, link, header.bytes, extensions).map(Some);
                }
            }
        }
    }

    /// Reads some of the present entry's content; 0 at its end.
    pub(crate) fn read_content(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.content_left).unwrap_or(usize::MAX));
        let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let read = self.source.read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.content_left = self.content_left.saturating_sub(read as u64);
        self.offset = self.offset.saturating_add(read as u64);
        Ok(read)
    }

    fn entry(
        &mut self,
        letter: u8,
        path: Vec<u8>,
        link: Vec<u8>,
        bytes: u64,
        extensions: Extensions,
    ) -> Result<TarEntry, TarError> {
        let path = extensions.pax.path.or(extensions.path).unwrap_or(path);
        if path.len() > self.longest_path {
            return Err(self.broken_before("a path is longer than any system takes"));
        }
        let kind = match letter {
            b'0' | 0 | b'7' if path.ends_with(b"/") => TarKind::Directory,
            b'0' | 0 | b'7' if extensions.pax.is_sparse => TarKind::SparseFile,
            b'0' | 0 | b'7' => TarKind::File,
            b'S' => TarKind::SparseFile,
            b'1' => TarKind::Hardlink,
            b'2' => TarKind::Symlink,
            b'5' => TarKind::Directory,
            _ => TarKind::Other,
        };
        // Links, directories, devices and pipes have no content, whatever their size says.
        let bytes = if matches!(letter, b'1'..=b'6') { 0 } else { extensions.pax.bytes.unwrap_or(bytes) };
        self.expect_content(bytes)?;
        let link = extensions.link.unwrap_or(link);
        Ok(TarEntry { path, kind, bytes, link, content_offset: self.offset })
    }

    fn expect_content(&mut self, bytes: u64) -> Result<(), TarError> {
        let padded = bytes.checked_next_multiple_of(BLOCK as u64);
        let padded = padded.ok_or_else(|| self.broken_before("an entry is larger than any disk"))?;
        self.content_left = bytes;
        self.padding = padded - bytes;
        Ok(())
    }

    fn pass_over_content(&mut self) -> Result<(), TarError> {
        if self.content_left > 0 {
            self.source.skip(self.content_left)?;
        }
        // The last entry's padding may be missing: umoci writes such tars, and Go reads them.
        let mut block = [0; BLOCK];
        let mut left = usize::try_from(self.padding).unwrap_or(0);
        while let Some(rest) = block.get_mut(..left).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest)? {
                0 => break,
                read => left -= read,
            }
        }
        self.offset = self.offset.saturating_add(self.content_left).saturating_add(self.padding);
        (self.content_left, self.padding) = (0, 0);
        Ok(())
    }

    /// The content of an entry that describes the next one.
    fn extension(&mut self, bytes: u64) -> Result<Vec<u8>, TarError> {
        if bytes > self.longest_header {
            return Err(self.broken_before("a header is too long"));
        }
        self.expect_content(bytes)?;
        let mut content = vec![0; usize::try_from(bytes).unwrap_or(0)];
        let mut filled = 0;
        while let Some(rest) = content.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            filled += self.read_content(rest)?;
        }
        Ok(content)
    }

    /// The next block; `None` when the source ends before it.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, TarError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest)? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                read => filled += read,
            }
        }
        self.offset = self.offset.saturating_add(BLOCK as u64);
        Ok(Some(block))
    }

    /// An error at the block that was read last.
    fn broken_before(&self, reason: &'static str) -> TarError {
        TarError::Broken { offset: self.offset.saturating_sub(BLOCK as u64), reason }
    }
}
