//! Packs files as in a layer and counts the bytes. Keeps nothing; touches no disk.

use std::io::{self, Read, Write};

use flate2::write::GzEncoder;

use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;

/// Default of zlib, which gzip, rules_pkg and Docker use.
const GZIP_LEVEL: u32 = 6;
/// Default of zstd.
const ZSTD_LEVEL: i32 = 3;
/// `2000-01-01`, rules_pkg's time of every entry.
const MODIFIED: u64 = 946_684_800;
const BLOCK: usize = 512;

/// A tar of which only the compressed length is kept.
pub struct Packer {
    encoder: Encoder,
}

enum Encoder {
    None(Counter),
    Gzip(GzEncoder<Counter>),
    Zstd(zstd::stream::write::Encoder<'static, Counter>),
}

struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Packer {
    /// # Errors
    /// When the compressor can't allocate.
    pub fn new(compression: Compression) -> io::Result<Self> {
        let encoder = match compression {
            Compression::None => Encoder::None(Counter(0)),
            Compression::Gzip => Encoder::Gzip(GzEncoder::new(Counter(0), flate2::Compression::new(GZIP_LEVEL))),
            Compression::Zstd => Encoder::Zstd(zstd::stream::write::Encoder::new(Counter(0), ZSTD_LEVEL)?),
        };
        Ok(Self { encoder })
    }

    /// # Errors
    /// When the compressor fails.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::None(counter) => counter.write_all(bytes),
            Encoder::Gzip(encoder) => encoder.write_all(bytes),
            Encoder::Zstd(encoder) => encoder.write_all(bytes),
        }
    }

    /// Adds a file with header and padding. Reads at most `length` bytes; fewer are filled with zeros, as the header
    /// has promised them.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn file(&mut self, path: &str, length: u64, content: &mut dyn Read) -> io::Result<()> {
        self.bytes(&entry_header(path, length))?;
        let mut buffer = vec![0_u8; 64 * 1024];
        let mut content = content.take(length);
        let mut left = length.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64);
        loop {
            let count = content.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            left = left.saturating_sub(count as u64);
            self.bytes(buffer.get(..count).unwrap_or_default())?;
        }
        buffer.fill(0);
        while left > 0 {
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            self.bytes(buffer.get(..count).unwrap_or_default())?;
            left -= count as u64;
        }
        Ok(())
    }

    /// Returns the compressed length.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn finish(self) -> io::Result<ByteCount> {
        let counter = match self.encoder {
            Encoder::None(counter) => counter,
            Encoder::Gzip(encoder) => encoder.finish()?,
            Encoder::Zstd(encoder) => encoder.finish()?,
        };
        Ok(ByteCount(counter.0))
    }
}

/// As in GNU tar: a name over 100 bytes has its own entry before.
#[must_use]
pub fn entry_header(path: &str, length: u64) -> Vec<u8> {
    let name = path.as_bytes();
    let mut blocks = Vec::with_capacity(BLOCK);
    if name.len() > 100 {
        blocks.extend(header(b"././@LongLink", name.len() as u64 + 1, b'L'));
        blocks.extend(name);
        blocks.resize(blocks.len() + BLOCK - name.len() % BLOCK, 0);
    }
    blocks.extend(header(name, length, b'0'));
    blocks
}

fn header(name: &[u8], length: u64, kind: u8) -> [u8; BLOCK] {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        for (slot, byte) in block.iter_mut().skip(at).zip(bytes) {
            *slot = *byte;
        }
    };
    put(0, name.get(..100).unwrap_or(name));
    put(100, b"0000555\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{length:011o}\0").get(..12).unwrap_or_default().as_bytes());
    put(136, format!("{MODIFIED:011o}\0").as_bytes());
    // The checksum counts its own bytes as blanks.
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar  \0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    for (slot, byte) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *slot = byte;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::tar::{archive_bytes, entry_bytes};

    fn packed(compression: Compression, files: &[(&str, &[u8])]) -> u64 {
        let mut packer = Packer::new(compression).unwrap();
        for (path, content) in files {
            packer.file(path, content.len() as u64, &mut &content[..]).unwrap();
        }
        packer.finish().unwrap().0
    }

    #[test]
    fn entries_are_as_long_as_the_formula_says_and_tar_reads_them() {
        let long = format!("app/{}.py", "x".repeat(120));
        let files: [(&str, &[u8]); 3] = [("app/a.py", b"import b\n"), (&long, &[7; 512]), ("app/empty", b"")];
        let formula: ByteCount =
            files.iter().map(|(path, content)| entry_bytes(path, ByteCount(content.len() as u64))).sum();
        assert_eq!(packed(Compression::None, &files), formula.0);
        let mut archive = Vec::new();
        for (path, content) in files {
            archive.extend(entry_header(path, content.len() as u64));
            archive.extend(content);
            archive.resize(archive.len().div_ceil(BLOCK) * BLOCK, 0);
        }
        archive.resize(usize::try_from(archive_bytes(formula).0).unwrap(), 0);
        let mut reader = tar::Archive::new(&archive[..]);
        let read: Vec<(String, u64)> = reader
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.path().unwrap().to_str().unwrap().to_owned(), entry.size()))
            .collect();
        let expected: Vec<_> = files.iter().map(|(path, content)| ((*path).to_owned(), content.len() as u64)).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn both_compressors_compress() {
        let text = "def handler(request):\n    return request.json()\n".repeat(200);
        let files = [("app/a.py", text.as_bytes())];
        let plain = packed(Compression::None, &files);
        for compression in [Compression::Gzip, Compression::Zstd] {
            let bytes = packed(compression, &files);
            assert!(bytes > 100 && bytes * 10 < plain, "{bytes} of {plain}");
        }
    }

    #[test]
    fn a_file_that_shrank_counts_as_long_as_its_header_says() {
        let mut packer = Packer::new(Compression::None).unwrap();
        packer.file("a", 1_000, &mut &b"short"[..]).unwrap();
        assert_eq!(packer.finish().unwrap(), ByteCount(512 + 1_024));
    }
}
