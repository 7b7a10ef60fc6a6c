//! What a file is, from one pass over it: hash, format, encoding, lines, delimiter, header.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::encoding::{Encoding, Evidence};
use super::magic::{self, Magic};
use super::options::{Header, ReadOptions};
use super::records::TEXT_FORMULA;
use super::scan::{Scan, scan};
use super::{header, sniff};
use crate::error::Error;

/// Characters beyond ASCII for each place that is not UTF-8, from which on a file is damaged UTF-8, not another encoding.
const DAMAGED_RATIO: u64 = 10;

/// Share of NUL bytes, one in this many, above which a file is no text.
const BINARY_RATIO: u64 = 20;

/// What a file is.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub byte_count: u64,
    /// Its format, by its content.
    pub format: Format,
}

/// A format that is read.
#[derive(Clone, Debug)]
pub enum Format {
    /// Rows of text.
    Text(TextShape),
    /// Apache Parquet.
    Parquet,
    /// An Excel workbook.
    Xlsx,
    /// An XML document, such as a camt bank statement; not a table.
    Xml,
}

/// How a text file is written.
#[derive(Clone, Debug)]
pub struct TextShape {
    /// Its encoding, which is certain.
    pub encoding: Encoding,
    /// Bytes of the byte order mark at its start.
    pub bom_length: usize,
    /// Lines, the last one counted whether or not it ends.
    pub line_count: u64,
    /// Whether the last line does not end, as in a file that was cut off.
    pub is_last_line_open: bool,
    /// What ends a line.
    pub line_end: LineEnd,
    /// NUL characters; a row that has one is rejected.
    pub nul_count: u64,
    /// Places that the encoding does not allow; known for UTF-8 only.
    pub invalid_count: u64,
    /// Character between fields; a comma where there is one column.
    pub delimiter: char,
    /// Cells are written as formulas that give a text, `="00123"`, as exports made for Excel do.
    pub has_text_formulas: bool,
    /// Every row stands in a frame of `|`, as in a list printed by SAP.
    pub is_framed: bool,
    /// Lines before the header, or before the first row where there is none.
    pub skip_lines: u64,
    /// Cells of the header or of the first row, as they are written.
    pub header: Vec<String>,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed, alone or after a carriage return.
    Lf,
    /// A carriage return alone.
    Cr,
}

impl Probe {
    /// Whether an engine can read the file as it lies: UTF-8 without damage, a header in the first line with a name of
    /// its own for each column, one record after another. Anything else goes through [`super::rewrite::rewrite`].
    #[must_use]
    pub fn is_plain(&self, options: &ReadOptions) -> bool {
        let Format::Text(text) = &self.format else { return false };
        let is_header_usual = options.header.as_ref().is_none_or(|header| *header == Header::FirstLine(true));
        text.encoding == Encoding::UTF_8
            && text.nul_count == 0
            && text.invalid_count == 0
            && text.line_end == LineEnd::Lf
            && !text.is_framed
            && !text.has_text_formulas
            && text.skip_lines == 0
            && options.subtotal_mark.is_none()
            && is_header_usual
            && !header::looks_like_data(&text.header)
            && header::names(&text.header) == text.header
    }

    /// Names of the columns; of a workbook they are known when it is read.
    ///
    /// # Errors
    /// [`Error::Source`] where the first line is data and nothing says so.
    pub fn columns(&self, options: &ReadOptions) -> Result<Vec<String>, Error> {
        match &self.format {
            Format::Text(text) => Ok(header::columns(&self.path, &text.header, options)?.0),
            Format::Parquet | Format::Xlsx | Format::Xml => Ok(Vec::new()),
        }
    }
}

