//! Which files a load reads, and how the engine gets at their rows.

use std::path::{Path, PathBuf};

use super::LoadOptions;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sources::probe::{Format, Probe, TextShape};
use crate::sources::rewrite::{BadLine, Rewritten, TextNumbers, rewrite};
use crate::sql_text::literal;
use crate::staging::contract;
use crate::staging::stage::{Form, typed_text};

/// Endings of the files that are read.
const READ: [&str; 5] = ["csv", "txt", "tsv", "parquet", "xlsx"];

/// Files of a load.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    /// Files of a folder that are no table's.
    pub(super) skipped: Vec<String>,
}

/// The rows of a file, as the engine gets at them.
#[derive(Clone, Debug)]
pub(super) struct Extract {
    /// Names of the columns, in order; the rows have them as `c0`, `c1`, ….
    pub(super) columns: Vec<String>,
    /// The form each arrives in.
    pub(super) forms: Vec<Form>,
    /// SQL of the rows.
    pub(super) source: String,
    /// SQL of the line a row starts on; none where it is the row's number after the header.
    pub(super) line: Option<String>,
    /// Lines that are no record.
    pub(super) bad_lines: Vec<BadLine>,
    /// Which sheet of a workbook was taken, where none was named.
    pub(super) sheet_note: Option<String>,
    /// Numbers that a workbook has as text.
    pub(super) text_numbers: Option<TextNumbers>,
    /// What else a reader should know.
    pub(super) notes: Vec<String>,
}

impl Extract {
    /// The line within which a text file ends, where its last record is not whole.
    pub(super) fn cut_line(&self, probe: &Probe) -> Option<u64> {
        let Format::Text(TextShape { is_last_line_open: true, line_count, .. }) = &probe.format else { return None };
        self.bad_lines.last().map(|bad| bad.line).filter(|line| line == line_count)
    }

    /// A problem with the columns, told with the sheets of the workbook: the rows may be on another one.
    pub(super) fn told(&self, error: Error) -> Error {
        match (error, &self.sheet_note) {
            (Error::Source { path, problem }, Some(note)) => {
                Error::Source { path, problem: format!("{problem}; {note}") }
            }
            (error, _) => error,
        }
    }
}

/// A file's name, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The files to read: those named, and those of a folder that are named after a table.
pub(super) fn expand(paths: &[PathBuf], options: &LoadOptions) -> Result<Found, Error> {
    let mut found = Found::default();
    for path in paths {
        if !path.is_dir() {
            if !path.exists() {
                return Err(Error::source_file(path, "there is no such file"));
            }
            found.files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(Error::file(path, "cannot be read"))?;
        // Hidden files are what programs put down for themselves: locks, thumbnails.
        let mut inside: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file() && !file_name(path).starts_with('.'))
            .collect();
        inside.sort();
        let before = found.files.len();
        for file in inside {
            let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            let is_data = READ.contains(&extension.as_str());
            let is_packed = is_packed_table(&file);
            if is_packed || is_data && (options.mapping.is_some() || table_in_name(&file).is_some()) {
                found.files.push(file);
            } else {
                found.skipped.push(format!("{}: not read, its name is not that of a table", file_name(&file)));
            }
        }
        if found.files.len() == before {
            let problem = format!(
                "holds no file named after a table ({}); rename the files or name one with --table",
                table_names()
            );
            return Err(Error::source_file(path, problem));
        }
    }
    Ok(found)
}

fn table_names() -> String {
    contract::tables().iter().map(|t| t.name).collect::<Vec<_>>().join(", ")
}

/// `item.csv`, `Items.csv`, `item_2024-06.csv` and `item (2).csv` are all files of `item`.
fn table_in_name(path: &Path) -> Option<&'static str> {
    let stem = path.file_stem()?.to_str()?.to_lowercase();
    let longest_first = |name: &&'static str| usize::MAX - name.len();
    let mut names: Vec<&'static str> = contract::tables().iter().map(|t| t.name).collect();
    names.sort_by_key(longest_first);
    names.into_iter().find(|name| {
        stem.strip_prefix(name).is_some_and(|rest| {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            !rest.starts_with(|c: char| c.is_alphabetic())
        })
    })
}

