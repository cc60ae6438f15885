//! Reads a tar front to back, with one header in memory. Not a library, because every length must be bounded before it
//! is believed: a long name or an extended header is refused by its claimed size. Behaves as Go's `archive/tar`, which
//! unpacks layers in Docker, containerd and Podman.

use std::io::{self, Read};

use crate::built_image::limits::Limits;
use crate::built_image::tar_header::{BLOCK, PaxRecords, parse, pax_records, until_zero};

pub(crate) trait TarSource: Read + Sized {
    /// # Errors
    /// When the source is too short.
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut Read::by_ref(self).take(bytes), &mut io::sink())?;
        if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

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
    /// As in the tar.
    pub path: Vec<u8>,
    pub kind: TarKind,
    pub bytes: u64,
    /// Empty for anything but links.
    pub link: Vec<u8>,
    pub content_offset: u64,
}

#[derive(Debug)]
pub(crate) enum TarError {
    Source(io::Error),
    Broken { offset: u64, reason: &'static str },
}

impl From<io::Error> for TarError {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

pub(crate) struct TarStream<S> {
    source: S,
    offset: u64,
    content_left: u64,
    padding: u64,
    longest_header: u64,
    longest_path: usize,
}

/// Extended headers for the next entry.
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

    pub(crate) fn into_source(self) -> S {
        self.source
    }

    /// Skips the rest of the previous content. `None` at the end.
    pub(crate) fn next_entry(&mut self) -> Result<Option<TarEntry>, TarError> {
        let mut extensions = Extensions::default();
        loop {
            self.pass_over_content()?;
            let Some(block) = self.block()? else { return Ok(None) };
            // One block of zeros ends a tar, as in Go and GNU tar.
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

    /// Returns 0 at the end of the content.
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
        // The last entry may lack padding: umoci writes such tars, and Go reads them.
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

    /// `None` at the end of the source.
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

    /// An error at the last block.
    fn broken_before(&self, reason: &'static str) -> TarError {
        TarError::Broken { offset: self.offset.saturating_sub(BLOCK as u64), reason }
    }
}
