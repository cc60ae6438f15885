//! Decompresses stored bytes and counts and hashes both sides. The first bytes decide between gzip, zstd and none, as
//! in container engines: some tools write wrong media types. flate2 and ruzstd are memory-safe decoders in Rust,
//! because the streams may be hostile.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest as _, Sha256};

use crate::built_image::limits::Limits;
use crate::built_image::model::ContentHash;
use crate::built_image::tar_stream::TarSource;
use crate::layers::compression::Compression;

/// Why reading stopped; outranks the decoder's error.
#[derive(Debug)]
pub(crate) enum Stop {
    Disk(io::Error),
    WrongSize { expected: u64, found: u64 },
    TooLarge { limit: u64 },
    Bomb,
    Cancelled,
}

/// State that both sides of a decoder share.
#[derive(Default)]
pub(crate) struct Gauge {
    stored: Cell<u64>,
    stop: RefCell<Option<Stop>>,
}

impl Gauge {
    pub(crate) fn take_stop(&self) -> Option<Stop> {
        self.stop.borrow_mut().take()
    }

    fn stop(&self, reason: Stop) -> io::Error {
        *self.stop.borrow_mut() = Some(reason);
        io::Error::other("stopped")
    }
}

/// The stored side: hashed, and exactly as long as expected.
pub(crate) struct Stored<'a> {
    source: &'a mut dyn Read,
    gauge: &'a Gauge,
    hasher: Sha256,
    bytes: u64,
    expected: u64,
    /// Called with the bytes read so far; `false` stops.
    tick: &'a mut dyn FnMut(u64) -> bool,
}

impl<'a> Stored<'a> {
    pub(crate) fn new(
        source: &'a mut dyn Read,
        expected: u64,
        gauge: &'a Gauge,
        tick: &'a mut dyn FnMut(u64) -> bool,
    ) -> Self {
        Self { source, gauge, hasher: Sha256::new(), bytes: 0, expected, tick }
    }

    pub(crate) fn hash(self) -> ContentHash {
        ContentHash(self.hasher.finalize().into())
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if !(self.tick)(self.bytes) {
            return Err(self.gauge.stop(Stop::Cancelled));
        }
        let read = self.source.read(buffer).map_err(|error| self.gauge.stop(Stop::Disk(error)))?;
        self.bytes = self.bytes.saturating_add(read as u64);
        if self.bytes > self.expected || (read == 0 && self.bytes < self.expected) {
            return Err(self.gauge.stop(Stop::WrongSize { expected: self.expected, found: self.bytes }));
        }
        self.gauge.stored.set(self.bytes);
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

pub(crate) enum Decoder<'a> {
    Plain(BufReader<Stored<'a>>),
    Gzip(Box<MultiGzDecoder<BufReader<Stored<'a>>>>),
    Zstd(Box<ZstdFrames<BufReader<Stored<'a>>>>),
}

const BUFFER: usize = 1 << 16;

impl<'a> Decoder<'a> {
    pub(crate) fn new(stored: Stored<'a>) -> io::Result<Self> {
        let mut source = BufReader::with_capacity(BUFFER, stored);
        let start = source.fill_buf()?;
        Ok(if start.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip(Box::new(MultiGzDecoder::new(source)))
        } else if is_zstd(start) {
            Self::Zstd(Box::new(ZstdFrames::new(source)))
        } else {
            Self::Plain(source)
        })
    }

    pub(crate) fn compression(&self) -> Compression {
        match self {
            Self::Plain(_) => Compression::None,
            Self::Gzip(_) => Compression::Gzip,
            Self::Zstd(_) => Compression::Zstd,
        }
    }

    fn into_stored(self) -> Stored<'a> {
        match self {
            Self::Plain(source) => source.into_inner(),
            Self::Gzip(decoder) => decoder.into_inner().into_inner(),
            Self::Zstd(decoder) => decoder.source.into_inner(),
        }
    }
}

/// Magic numbers of frames and skippable frames (RFC 8878, sections 3.1.1 and 3.1.2).
fn is_zstd(start: &[u8]) -> bool {
    start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || (start.first().is_some_and(|byte| byte & 0xf0 == 0x50) && start.get(1..4) == Some(&[0x2a, 0x4d, 0x18]))
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}

/// Consecutive Zstandard frames: zstd:chunked layers have many, with skippable frames between them.
pub(crate) struct ZstdFrames<R> {
    source: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> ZstdFrames<R> {
    fn new(source: R) -> Self {
        // The decoder refuses windows over 128 MiB, as the zstd program does.
        Self { source, decoder: FrameDecoder::new(), in_frame: false }
    }

    /// Returns `false` at the end.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => {
                    self.in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut Read::by_ref(&mut self.source).take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.in_frame && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, step).map_err(io::Error::other)?;
            }
            match self.decoder.read(buffer)? {
                0 => self.in_frame = false,
                read => return Ok(read),
            }
        }
    }
}

