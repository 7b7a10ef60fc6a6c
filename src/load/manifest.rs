//! What a load did, file by file.

use serde::Serialize;

use crate::error::Outcome;
use crate::metrics::checks::CheckResult;

/// What a load did.
#[derive(Clone, Debug, Default)]
pub struct LoadReport {
    /// Each file, in the order given.
    pub files: Vec<FileReport>,
    /// Files of a folder that are no table's, with the reason.
    pub skipped: Vec<String>,
    /// What the checks found, over the whole ledger after the load.
    pub findings: Vec<CheckResult>,
}

/// What a load did with one file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Number of the load in the ledger.
    pub load_no: i32,
    /// `loaded`, `unchanged` (the same file was loaded before) or `replaced` (took the place of an earlier one).
    pub status: &'static str,
    /// Name of the mapping, where there is one.
    pub mapping: Option<String>,
    /// SHA-256 of the mapping.
    pub mapping_sha256: Option<String>,
    /// What it gave, table by table.
    pub tables: Vec<TableReport>,
    /// Sentences a reader should see: columns not used, what was replaced, what is assumed.
    pub notes: Vec<String>,
    /// The first rejected rows, as messages.
    pub rejected: Vec<String>,
    /// The line within which the file ends: its last record is not whole.
    pub cut_line: Option<u64>,
}

impl FileReport {
    /// Takes note of the line within which the file ends, if any.
    pub(super) fn cut_at(&mut self, line: Option<u64>) {
        self.cut_line = line;
        self.notes.extend(line.map(|line| {
            format!("the file ends within line {line}, as one that was cut off does: export it again, and load it in its place")
        }));
    }
}

/// What a file gave to one table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TableReport {
    /// The table.
    pub table: String,
    /// Rows read for it.
    pub rows_read: u64,
    /// Rows now in the ledger.
    pub rows_loaded: u64,
    /// Rows kept aside, with their reasons.
    pub rows_rejected: u64,
    /// Rows with a value that was worked out (a due date from terms), or made from a clearing date.
    pub rows_derived: u64,
    /// Of items: sums by kind and currency.
    pub sums: Vec<KindSum>,
}

/// Items of one kind and currency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KindSum {
    /// Kind.
    pub kind: String,
    /// Currency.
    pub currency: String,
    /// Number of items.
    pub item_count: u64,
    /// Sum of their amounts, exact.
    pub amount: String,
}

impl FileReport {
    /// Whether the ledger holds anything new after it.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.status != "unchanged"
    }
}

static NO_TABLE: TableReport = TableReport {
    table: String::new(),
    rows_read: 0,
    rows_loaded: 0,
    rows_rejected: 0,
    rows_derived: 0,
    sums: Vec::new(),
};

/// A line of the manifest: one file and one table of it.
#[derive(Clone, Debug, Serialize)]
pub struct ManifestLine<'a> {
    file: &'a str,
    sha256: &'a str,
    table: &'a str,
    rows_read: u64,
    rows_loaded: u64,
    rows_rejected: u64,
    rows_derived: u64,
    sums: &'a [KindSum],
    mapping: Option<&'a str>,
    mapping_sha256: Option<&'a str>,
    load_no: i32,
    status: &'a str,
    notes: &'a [String],
    rejected: &'a [String],
}

impl LoadReport {
    /// The manifest for programs: a line a file and table; a file that was loaded before has one line, without a table.
    #[must_use]
    pub fn manifest(&self) -> Vec<ManifestLine<'_>> {
        let none = &NO_TABLE;
        let lines = |file: &'_ FileReport| if file.tables.is_empty() { 1 } else { file.tables.len() };
        let mut manifest = Vec::new();
        for file in &self.files {
            for at in 0..lines(file) {
                let table = file.tables.get(at).unwrap_or(none);
                manifest.push(ManifestLine {
                    file: &file.file,
                    sha256: &file.sha256,
                    table: &table.table,
                    rows_read: table.rows_read,
                    rows_loaded: table.rows_loaded,
                    rows_rejected: table.rows_rejected,
                    rows_derived: table.rows_derived,
                    sums: &table.sums,
                    mapping: file.mapping.as_deref(),
                    mapping_sha256: file.mapping_sha256.as_deref(),
                    load_no: file.load_no,
                    status: file.status,
                    notes: &file.notes,
                    rejected: &file.rejected,
                });
            }
        }
        manifest
    }

    /// Done, or done with findings: rejected rows, or checks of severity error.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let rejected = self.files.iter().flat_map(|f| &f.tables).any(|t| t.rows_rejected > 0);
        if rejected || self.findings.iter().any(CheckResult::is_error) { Outcome::Findings } else { Outcome::Done }
    }
}
