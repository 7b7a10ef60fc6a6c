//! The directory of a zip archive, read without unpacking anything: its names, and whether it is a bomb.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use crate::error::Error;

/// Largest sum of unpacked sizes that is read: a million rows of a hundred columns stay well below it.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// Ratio of unpacked to packed size that no real workbook reaches (sheets pack about 10 to 50 to one).
const MAX_RATIO: u64 = 200;

/// Unpacked size below which the ratio does not matter.
const HARMLESS_BYTES: u64 = 100 << 20;

/// Names in the archive.
///
/// # Errors
/// [`Error::Source`] where the archive is cut off, or would unpack to more than 2 GB or more than 200 times its size.
pub(super) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let damaged = |_| {
        Error::source_file(path, "is a zip archive or workbook that is cut off or damaged; copy or export it again")
    };
    let file = File::open(path).map_err(Error::file(path, "cannot be read"))?;
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut names = Vec::new();
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(damaged)?;
        packed = packed.saturating_add(entry.compressed_size());
        unpacked = unpacked.saturating_add(entry.size());
        names.push(String::from_utf8_lossy(entry.name_raw()).into_owned());
    }
    let (ratio, megabytes) = (unpacked / packed.max(1), unpacked >> 20);
    let problem = if unpacked > HARMLESS_BYTES && ratio > MAX_RATIO {
        format!("would unpack to {megabytes} MB, {ratio} times its size; it is refused as a zip bomb")
    } else if unpacked > MAX_UNPACKED_BYTES {
        format!("would unpack to {megabytes} MB, more than the {} MB that are read", MAX_UNPACKED_BYTES >> 20)
    } else {
        return Ok(names);
    };
    Err(Error::source_file(path, format!("{problem}. Export the data as CSV")))
}

/// Largest part that is read as a text.
const MAX_TEXT_BYTES: u64 = 4 << 20;

/// A part of the archive as text, up to 4 MB of it; none where there is no such part, or it is no text.
pub(super) fn text(path: &Path, name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(File::open(path).ok()?).ok()?;
    let mut text = String::new();
    archive.by_name(name).ok()?.take(MAX_TEXT_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive with one entry of zeros; `is_large` writes its sizes as zip64 does.
    fn archive(byte_count: usize, is_large: bool) -> tempfile::NamedTempFile {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().large_file(is_large);
        writer.start_file("xl/workbook.xml", options).expect("an entry");
        let zeros = vec![0; 1 << 20];
        for start in (0..byte_count).step_by(zeros.len()) {
            writer.write_all(&zeros[..zeros.len().min(byte_count - start)]).expect("written");
        }
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(writer.finish().expect("an archive").get_ref()).expect("written");
        file
    }

    #[test]
    fn an_archive_gives_its_names_with_large_sizes_too() {
        for is_large in [false, true] {
            assert_eq!(names(archive(1000, is_large).path()).expect("fine"), ["xl/workbook.xml"]);
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let message = names(archive(101 << 20, false).path()).expect_err("a bomb").to_string();
        assert!(message.contains("would unpack to 101 MB, 10") && message.contains("times its size"), "{message}");
    }

    #[test]
    fn a_cut_archive_says_so() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(b"PK\x03\x04 and no end").expect("written");
        assert!(names(file.path()).expect_err("cut").to_string().contains("cut off or damaged"));
    }
}