/// The tar side: counted, hashed, and limited.
pub(crate) struct Unpacked<'a> {
    decoder: Decoder<'a>,
    gauge: &'a Gauge,
    /// `None` for a plain tar, which the stored side hashes.
    hasher: Option<Sha256>,
    bytes: u64,
    allowed: u64,
    limits: Limits,
}

pub(crate) struct Ends {
    pub stored: ContentHash,
    pub tar: ContentHash,
    pub tar_bytes: u64,
}

impl<'a> Unpacked<'a> {
    pub(crate) fn new(decoder: Decoder<'a>, allowed: u64, gauge: &'a Gauge, limits: &Limits) -> Self {
        let hasher = (decoder.compression() != Compression::None).then(Sha256::new);
        Self { decoder, gauge, hasher, bytes: 0, allowed, limits: *limits }
    }

    /// Reads the rest, so that the hashes cover everything.
    pub(crate) fn finish(mut self) -> io::Result<Ends> {
        io::copy(&mut self, &mut io::sink())?;
        let tar_bytes = self.bytes;
        let mut stored = self.decoder.into_stored();
        io::copy(&mut stored, &mut io::sink())?;
        let stored = stored.hash();
        let tar = self.hasher.map_or(stored, |hasher| ContentHash(hasher.finalize().into()));
        Ok(Ends { stored, tar, tar_bytes })
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        self.bytes = self.bytes.saturating_add(read as u64);
        if self.bytes > self.allowed {
            return Err(self.gauge.stop(Stop::TooLarge { limit: self.limits.tar_bytes }));
        }
        let by_ratio = self.gauge.stored.get().saturating_mul(self.limits.ratio);
        if self.bytes > self.limits.free_tar_bytes.max(by_ratio) {
            return Err(self.gauge.stop(Stop::Bomb));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..read).unwrap_or_default());
        }
        Ok(read)
    }
}

impl TarSource for Unpacked<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn unzstd(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        ZstdFrames::new(bytes).read_to_end(&mut content).map(|_| content)
    }

    #[test]
    fn frames_follow_each_other_with_frames_to_skip_between() {
        let frame = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let skipped = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let stream = [&skipped[..], &frame("one "), &skipped, &frame(""), &frame("two"), &skipped].concat();
        assert!(is_zstd(&stream));
        assert_eq!(unzstd(&stream).unwrap(), b"one two");
        assert!(unzstd(&stream[..stream.len() - 1]).is_err(), "the last frame is cut short");
        assert!(unzstd(&[&stream[..], b"tail"].concat()).is_err());
    }

    #[test]
    fn a_window_that_would_fill_memory_is_refused() {
        // A frame header that asks for a window of 3.75 TiB, and one with 512 MiB.
        for window in [0xff, (19 << 3)] {
            let error = unzstd(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, window, 0x01, 0x00, 0x00]).unwrap_err();
            assert!(error.to_string().to_lowercase().contains("window"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn damaged_streams_end_in_an_error_or_in_bytes(at in 4_usize..200, with in any::<u8>(), cut in 0_usize..200) {
            let text = "layers of containers ".repeat(40);
            let mut stream = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
            let at = at % stream.len();
            stream[at] = with;
            stream.truncate(stream.len().saturating_sub(cut % 3 * cut).max(at));
            if let Ok(content) = unzstd(&stream) {
                prop_assert!(content.len() <= 1 << 20);
            }
        }
    }
}
