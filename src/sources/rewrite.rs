//! Any readable file as a plain CSV: UTF-8, commas, every field quoted, the line of each row in front.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::lines::INVALID;
use super::options::ReadOptions;
use super::probe::{Format, Probe};
use super::records::is_subtotal;
use super::{header, text_rows, xlsx};
use crate::error::Error;

/// Name of the first column of a rewritten file: the line or sheet row, from 1, where the row starts in its source.
pub const LINE_COLUMN: &str = "_line";

/// Largest cell that is read.
const MAX_CELL_BYTES: usize = 1 << 20;

/// Characters of a bad line that are kept to show it.
const MAX_SHOWN_CHARS: usize = 2_000;

/// Number of bad lines above which a file is not read the right way at all.
const MAX_BAD_LINES: usize = 100_000;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Names of the source's columns, in order, without [`LINE_COLUMN`].
    pub columns: Vec<String>,
    /// Rows written.
    pub row_count: u64,
    /// Rows that could not be written, in the order of the file.
    pub bad_lines: Vec<BadLine>,
    /// Lines that are no rows, by what they are.
    pub left_out: Vec<LeftOut>,
    /// Lines of records with a cell over several lines that looks like rows between two stray quotes.
    pub hidden_rows: Vec<u64>,
    /// Which sheet of a workbook was taken, where it has several and none was named.
    pub sheet_note: Option<String>,
    /// Numbers that a workbook has as text, which says nothing of its other numbers; none where the source is no workbook.
    pub text_numbers: Option<TextNumbers>,
}

/// By the place of their column, the numbers written as text: a few of each shape, which is the number with every digit but a
/// leading nought as 9.
pub type TextNumbers = BTreeMap<usize, BTreeMap<String, String>>;

/// A row of the source that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Line or sheet row, from 1, where it starts.
    pub line: u64,
    /// Its text, shortened to 2,000 characters.
    pub content: String,
    /// What was found and what was expected.
    pub reason: String,
}

/// Lines that are no rows: blank ones, rules, repeated headings, subtotals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What they are.
    pub what: &'static str,
    /// How many there are.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
}

/// Writes the rows of any readable file as a plain CSV to `out`. `probe` and `options` must belong together.
///
/// # Errors
/// [`Error::File`] where a file cannot be read or written; [`Error::Source`] where the file is no table, has no header,
/// lacks the sheet asked for, or more than 100,000 of its lines are bad.
pub fn rewrite(probe: &Probe, options: &ReadOptions, out: &Path) -> Result<Rewritten, Error> {
    let file = File::create(out).map_err(Error::file(out, "cannot be written"))?;
    let mut sink = Sink::new(&probe.path, options, BufWriter::with_capacity(1 << 20, file));
    match &probe.format {
        Format::Text(shape) => text_rows::read(&probe.path, shape, &mut sink)?,
        Format::Xlsx => xlsx::read(&probe.path, &mut sink)?,
        Format::Parquet => return Err(Error::internal("a Parquet file is read as it is, not rewritten")),
        Format::Xml => {
            let problem = "is XML, not a table of rows; export the list as CSV or XLSX";
            return Err(Error::source_file(&probe.path, problem));
        }
    }
    sink.finish().map_err(Error::file(out, "cannot be written"))?
}

/// Takes rows one by one: the first gives the columns, the others are checked and written.
pub(super) struct Sink<'a> {
    path: &'a Path,
    pub(super) options: &'a ReadOptions,
    out: BufWriter<File>,
    /// Cells of the header as they are written, to know it where it stands again.
    heading: Vec<String>,
    columns: Option<Vec<String>>,
    row_count: u64,
    bad_lines: Vec<BadLine>,
    left_out: BTreeMap<&'static str, (u64, u64)>,
    pub(super) hidden_rows: Vec<u64>,
    pub(super) sheet_note: Option<String>,
    pub(super) text_numbers: Option<TextNumbers>,
    /// What could not be written, kept until the end so that a row is one call.
    failure: Option<std::io::Error>,
    text: String,
}

impl<'a> Sink<'a> {
    fn new(path: &'a Path, options: &'a ReadOptions, out: BufWriter<File>) -> Self {
        Self {
            path,
            options,
            out,
            heading: Vec::new(),
            columns: None,
            row_count: 0,
            bad_lines: Vec::new(),
            left_out: BTreeMap::new(),
            hidden_rows: Vec::new(),
            sheet_note: None,
            text_numbers: None,
            failure: None,
            text: String::new(),
        }
    }

    /// Whether the header has been taken.
    pub(super) fn has_columns(&self) -> bool {
        self.columns.is_some()
    }