/// Whether a file is a table in a form that is not read, such as `application.csv.gz`: it is refused with what to do, as a
/// table that is left out would be missed.
fn is_packed_table(path: &Path) -> bool {
    let ending = |path: &Path| path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let inside = path.file_stem().map(|stem| ending(Path::new(stem))).unwrap_or_default();
    let is_packed =
        ["gz", "zst", "bz2", "xz", "zip"].contains(&ending(path).as_str()) && READ.contains(&inside.as_str());
    (is_packed || ending(path) == "xls") && table_in_name(path).is_some()
}

/// The table a file without a mapping is for.
pub(super) fn table_of(path: &Path, options: &LoadOptions) -> Result<&'static str, Error> {
    if let Some(name) = &options.table {
        let table = contract::find(name)
            .ok_or_else(|| Error::usage(format!("--table {name}: no such table; there are {}", table_names())))?;
        return Ok(table.name);
    }
    table_in_name(path).ok_or_else(|| {
        let problem = format!(
            "its name is not that of a table ({}); say which with --table, or how to read it with --source MAPPING (duecast load FILE --draft-mapping writes a first one)",
            table_names()
        );
        Error::source_file(path, problem)
    })
}

/// The rows of a CSV as it lies, which [`Probe::is_plain`] allows.
pub(super) fn plain(path: &Path, probe: &Probe) -> Option<Extract> {
    let Format::Text(shape) = &probe.format else { return None };
    let columns = shape.header.clone();
    let source = read_csv(path, columns.len(), 0, shape.delimiter);
    Some(Extract {
        forms: vec![Form::Text; columns.len()],
        columns,
        source,
        line: None,
        bad_lines: Vec::new(),
        sheet_note: None,
        text_numbers: None,
        notes: Vec::new(),
    })
}

/// The rows of any other text file or workbook, through a plain copy in `scratch`.
pub(super) fn rewritten(probe: &Probe, options: &LoadOptions, scratch: &Path, no: usize) -> Result<Extract, Error> {
    let copy = scratch.join(format!("{no}.csv"));
    let Rewritten { columns, bad_lines, left_out, hidden_rows, sheet_note, text_numbers, .. } =
        rewrite(probe, &options.read, &copy)?;
    let source = read_csv(&copy, columns.len(), 1, ',');
    let left_out =
        left_out.iter().map(|l| format!("{} lines left out: {} (the first is line {})", l.count, l.what, l.first_line));
    let hidden = hidden_rows.first().map(|first| hidden_note(hidden_rows.len(), *first));
    let notes = sheet_note.iter().cloned().chain(left_out).chain(hidden).collect();
    Ok(Extract {
        forms: vec![Form::Text; columns.len()],
        columns,
        source,
        line: Some("cast(source_line as bigint)".to_owned()),
        bad_lines,
        sheet_note,
        text_numbers,
        notes,
    })
}

fn hidden_note(count: usize, first_line: u64) -> String {
    let records = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    format!(
        "{records} over several lines with what looks like whole rows inside one cell (the first is line {first_line}): see whether a quote (\") stands there that belongs to no cell; the rows up to the next quote are not loaded"
    )
}

/// A path as the engine takes it for one file: it would read `[`, `*` and `?` as a pattern.
fn one_file(path: &Path) -> String {
    let mut escaped = String::new();
    for c in path.to_string_lossy().chars() {
        if matches!(c, '[' | '*' | '?') { escaped.extend(['[', c, ']']) } else { escaped.push(c) }
    }
    literal(&escaped)
}

/// The longest line that is read as it lies.
const LINE_BYTES_MOST: usize = 16 << 20;
/// What the engine reads at a time. Unless it is said, room for 16 of the longest lines: a file below that is read by one thread.
const BUFFER_BYTES: usize = 32 << 20;

