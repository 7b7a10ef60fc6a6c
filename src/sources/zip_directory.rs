//! The directory of a zip archive, read without unpacking anything: its names, and whether it is a bomb.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::Error;

/// Largest sum of unpacked sizes that is read: a million rows of a hundred columns stay well below it.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// Ratio of unpacked to packed size that no real workbook reaches (sheets pack about 10 to 50 to one).
const MAX_RATIO: u64 = 200;

/// Unpacked size below which the ratio does not matter.
const HARMLESS_BYTES: u64 = 100 << 20;

/// End-of-directory record: APPNOTE.TXT 4.3.16; 22 bytes and a comment of at most 65,535.
const END_MARK: [u8; 4] = [b'P', b'K', 5, 6];
const END_BYTES: u64 = 22 + 65_535;

/// Directory entry: APPNOTE.TXT 4.3.12.
const ENTRY_MARK: [u8; 4] = [b'P', b'K', 1, 2];
const ENTRY_BYTES: usize = 46;

/// Names in the archive.
///
/// # Errors
/// [`Error::Source`] where the archive is cut off, or would unpack to more than 2 GB or more than 200 times its size.
pub(super) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let directory = read_directory(path).map_err(Error::file(path, "cannot be read"))?.ok_or_else(|| {
        Error::source_file(path, "is a zip archive or workbook that is cut off or damaged; copy or export it again")
    })?;
    let mut names = Vec::new();
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut rest = directory.as_slice();
    while rest.len() >= ENTRY_BYTES && rest.starts_with(&ENTRY_MARK) {
        packed = packed.saturating_add(u64::from(number(rest, 20, 4)));
        unpacked = unpacked.saturating_add(u64::from(number(rest, 24, 4)));
        let lengths = [28, 30, 32].map(|at| number(rest, at, 2) as usize);
        let end = (ENTRY_BYTES + lengths.iter().sum::<usize>()).min(rest.len());
        let name = &rest[ENTRY_BYTES..(ENTRY_BYTES + lengths[0]).min(end)];
        names.push(String::from_utf8_lossy(name).into_owned());
        rest = &rest[end..];
    }
    let is_bomb = unpacked > HARMLESS_BYTES && unpacked / packed.max(1) > MAX_RATIO;
    if unpacked > MAX_UNPACKED_BYTES || is_bomb {
        let megabytes = unpacked >> 20;
        return Err(Error::source_file(
            path,
            format!(
                "would unpack to {megabytes} MB, {} times its size; it is refused as a zip bomb. Export the data as CSV",
                unpacked / packed.max(1)
            ),
        ));
    }
    Ok(names)
}

/// The central directory's bytes; none where the archive has no end record. Archives beyond 4 GB (zip64) carry
/// 0xFFFFFFFF as offset and fall outside the file, so they are reported as unreadable, which is right for a workbook.
fn read_directory(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(END_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let Some(at) = tail.windows(END_MARK.len()).rposition(|window| window == END_MARK) else { return Ok(None) };
    if tail.len() < at + 22 {
        return Ok(None);
    }
    let size = u64::from(number(&tail[at..], 12, 4));
    let start = u64::from(number(&tail[at..], 16, 4));
    if start.saturating_add(size) > length {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut directory = Vec::new();
    file.take(size).read_to_end(&mut directory)?;
    Ok(Some(directory))
}

/// A little-endian number; the caller has checked that the bytes are there.
fn number(bytes: &[u8], at: usize, length: usize) -> u32 {
    bytes[at..at + length].iter().rev().fold(0, |value, &byte| (value << 8) | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// An archive with one entry of the given declared sizes and no content.
    fn archive(packed: u32, unpacked: u32) -> tempfile::NamedTempFile {
        let mut entry = vec![0_u8; ENTRY_BYTES];
        entry[..4].copy_from_slice(&ENTRY_MARK);
        entry[20..24].copy_from_slice(&packed.to_le_bytes());
        entry[24..28].copy_from_slice(&unpacked.to_le_bytes());
        entry[28] = 15;
        entry.extend_from_slice(b"xl/workbook.xml");
        let mut end = vec![0_u8; 22];
        end[..4].copy_from_slice(&END_MARK);
        end[12..16].copy_from_slice(&(entry.len() as u32).to_le_bytes());
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(&entry).and_then(|()| file.write_all(&end)).expect("written");
        file
    }

    #[test]
    fn a_small_archive_gives_its_names() {
        assert_eq!(names(archive(10, 1000).path()).expect("fine"), ["xl/workbook.xml"]);
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let message = names(archive(1 << 16, 1 << 30).path()).expect_err("a bomb").to_string();
        assert!(message.contains("would unpack to 1024 MB, 16384 times its size"), "{message}");
        assert!(names(archive(1 << 30, 3 << 30).path()).is_err());
    }

    #[test]
    fn a_cut_archive_says_so() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(b"PK\x03\x04 and no end").expect("written");
        assert!(names(file.path()).expect_err("cut").to_string().contains("cut off or damaged"));
    }
}
