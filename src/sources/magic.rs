//! What a file is by its first bytes, whatever its name says; what cannot be read is named, with the way out.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::zip_directory;
use crate::error::Error;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    Text,
    Parquet,
    Xlsx,
    Xml,
}

/// Formats that are recognised in order to say what to do instead: first bytes, name, advice.
const REFUSED: [(&[u8], &str); 9] = [
    (b"\x1F\x8B", "is compressed with gzip; unpack it first (gunzip)"),
    (b"\x28\xB5\x2F\xFD", "is compressed with zstd; unpack it first (unzstd)"),
    (b"BZh", "is compressed with bzip2; unpack it first (bunzip2)"),
    (b"7z\xBC\xAF\x27\x1C", "is a 7z archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"%PDF", "is a PDF; export the list from its system as CSV or XLSX, a PDF has no rows to read"),
    (b"SQLite format 3", "is an SQLite database; export its tables as CSV"),
    (b"\xFF\xFE\0\0", "is UTF-32 text; save it as CSV in UTF-8"),
    (b"{\\rtf", "is a rich text document; save the table as CSV"),
];

/// First bytes of an OLE container, the format of Excel 97-2003 and of encrypted workbooks ([MS-CFB] 2.2).
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Recognises a file by its first bytes.
///
/// # Errors
/// [`Error::Source`] naming a format that is not read and how to export it.
pub(super) fn recognise(path: &Path, head: &[u8], byte_count: u64) -> Result<Magic, Error> {
    let refuse = |problem: &str| Err(Error::source_file(path, problem));
    if byte_count == 0 {
        return refuse("is empty (0 bytes); export it again");
    }
    if let Some((_, problem)) = REFUSED.iter().find(|(mark, _)| head.starts_with(mark)) {
        return refuse(problem);
    }
    if head.starts_with(b"PAR1") {
        return Ok(Magic::Parquet);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zip(path);
    }
    if head.starts_with(OLE) {
        return refuse(ole_problem(path)?);
    }
    if head.get(8..12) == Some(b"DUCK") {
        return refuse(
            "is a DuckDB database, such as a ledger; name it with --ledger, or load the files it was made from",
        );
    }
    markup(path, head)
}

fn zip(path: &Path) -> Result<Magic, Error> {
    let names = zip_directory::names(path)?;
    let has = |name: &str| names.iter().any(|n| n == name);
    if has("xl/workbook.xml") {
        return Ok(Magic::Xlsx);
    }
    let problem = if has("xl/workbook.bin") {
        "is a binary workbook (.xlsb); save it as .xlsx or CSV".to_owned()
    } else if has("content.xml") {
        "is an OpenDocument file; save it as .xlsx or CSV".to_owned()
    } else if has("word/document.xml") {
        "is a Word document; save the table as CSV".to_owned()
    } else {
        let shown = names.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if names.len() > 3 { ", …" } else { "" };
        format!("is a zip archive of {} ({shown}{more}); unpack it and load the files in it", count(names.len()))
    };
    Err(Error::source_file(path, problem))
}

fn count(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

/// Tells an encrypted workbook from an old one: the container lists a stream called `EncryptedPackage` in UTF-16
/// ([MS-OFFCRYPTO] 2.3.4.4).
fn ole_problem(path: &Path) -> Result<&'static str, Error> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(Error::file(path, "cannot be read"))?;
    file.read_to_end(&mut bytes).map_err(Error::file(path, "cannot be read"))?;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Ok(if bytes.windows(name.len()).any(|window| window == name) {
        "is protected with a password; open it in Excel, remove the password (File, Info, Protect Workbook) and save it"
    } else {
        "is a workbook of Excel 97-2003 (.xls); open it and save it as .xlsx or as CSV UTF-8"
    })
}

/// XML and HTML, which systems like to call `.xls`; everything else is text.
fn markup(path: &Path, head: &[u8]) -> Result<Magic, Error> {
    let text = String::from_utf8_lossy(head).replace('\0', "").to_lowercase();
    let start = text.trim_start_matches(|c: char| c == '\u{feff}' || c == '\u{fffd}' || c.is_whitespace());
    let refuse = |problem: &str| Err(Error::source_file(path, problem));
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<table") {
        return refuse(
            "is a web page (HTML), whatever its name says; open it in Excel and save it as .xlsx, or export the list as \
             text or CSV (in SAP: List, Export, Local file, Text with tabs)",
        );
    }
    if !start.starts_with("<?xml") && !start.starts_with("<document") {
        return if start.starts_with("[{") || start.starts_with("{\"") {
            refuse("is JSON; export the rows as CSV")
        } else {
            Ok(Magic::Text)
        };
    }
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return refuse("is an XML spreadsheet of Excel 2003; open it and save it as .xlsx or CSV");
    }
    if start.contains("<html") {
        return refuse("is a web page (XHTML), whatever its name says; open it in Excel and save it as .xlsx");
    }
    Ok(Magic::Xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(head: &[u8]) -> String {
        recognise(Path::new("list.xls"), head, head.len() as u64).expect_err("refused").to_string()
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_way_out() {
        assert!(problem(b"").contains("is empty (0 bytes)"));
        assert!(problem(b"\x1F\x8B\x08").contains("gunzip"));
        assert!(problem(b"%PDF-1.7").contains("is a PDF"));
        assert!(problem(b"\xEF\xBB\xBF<html xmlns:o=\"urn\"><table>").contains("is a web page (HTML)"));
        assert!(
            problem(b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">")
                .contains("Excel 2003")
        );
        assert!(problem(b"[{\"id\":1}]").contains("is JSON"));
    }

    #[test]
    fn bank_xml_and_text_are_told_apart() {
        let of = |head: &[u8]| recognise(Path::new("x"), head, 9).expect("read");
        assert_eq!(
            of(b"<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"),
            Magic::Xml
        );
        assert_eq!(of(b"a,b\n1,2\n"), Magic::Text);
        assert_eq!(of(b"PAR1\x15\x04"), Magic::Parquet);
    }

    #[test]
    fn an_encrypted_workbook_is_told_from_an_old_one() {
        let write = |tail: &[u8]| {
            let file = tempfile::NamedTempFile::new().expect("a temporary file");
            std::fs::write(file.path(), [OLE, tail].concat()).expect("written");
            let bytes = std::fs::read(file.path()).expect("read");
            recognise(file.path(), &bytes, bytes.len() as u64).expect_err("refused").to_string()
        };
        assert!(write(b"W\0o\0r\0k\0b\0o\0o\0k\0").contains("Excel 97-2003"));
        assert!(write(b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0").contains("password"));
    }
}