/// All columns as text, and nothing guessed. The first `own` columns of the file are ours, not the source's.
fn read_csv(path: &Path, column_count: usize, own: usize, delimiter: char) -> String {
    let lines = std::iter::repeat_n("'source_line': 'varchar'".to_owned(), own);
    let columns = lines.chain((0..column_count).map(|at| format!("'c{at}': 'varchar'"))).collect::<Vec<_>>().join(", ");
    format!(
        "select * from read_csv({}, header = true, auto_detect = false, delim = {}, quote = '\"', escape = '\"', nullstr = '', max_line_size = {LINE_BYTES_MOST}, buffer_size = {BUFFER_BYTES}, columns = {{{columns}}})",
        one_file(path),
        literal(&delimiter.to_string()),
    )
}

const DAMAGED: &str = "cannot be read as Parquet; it may be cut off or damaged, export it again";

/// The error for a Parquet file that cannot be read to its end; none where it can.
pub(super) fn damaged_parquet(ledger: &Ledger, path: &Path) -> Option<Error> {
    let whole = format!("select count(hash(row_read)) from read_parquet({}) as row_read", one_file(path));
    ledger.query(&whole).is_err().then(|| Error::source_file(path, DAMAGED))
}

/// The rows of a Parquet file, with the types it gives.
pub(super) fn parquet(ledger: &Ledger, path: &Path) -> Result<Extract, Error> {
    let file = one_file(path);
    let described = ledger
        .texts(&format!("select column_name, column_type from (describe select * from read_parquet({file}))"))
        .map_err(|_| Error::source_file(path, DAMAGED))?;
    let mut extract = Extract {
        columns: Vec::new(),
        forms: Vec::new(),
        source: String::new(),
        line: None,
        bad_lines: Vec::new(),
        sheet_note: None,
        text_numbers: None,
        notes: Vec::new(),
    };
    let mut selected = Vec::new();
    for (at, row) in described.iter().enumerate() {
        let text = |i: usize| row[i].clone().unwrap_or_default();
        let quoted = format!("\"{}\"", text(0).replace('"', "\"\""));
        let (form, sql) = match text(1).as_str() {
            "VARCHAR" => (Form::Text, format!("nullif({quoted}, '')")),
            "DOUBLE" | "FLOAT" => (Form::Float, quoted),
            "DATE" | "BOOLEAN" | "TIMESTAMP" | "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" => {
                (Form::Typed, quoted)
            }
            other if other.starts_with("DECIMAL") || other.starts_with("TIMESTAMP") => (Form::Typed, quoted),
            _ => (Form::Text, format!("cast({quoted} as varchar)")),
        };
        extract.columns.push(text(0));
        extract.forms.push(form);
        selected.push(format!("{sql} as c{at}"));
    }
    selected.push("file_row_number + 1 as source_line".to_owned());
    extract.source = format!("select {} from read_parquet({file}, file_row_number = true)", selected.join(", "));
    extract.line = Some("cast(source_line as bigint)".to_owned());
    Ok(extract)
}

impl Extract {
    /// The same rows with every column as text, as a mapping reads them: numbers with the decimal mark of its amounts.
    pub(super) fn into_text(mut self, decimal_mark: Option<char>) -> Self {
        let mark = literal(&decimal_mark.unwrap_or('.').to_string());
        let text = |(at, form): (usize, &Form)| match form {
            Form::Text => format!("c{at}"),
            Form::Float => format!("replace({}, '.', {mark}) as c{at}", typed_text(&format!("c{at}"))),
            Form::Typed => {
                let text = typed_text(&format!("c{at}"));
                format!(
                    "case when typeof(c{at}) like 'DECIMAL%' then replace({text}, '.', {mark}) else {text} end as c{at}"
                )
            }
        };
        let columns: Vec<String> = self.forms.iter().enumerate().map(text).collect();
        self.source = format!("select source_line, {} from ({})", columns.join(", "), self.source);
        self.forms.fill(Form::Text);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_told_from_a_file_name() {
        let table = |name: &str| table_in_name(Path::new(name));
        assert_eq!(table("item.csv"), Some("item"));
        assert_eq!(table("x/Items.CSV"), Some("item"));
        assert_eq!(table("item_2024-06.parquet"), Some("item"));
        assert_eq!(table("application (2).xlsx"), Some("application"));
        assert_eq!(table("credit_limit.csv"), Some("credit_limit"));
        assert_eq!(table("itemised.csv"), None);
        assert_eq!(table("fbl5n.csv"), None);
    }
}