    /// Takes the next row; `mark` is what makes a subtotal of it.
    ///
    /// # Errors
    /// [`Error::Source`] where the first row cannot be a header, or too many rows are bad.
    pub(super) fn row(&mut self, line: u64, fields: &[String], mark: Option<char>) -> Result<(), Error> {
        if fields.iter().all(|field| field.trim().is_empty()) {
            self.leave_out("blank lines", line);
            return Ok(());
        }
        let Some(expected) = self.columns.as_ref().map(Vec::len) else {
            let (columns, is_data) = header::columns(self.path, fields, self.options)?;
            self.write_header(&columns);
            self.columns = Some(columns);
            if is_data {
                return self.row(line, fields, mark);
            }
            self.heading = fields.to_vec();
            return Ok(());
        };
        if !self.heading.is_empty() && fields == self.heading.as_slice() {
            self.leave_out("repeated headers", line);
            return Ok(());
        }
        if mark.is_some_and(|mark| is_subtotal(fields, mark)) {
            self.leave_out("subtotals", line);
            return Ok(());
        }
        // Empty fields beyond the header are delimiters at the end of a line; they hold nothing.
        let is_surplus_empty =
            fields.len() > expected && fields[expected..].iter().all(|field| field.trim().is_empty());
        if fields.len() != expected && !is_surplus_empty {
            let reason = format!("{} fields; expected {expected}, one for each column of the header", fields.len());
            return self.bad(line, &fields.join(" | "), reason);
        }
        if let Some(reason) = fields.iter().find_map(|field| cell_problem(field)) {
            return self.bad(line, &fields.join(" | "), reason);
        }
        self.write_row(line, &fields[..expected]);
        Ok(())
    }

    /// Keeps a row that cannot be read.
    ///
    /// # Errors
    /// [`Error::Source`] where there are too many.
    pub(super) fn bad(&mut self, line: u64, content: &str, reason: String) -> Result<(), Error> {
        let content = content.replace(INVALID, "\u{FFFD}").replace('\0', "\u{2400}");
        let mut shown: String = content.chars().take(MAX_SHOWN_CHARS).collect();
        if shown.len() < content.len() {
            shown.push('…');
        }
        self.bad_lines.push(BadLine { line, content: shown, reason });
        if self.bad_lines.len() <= MAX_BAD_LINES {
            return Ok(());
        }
        let first = &self.bad_lines[0];
        let problem = format!(
            "more than {MAX_BAD_LINES} lines cannot be read, the first at line {}: {}; check the encoding, the delimiter \
             and the lines to skip (--encoding, or [read] in a mapping)",
            first.line, first.reason
        );
        Err(Error::source_file(self.path, problem))
    }

    /// Counts a line that is no row.
    pub(super) fn leave_out(&mut self, what: &'static str, line: u64) {
        self.left_out.entry(what).or_insert((0, line)).0 += 1;
    }

    fn write_header(&mut self, columns: &[String]) {
        self.text.clear();
        self.text.push_str(LINE_COLUMN);
        self.push_fields(columns);
    }

    fn write_row(&mut self, line: u64, fields: &[String]) {
        self.row_count += 1;
        self.text.clear();
        self.text.push_str(&line.to_string());
        self.push_fields(fields);
    }

    fn push_fields(&mut self, fields: &[String]) {
        for field in fields {
            self.text.push_str(",\"");
            if field.contains('"') {
                self.text.push_str(&field.replace('"', "\"\""));
            } else {
                self.text.push_str(field);
            }
            self.text.push('"');
        }
        self.text.push('\n');
        if self.failure.is_none() {
            self.failure = self.out.write_all(self.text.as_bytes()).err();
        }
    }

    /// The result, once every row is written; the outer error is one of writing.
    fn finish(mut self) -> std::io::Result<Result<Rewritten, Error>> {
        self.out.flush()?;
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let Some(columns) = self.columns else {
            return Ok(Err(Error::source_file(self.path, "has no header: every line is blank or left out")));
        };
        let left_out = self.left_out.into_iter();
        Ok(Ok(Rewritten {
            columns,
            row_count: self.row_count,
            bad_lines: self.bad_lines,
            left_out: left_out.map(|(what, (count, first_line))| LeftOut { what, count, first_line }).collect(),
            hidden_rows: self.hidden_rows,
            sheet_note: self.sheet_note,
            text_numbers: self.text_numbers,
        }))
    }
}

/// Why a cell cannot be read.
fn cell_problem(field: &str) -> Option<String> {
    if field.contains('\0') {
        return Some("a NUL character (shown as \u{2400}); the export is damaged here".to_owned());
    }
    if field.contains(INVALID) {
        return Some(
            "bytes that the encoding does not allow (shown as \u{FFFD}); the export is damaged or of mixed encodings"
                .to_owned(),
        );
    }
    (field.len() > MAX_CELL_BYTES).then(|| format!("a cell of {} bytes; expected at most 1 MB", field.len()))
}
