//! How a file is to be read, where the user or a mapping says so. What is left open is worked out from the file.

use serde::Deserialize;

use super::encoding::Encoding;

/// What a user or a mapping says about reading a file; every part may be left to be worked out from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadOptions {
    /// Encoding of a text file.
    pub encoding: Option<Encoding>,
    /// Character between fields.
    pub delimiter: Option<char>,
    /// Lines (or sheet rows) before the header.
    pub skip_lines: Option<u64>,
    /// Sheet of a workbook; the first one where none is named.
    pub sheet: Option<String>,
    /// `false` where the first line is data, or the names of the columns.
    pub header: Option<Header>,
    /// Decimal mark that numbers of a workbook or Parquet file are given when they become text; a point where none is named.
    /// The amounts of a mapping are then read with one mark, whether a cell holds a number or a text.
    #[serde(skip)]
    pub decimal_mark: Option<char>,
    /// Mark that makes a row a subtotal where it fills the first cell, alone or repeated: `*`.
    pub subtotal_mark: Option<char>,
}

/// Where the names of the columns come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "header is true, false or the list of the columns' names")]
pub enum Header {
    /// `true`: the first line; `false`: there is none, and the columns are called `column_1`, `column_2`, …
    FirstLine(bool),
    /// These names; the first line is data.
    Names(Vec<String>),
}

impl ReadOptions {
    /// These options, and `base` where they leave something open.
    #[must_use]
    pub fn or(self, base: &Self) -> Self {
        Self {
            encoding: self.encoding.or(base.encoding),
            delimiter: self.delimiter.or(base.delimiter),
            skip_lines: self.skip_lines.or(base.skip_lines),
            sheet: self.sheet.or_else(|| base.sheet.clone()),
            decimal_mark: self.decimal_mark.or(base.decimal_mark),
            header: self.header.or_else(|| base.header.clone()),
            subtotal_mark: self.subtotal_mark.or(base.subtotal_mark),
        }
    }
}
