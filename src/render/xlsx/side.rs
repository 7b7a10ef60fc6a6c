//! Cells that stand right of a table: what the charts are drawn from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_xlsxwriter::{ColNum, RowNum, Worksheet, XlsxError};

use super::style::{self, ColumnStyle};
use super::table;
use crate::sheet::{Cell, Kind};

/// Cells by row, as a worksheet that is streamed takes them.
#[derive(Debug, Default)]
pub(super) struct Side {
    rows: BTreeMap<RowNum, Vec<(ColNum, SideCell)>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SideCell {
    Heading(String),
    /// Over a column of numbers.
    Title(String),
    Text(String),
    Number(f64, Kind),
    Day(NaiveDate),
}

impl SideCell {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(x, _) = self { Some(*x) } else { None }
    }

    pub(super) fn day(&self) -> Option<NaiveDate> {
        if let Self::Day(day) = self { Some(*day) } else { None }
    }
}

impl Side {
    pub(super) fn put(&mut self, row: RowNum, column: ColNum, cell: SideCell) {
        self.rows.entry(row).or_default().push((column, cell));
    }

    /// Writes what stands in a row.
    pub(super) fn write_row(&self, worksheet: &mut Worksheet, row: RowNum) -> Result<(), XlsxError> {
        for (column, cell) in self.rows.get(&row).into_iter().flatten() {
            let (cell, kind) = match cell {
                SideCell::Heading(text) => {
                    worksheet.write_string_with_format(row, *column, text, &style::muted())?;
                    continue;
                }
                SideCell::Title(text) => {
                    worksheet.write_string_with_format(row, *column, text, &style::number_title())?;
                    continue;
                }
                SideCell::Text(text) => (Cell::Text(text), Kind::Text),
                // The cells of a chart are lengths: money has passed the door to a double already.
                SideCell::Number(x, kind) => (Cell::Number(*x), *kind),
                SideCell::Day(day) => (Cell::Date(*day), Kind::Date),
            };
            table::write_cell(worksheet, (row, *column), cell, kind, &ColumnStyle::new(kind, false, false))?;
        }
        Ok(())
    }

    /// Writes the rows from one on.
    pub(super) fn write_rest(&self, worksheet: &mut Worksheet, first: RowNum) -> Result<(), XlsxError> {
        self.rows.range(first..).try_for_each(|(row, _)| self.write_row(worksheet, *row))
    }
}
