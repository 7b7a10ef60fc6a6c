//! Mapping files: which column of a source is which column of the ledger, as data a user can copy and change.
//!
//! A mapping is read from TOML (`form`), what it implies is written out (`implied`), it is held against the columns a
//! file has (`bind`), and each rule becomes SQL over texts (`sql`). `draft` writes a first mapping for an unknown file.

mod bind;
mod builtin;
pub mod draft;
mod form;
mod implied;
mod marks;
pub mod near;
mod rule;
mod sql;
mod vocabulary;

use std::path::Path;

pub use bind::Binding;
pub use builtin::{builtin, builtin_names};
pub use marks::{is_open, marks};
pub use rule::{Condition, Lookup, Normal, Rule, Sign, Source};
pub use sql::{Assumption, LookedUp, ReadContext};

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Error;
use crate::sources::date_format::DateFormat;
use crate::sources::options::ReadOptions;

/// A mapping: one or more kinds of file of one source, told apart by their columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// Its name, which the manifest keeps.
    pub name: String,
    /// Its version, which the manifest keeps.
    pub version: u32,
    /// What it reads, in a sentence.
    pub title: String,
    /// What a reader of the numbers must know: assumptions, limits.
    pub notes: Vec<String>,
    /// The kinds of file, in the order in which they are tried.
    pub files: Vec<FileMapping>,
}

/// One kind of file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileMapping {
    /// Its name within the mapping.
    pub name: String,
    /// Columns by which a file of this kind is known; empty for a mapping of one kind.
    pub has: Vec<String>,
    /// How it is read.
    pub read: ReadOptions,
    /// How its values are written.
    pub values: Values,
    /// What each row gives, the implied rows written out.
    pub tables: Vec<TableRule>,
}

/// How values are written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// Ways in which dates are written; worked out from the file where none is given.
    #[serde(default)]
    pub date_formats: Vec<DateFormat>,
    /// Mark before the decimals; `.` where none is given.
    pub decimal_mark: Option<char>,
    /// Mark between thousands. Where one is given, it must stand between groups of three digits.
    pub thousands_mark: Option<char>,
    /// Letters after a negative amount, such as `CR`. A minus before or after it and brackets around it always count.
    pub negative_suffix: Option<String>,
    /// Letters after a positive amount, such as `DR`.
    pub positive_suffix: Option<String>,
    /// Signs to pass over in amounts, such as `€`.
    #[serde(default)]
    pub currency_marks: Vec<String>,
    /// Words that mean nothing is known, such as `NULL` and `n/a`; capitals do not count.
    #[serde(default)]
    pub nulls: Vec<String>,
    /// Currency of items that name none.
    pub currency: Option<String>,
    /// Columns written on the first row of a group only, such as the customer above its invoices.
    #[serde(default)]
    pub fill_down: Vec<String>,
}

/// Rows of one table of the ledger, made from the rows of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRule {
    /// Table of the ledger.
    pub table: String,
    /// Made from a clearing date, not from a row of its own.
    pub is_implied: bool,
    /// The same values in several rows are one row, for master data repeated on every line.
    pub is_distinct: bool,
    /// The day an item was cleared, from which the two rules after this one are implied.
    pub cleared_on: Option<Rule>,
    /// Conditions on a row, all of which must hold.
    pub when: Vec<Condition>,
    /// What each column of the table is made from.
    pub columns: BTreeMap<String, Rule>,
}

impl Mapping {
    /// Reads a mapping from its text; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::Mapping`] with line, key and what was expected.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        form::parse(text).map_err(|problem| Error::Mapping { path: path.to_owned(), problem })
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be read, [`Error::Mapping`] where it is wrong.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path, "cannot be read"))?;
        Self::parse(&text, path)
    }

    /// The kind of file that has these columns.
    ///
    /// # Errors
    /// [`Error::Source`] naming what each kind would need, where no kind fits.
    pub fn file_for(&self, columns: &[String], source: &Path) -> Result<&FileMapping, Error> {
        let missing = |file: &FileMapping| -> Vec<String> {
            file.has.iter().filter(|name| bind::position(columns, name).is_none()).cloned().collect()
        };
        self.files.iter().find(|file| missing(file).is_empty()).ok_or_else(|| {
            let needs: Vec<String> =
                self.files.iter().map(|file| format!("\"{}\" lacks {}", file.name, missing(file).join(", "))).collect();
            let problem = format!(
                "is no file that the mapping {} knows: as {}. Its columns are: {}",
                self.name,
                needs.join("; as "),
                columns.join(", ")
            );
            Error::source_file(source, problem)
        })
    }
}

#[cfg(test)]
mod tests;
