//! A look at every byte of a file: its hash, its lines, and whether it is UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::Error;

/// Bytes at the start of a file from which its format, delimiter and header are worked out.
pub(super) const HEAD_BYTES: usize = 256 << 10;

const CHUNK_BYTES: usize = 1 << 20;

/// What the bytes of a file are.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) sha256: String,
    pub(super) byte_count: u64,
    pub(super) head: Vec<u8>,
    pub(super) lf_count: u64,
    pub(super) cr_count: u64,
    pub(super) nul_count: u64,
    /// Characters of more than one byte.
    pub(super) wide_count: u64,
    /// Places that are not UTF-8.
    pub(super) invalid_count: u64,
    /// Line feeds in UTF-16, by which byte comes first.
    pub(super) wide_lf_counts: [u64; 2],
    pub(super) ends_with_line: bool,
}

/// Reads a file: its hash and what its bytes are at the same time, as each takes about as long as the other.
///
/// # Errors
/// [`Error::File`] where it cannot be read.
pub(super) fn scan(path: &Path) -> Result<Scan, Error> {
    std::thread::scope(|threads| {
        let hashing = threads.spawn(|| hash(path));
        let mut scan = Scan::of(path)?;
        let hashed = hashing.join().map_err(|_| Error::internal("hashing a file"))?;
        scan.sha256 = hashed?;
        Ok(scan)
    })
}

fn hash(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::file(path, "cannot be opened"))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; CHUNK_BYTES];
    loop {
        match file.read(&mut buffer).map_err(Error::file(path, "cannot be read"))? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => hash.update(&buffer[..read]),
        }
    }
}

impl Scan {
    /// All but the hash.
    fn of(path: &Path) -> Result<Self, Error> {
        let mut file = File::open(path).map_err(Error::file(path, "cannot be opened"))?;
        let mut scan = Self::default();
        // Room before the chunk for the start of a character that the last chunk cut.
        let mut buffer = vec![0_u8; CHUNK_BYTES + 4];
        let mut kept = 0;
        loop {
            let read = file.read(&mut buffer[kept..kept + CHUNK_BYTES]).map_err(Error::file(path, "cannot be read"))?;
            if read == 0 {
                break;
            }
            scan.count(&buffer[kept..kept + read]);
            let unfinished = scan.check_utf8(&buffer[..kept + read]);
            buffer.copy_within(kept + read - unfinished..kept + read, 0);
            kept = unfinished;
        }
        scan.invalid_count += u64::from(kept > 0);
        Ok(scan)
    }

    fn count(&mut self, bytes: &[u8]) {
        if self.head.len() < HEAD_BYTES {
            let wanted = (HEAD_BYTES - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..wanted]);
        }
        self.lf_count += count(bytes, b'\n');
        self.cr_count += count(bytes, b'\r');
        let nuls = count(bytes, 0);
        self.nul_count += nuls;
        if nuls > 0 {
            let is_odd = self.byte_count % 2 == 1;
            for pair in bytes[usize::from(is_odd)..].chunks_exact(2) {
                self.wide_lf_counts[0] += u64::from(pair == b"\n\0");
                self.wide_lf_counts[1] += u64::from(pair == b"\0\n");
            }
        }
        self.byte_count += bytes.len() as u64;
        self.ends_with_line = bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
    }

    /// Checks bytes and says how many at their end start a character that is not finished yet.
    fn check_utf8(&mut self, mut bytes: &[u8]) -> usize {
        loop {
            if bytes.is_ascii() {
                return 0;
            }
            match std::str::from_utf8(bytes) {
                Ok(_) => {
                    self.wide_count += count_leads(bytes);
                    return 0;
                }
                Err(error) => {
                    let valid = error.valid_up_to();
                    self.wide_count += count_leads(&bytes[..valid]);
                    let Some(length) = error.error_len() else { return bytes.len() - valid };
                    self.invalid_count += 1;
                    bytes = &bytes[valid + length..];
                }
            }
        }
    }
}

/// Counts a byte. Sums of at most 255 fit a byte, which lets the compiler count many bytes in one instruction.
fn count(bytes: &[u8], wanted: u8) -> u64 {
    bytes.chunks(255).map(|block| u64::from(block.iter().map(|&byte| u8::from(byte == wanted)).sum::<u8>())).sum()
}

/// Counts first bytes of characters beyond ASCII.
fn count_leads(bytes: &[u8]) -> u64 {
    bytes.chunks(255).map(|block| u64::from(block.iter().map(|&byte| u8::from(byte >= 0xC0)).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_by_the_chunk_is_whole_again() {
        let mut bytes = vec![b'a'; CHUNK_BYTES - 1];
        bytes.extend_from_slice("ő\n".as_bytes());
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), &bytes).expect("written");
        let scan = scan(file.path()).expect("read");
        assert_eq!((scan.invalid_count, scan.wide_count, scan.lf_count), (0, 1, 1));
        assert_eq!(scan.byte_count, bytes.len() as u64);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_counted() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), b"a\xE1b\n\xC5\x91\xF5").expect("written");
        let scan = scan(file.path()).expect("read");
        assert_eq!((scan.invalid_count, scan.wide_count), (2, 1));
    }

    #[test]
    fn the_hash_is_sha_256() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), b"abc").expect("written");
        // FIPS 180-2, appendix B.1.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(scan(file.path()).expect("read").sha256, known);
    }
}