/// Finds out what a file is, in one pass over its bytes (a second one where the text is not UTF-8).
///
/// # Errors
/// [`Error::File`] where it cannot be read; [`Error::Source`] where it is a folder, empty, of a format that is not
/// read, or of an encoding that is not certain and not given in `options`.
pub fn probe(path: &Path, options: &ReadOptions) -> Result<Probe, Error> {
    if path.is_dir() {
        return Err(Error::source_file(path, "is a folder; name the files in it"));
    }
    let scan = scan(path)?;
    let format = match magic::recognise(path, &scan.head, scan.byte_count)? {
        Magic::Parquet => Format::Parquet,
        Magic::Xlsx => Format::Xlsx,
        Magic::Xml => Format::Xml,
        Magic::Text => Format::Text(text_shape(path, &scan, options)?),
    };
    Ok(Probe { path: path.to_owned(), sha256: scan.sha256, byte_count: scan.byte_count, format })
}

fn text_shape(path: &Path, scan: &Scan, options: &ReadOptions) -> Result<TextShape, Error> {
    let (found, bom_length) = marked_encoding(&scan.head);
    let encoding = match options.encoding.or(found) {
        Some(encoding) => encoding,
        None if scan.nul_count * BINARY_RATIO > scan.byte_count => {
            let share = scan.nul_count * 100 / scan.byte_count;
            let problem = format!("is not text ({share}% of its bytes are NUL); export it as CSV or XLSX");
            return Err(Error::source_file(path, problem));
        }
        None if scan.invalid_count * DAMAGED_RATIO <= scan.wide_count => Encoding::UTF_8,
        None => legacy_encoding(path)?,
    };
    let is_wide = encoding == Encoding::UTF_16_LE || encoding == Encoding::UTF_16_BE;
    let lf_count =
        if is_wide { scan.wide_lf_counts[usize::from(encoding == Encoding::UTF_16_BE)] } else { scan.lf_count };
    let line_end = if lf_count == 0 && scan.cr_count > 0 { LineEnd::Cr } else { LineEnd::Lf };
    let line_ends = if line_end == LineEnd::Cr { scan.cr_count } else { lf_count };
    let is_open = if is_wide { !ends_wide(path, encoding)? } else { !scan.ends_with_line };
    let sample = sample(&scan.head[bom_length..], encoding, scan.byte_count > scan.head.len() as u64);
    let lines: Vec<&str> = match line_end {
        LineEnd::Lf => sample.lines().collect(),
        LineEnd::Cr => sample.split_terminator('\r').collect(),
    };
    let shape = sniff::shape(&lines, options.delimiter, options.skip_lines);
    if shape.header.is_empty() {
        let after = options.skip_lines.map_or_else(String::new, |n| format!(" after the {n} lines to skip"));
        return Err(Error::source_file(path, format!("has no rows{after}; only blank lines")));
    }
    Ok(TextShape {
        encoding,
        bom_length,
        line_count: line_ends + u64::from(is_open),
        is_last_line_open: is_open,
        line_end,
        nul_count: if is_wide { 0 } else { scan.nul_count },
        invalid_count: if encoding == Encoding::UTF_8 { scan.invalid_count } else { 0 },
        delimiter: shape.delimiter,
        has_text_formulas: sample.contains(TEXT_FORMULA),
        is_framed: shape.is_framed,
        skip_lines: shape.skip_lines,
        header: shape.header,
    })
}

/// Encoding by byte order mark, or by the NULs that plain letters have in UTF-16.
fn marked_encoding(head: &[u8]) -> (Option<Encoding>, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return (Some(Encoding::UTF_8), 3),
        [0xFF, 0xFE, ..] => return (Some(Encoding::UTF_16_LE), 2),
        [0xFE, 0xFF, ..] => return (Some(Encoding::UTF_16_BE), 2),
        _ => {}
    }
    let pairs = head.len().min(4096) / 2;
    let nuls = |odd: usize| head.iter().take(pairs * 2).skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    if pairs >= 4 && second * 2 > pairs && first * 10 < pairs {
        (Some(Encoding::UTF_16_LE), 0)
    } else if pairs >= 4 && first * 2 > pairs && second * 10 < pairs {
        (Some(Encoding::UTF_16_BE), 0)
    } else {
        (None, 0)
    }
}

