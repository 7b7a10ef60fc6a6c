//! The filled cells of a sheet, kept sparsely: one stray cell at the far end of a sheet costs one cell.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use calamine::{Data, Dimensions, XlsxError};

use super::xlsx::{Workbook, cell_name, cell_text};

/// Cells of the rectangle around the filled ones, above which it must not be nearly empty.
const MAX_SPARSE_CELLS: u64 = 50_000_000;

/// Share of the rectangle, one cell in this many, that makes a large sheet a table and not a stray cell.
const FILLED_RATIO: u64 = 20;

static EMPTY: Data = Data::Empty;

/// Filled cells by row and column, both from 0.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Filled cells of each row that has any, in the order of their columns.
    pub(super) rows: BTreeMap<u32, Vec<(u32, Data)>>,
    /// Formulas of cells without a stored result.
    pub(super) formulas: BTreeMap<(u32, u32), String>,
    first_column: u32,
    last_column: u32,
    cell_count: u64,
}

impl Grid {
    /// Reads a sheet in one pass.
    pub(super) fn read(workbook: &mut Workbook, sheet: &str) -> Result<Self, XlsxError> {
        let mut grid = Self { first_column: u32::MAX, ..Self::default() };
        let mut reader = match workbook.worksheet_cells_reader(sheet) {
            // A sheet that is only a chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(grid),
            reader => reader?,
        };
        while let Some(record) = reader.next_cell_with_formula()? {
            let (row, column) = record.pos;
            let value = Data::from(record.value);
            if value != Data::Empty {
                grid.first_column = grid.first_column.min(column);
                grid.last_column = grid.last_column.max(column);
                grid.cell_count += 1;
                grid.rows.entry(row).or_default().push((column, value));
            } else if let Some(formula) = record.formula.filter(|formula| !formula.is_empty()) {
                grid.formulas.insert(record.pos, formula);
            }
        }
        // A file may give the cells of a row in any order.
        for cells in grid.rows.values_mut() {
            cells.sort_by_key(|(column, _)| *column);
        }
        Ok(grid)
    }

    /// Columns from the first to the last that has a filled cell.
    pub(super) fn columns(&self) -> RangeInclusive<u32> {
        self.first_column..=self.last_column
    }

    /// The first row that has a filled cell.
    pub(super) fn first_row(&self) -> u32 {
        self.rows.keys().next().copied().unwrap_or_default()
    }

    /// The last row that has a filled cell.
    pub(super) fn last_row(&self) -> u32 {
        self.rows.keys().next_back().copied().unwrap_or_default()
    }

    /// A cell; where the file gives it twice, the last one.
    pub(super) fn cell(&self, row: u32, column: u32) -> &Data {
        let cells = self.rows.get(&row).map_or(&[][..], Vec::as_slice);
        let after = cells.partition_point(|(at, _)| *at <= column);
        match after.checked_sub(1).map(|last| &cells[last]) {
            Some((at, value)) if *at == column => value,
            _ => &EMPTY,
        }
    }

    /// Whether a row has neither a value nor a formula.
    pub(super) fn is_blank(&self, row: u32) -> bool {
        let columns = (row, self.first_column)..=(row, self.last_column);
        !self.rows.contains_key(&row) && self.formulas.range(columns).next().is_none()
    }

    /// What is wrong with a sheet of a few cells that are far apart; none where it looks like a table.
    pub(super) fn far_cells(&self) -> Option<String> {
        let (height, width) = (self.last_row() - self.first_row() + 1, self.last_column - self.first_column + 1);
        let area = u64::from(height) * u64::from(width);
        if area <= MAX_SPARSE_CELLS || self.cell_count.saturating_mul(FILLED_RATIO) >= area {
            return None;
        }
        let end = |cells: &Vec<(u32, Data)>| cells.last().map_or(0, |(column, _)| *column);
        let (&low, low_cells) = self.rows.last_key_value()?;
        let (&wide, _) = self.rows.iter().find(|(_, cells)| end(cells) == self.last_column)?;
        let (lowest, widest) = (cell_name(low, end(low_cells)), cell_name(wide, self.last_column));
        let far =
            if lowest == widest { format!("a cell at {lowest}") } else { format!("cells at {lowest} and {widest}") };
        Some(format!(
            "has {far}, {height} rows by {width} columns with only {} filled cells; delete the rows and columns beyond \
             the table and save the workbook",
            self.cell_count
        ))
    }

    /// The row of the header, from 0: after the rows to skip, or the first of which more than half is filled.
    pub(super) fn header_row(&self, skip_lines: Option<u64>) -> u32 {
        if let Some(skipped) = skip_lines {
            return u32::try_from(skipped).unwrap_or(u32::MAX).clamp(self.first_row(), self.last_row());
        }
        let width = (self.last_column - self.first_column + 1) as usize;
        let mut rows = self.rows.iter();
        rows.find(|(_, cells)| cells.len() * 2 > width).map_or_else(|| self.first_row(), |(row, _)| *row)
    }

    /// Names of columns: a merged cell names every column under it, and parts one above the other are joined.
    pub(super) fn header_cells(&self, merges: &[Dimensions], from: u32, to: u32) -> Vec<String> {
        let name = |column: u32| {
            let mut parts: Vec<String> = Vec::new();
            for row in from..=to.min(self.last_row()) {
                let is_over = |merge: &&Dimensions| {
                    (merge.start.0..=merge.end.0).contains(&row) && (merge.start.1..=merge.end.1).contains(&column)
                };
                let (row, column) = merges.iter().find(is_over).map_or((row, column), |merge| merge.start);
                let text = cell_text(self.cell(row, column)).unwrap_or_default();
                if !text.trim().is_empty() && !parts.contains(&text) {
                    parts.push(text);
                }
            }
            parts.join(" ")
        };
        self.columns().map(name).collect()
    }
}