fn legacy_encoding(path: &Path) -> Result<Encoding, Error> {
    let mut file = File::open(path).map_err(Error::file(path, "cannot be opened"))?;
    let mut evidence = Evidence::new();
    let mut buffer = vec![0_u8; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(Error::file(path, "cannot be read"))? {
            0 => return evidence.decide(path),
            read => evidence.add(&buffer[..read]),
        }
    }
}

/// Whether a UTF-16 file ends with a line feed.
fn ends_wide(path: &Path, encoding: Encoding) -> Result<bool, Error> {
    use std::io::{Seek, SeekFrom};
    let mut last = [0_u8; 2];
    let mut file = File::open(path).map_err(Error::file(path, "cannot be opened"))?;
    file.seek(SeekFrom::End(-2))
        .and_then(|_| file.read_exact(&mut last))
        .map_err(Error::file(path, "cannot be read"))?;
    Ok(last == if encoding == Encoding::UTF_16_LE { *b"\n\0" } else { *b"\0\n" })
}

/// The start of the file as text; the last line goes where the file is longer, for it may be cut.
fn sample(head: &[u8], encoding: Encoding, is_cut: bool) -> String {
    let mut text = String::with_capacity(head.len() * 3);
    let _ = encoding.decoder().decode_to_string(head, &mut text, true);
    if is_cut && let Some(end) = text.rfind(['\n', '\r']) {
        text.truncate(end + 1);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probed(bytes: &[u8]) -> Result<TextShape, String> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), bytes).expect("written");
        match probe(file.path(), &ReadOptions::default()).map_err(|e| e.to_string())?.format {
            Format::Text(text) => Ok(text),
            other => Err(format!("{other:?}")),
        }
    }

    fn is_plain(bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), bytes).expect("written");
        probe(file.path(), &ReadOptions::default()).expect("read").is_plain(&ReadOptions::default())
    }

    #[test]
    fn a_csv_in_utf_8_is_plain_with_or_without_its_mark() {
        assert!(is_plain("id,vevő\n1,Győr\n".as_bytes()));
        assert!(is_plain(b"\xEF\xBB\xBFid;b\r\n1;2\r\n"));
        assert!(!is_plain(b"id,id\n1,2\n"), "two columns of one name");
        assert!(!is_plain(b"id,b\r1,2\r"), "lone carriage returns");
        assert!(!is_plain(b"id,b\n1,\0\n2,x\n3,longer text to stay text\n"), "a NUL");
        assert!(!is_plain(b"Title\nid,b\n1,2\n3,4\n"), "a line before the header");
    }

    #[test]
    fn utf_16_is_known_by_its_mark_or_its_nuls() {
        let wide: Vec<u8> = "id;név\n1;ő\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = probed(&[b"\xFF\xFE".as_slice(), &wide].concat()).expect("read");
        assert_eq!((marked.encoding, marked.bom_length, marked.line_count), (Encoding::UTF_16_LE, 2, 2));
        assert_eq!(marked.header, ["id", "név"]);
        let big: Vec<u8> = "id;nev\n1;x".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let bare = probed(&big).expect("read");
        assert_eq!((bare.encoding, bare.bom_length, bare.line_count), (Encoding::UTF_16_BE, 0, 2));
    }

    #[test]
    fn a_few_bad_bytes_leave_utf_8_what_it_is() {
        let mut bytes = "név,összeg\nKőműves,1\nÁrvíztűrő tükörfúrógép,2\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"caf\xE9,3\n");
        let text = probed(&bytes).expect("read");
        assert_eq!((text.encoding, text.invalid_count), (Encoding::UTF_8, 1));
    }

    #[test]
    fn what_is_no_table_says_what_it_is() {
        assert!(probed(b"").expect_err("empty").contains("is empty"));
        assert!(probed(b"\n \n").expect_err("blank").contains("has no rows"));
        assert!(probed(&[1, 0, 0, 0, 7, 0, 0, 9, 0, 0, 0, 3]).expect_err("binary").contains("is not text"));
        let folder = tempfile::tempdir().expect("a folder");
        let error = probe(folder.path(), &ReadOptions::default()).expect_err("a folder");
        assert!(error.to_string().contains("is a folder"));
    }
}
