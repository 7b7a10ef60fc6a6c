//! How a table is printed: which rows, which way round, and how small.

use unicode_width::UnicodeWidthStr;

use super::Part;
use crate::render::shown;
use crate::sheet::{Cell, Column, Kind};

/// Rows up to which a table is printed whole. Of a longer one its chart is, or where it has none its first rows: `page.css` hides
/// the others.
const PAPER_ROWS: usize = 40;
pub(super) const PAPER_FIRST: usize = 15;
/// Points on paper: a letter of a table on a machine that has no narrow ones, what a cell has beside its text, and half of the width
/// of A4 between its margins.
const PAPER_LETTER: f64 = 5.2;
const PAPER_CELL: f64 = 10.0;
const PAPER_HALF: f64 = 256.0;
/// And its whole width the long way.
const PAPER_ACROSS: f64 = 770.0;
/// Columns from which a table is printed across the long side of the paper.
const WIDE: usize = 9;

/// How a table is printed.
pub(super) struct Print {
    /// All of its rows (in two columns where it is narrow), its first ones, or only its chart.
    pub(super) rows: &'static str,
    /// Whether it is printed across the long side.
    pub(super) is_wide: bool,
    /// How much smaller than others its letters are: one table wider than the paper would make everything smaller.
    pub(super) fit: Option<String>,
    /// Columns that are left out, as all rows say the same day.
    pub(super) is_left_out: Vec<bool>,
    /// What these say: `Period start 2024-12-01`.
    pub(super) of_all_rows: Vec<String>,
}

impl Print {
    pub(super) fn new(part: &Part<'_>, rows: &[Vec<Cell<'_>>], is_hidden: &[bool]) -> Self {
        let columns = &part.sheet.columns;
        let shown = is_hidden.iter().filter(|is_hidden| !**is_hidden).count();
        let is_one_day = |at: usize| {
            let day = rows.first().map(|row| row[at]);
            matches!(day, Some(Cell::Date(_))) && rows.iter().all(|row| Some(row[at]) == day)
        };
        let is_left_out: Vec<bool> =
            (0..columns.len()).map(|at| shown >= WIDE && !is_hidden[at] && is_one_day(at)).collect();
        let says = |at: usize| format!("{} {}", columns[at].title, shown::read(rows[0][at], &columns[at]));
        let of_all_rows = (0..columns.len()).filter(|at| is_left_out[*at]).map(says).collect();
        let width = (0..columns.len()).filter(|at| !is_hidden[*at] && !is_left_out[*at]);
        let width: f64 = width.map(|at| width_of(&columns[at], rows.iter().map(|row| row[at]))).sum();
        let rows = on_paper(part, rows.len(), width);
        let is_wide = rows != "chart" && shown >= WIDE;
        let fit = Some(PAPER_ACROSS / width).filter(|fit| is_wide && *fit < 1.0).map(|fit| format!("{fit:.2}"));
        Self { rows, is_wide, fit, is_left_out, of_all_rows }
    }

    /// The class of a cell that has another on screen.
    pub(super) fn class(&self, at: usize, class: &str) -> String {
        if self.is_left_out[at] { format!("{class} screen").trim_start().to_owned() } else { class.to_owned() }
    }
}

/// Points that a column takes: headings break between words, and so does the text of a long name.
fn width_of<'a>(column: &Column, cells: impl Iterator<Item = Cell<'a>>) -> f64 {
    let text = |cell: Cell<'_>| shown::read(cell, column);
    let widest = |text: String| match column.kind {
        Kind::Text => text.split(' ').map(|word| word.width().min(super::WORD_MOST)).max().unwrap_or(0),
        _ => text.width(),
    };
    let title = column.title.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    cells.map(text).map(widest).chain([title]).max().unwrap_or(0) as f64 * PAPER_LETTER + PAPER_CELL
}

fn on_paper(part: &Part<'_>, shown_rows: usize, width: f64) -> &'static str {
    if part.sheet.row_count() > PAPER_ROWS {
        return if part.sheet.chart.is_some() && part.csv_name.is_some() { "chart" } else { "first" };
    }
    if shown_rows > PAPER_FIRST && width < PAPER_HALF { "whole two" } else { "whole" }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::Sheet;

    fn print(columns: usize, days: [i32; 2]) -> Print {
        let named = |at: usize| Column::new(&format!("amount_{at}"), Kind::Amount);
        let columns: Vec<Column> =
            [Column::new("as_of", Kind::Date)].into_iter().chain((1..columns).map(named)).collect();
        let row = |day: i32| -> Vec<Cell<'_>> {
            let day = Cell::Date(NaiveDate::from_epoch_days(day).expect("a day"));
            let amount = Cell::Amount(Money::from_units(123_456_789));
            [day].into_iter().chain(columns.iter().skip(1).map(|_| amount)).collect()
        };
        let rows = days.map(row);
        let sheet = Sheet::from_rows("targets", "Targets", columns.clone(), &rows).expect("a sheet");
        let part =
            Part { anchor: "targets".into(), heading: "Targets".into(), sheet: &sheet, csv_name: None, max_rows: None };
        Print::new(&part, &rows, &vec![false; columns.len()])
    }

    #[test]
    fn a_table_wider_than_the_paper_has_smaller_letters_and_leaves_out_a_day_that_all_rows_say() {
        let wide = print(19, [20_000, 20_000]);
        assert!(wide.is_wide && wide.is_left_out[0] && wide.fit.is_some());
        assert_eq!(wide.of_all_rows, ["As of 2024-10-04"]);
        let days = print(9, [20_000, 20_001]);
        assert!(days.is_wide && !days.is_left_out[0] && days.fit.is_none() && days.of_all_rows.is_empty());
        assert!(!print(3, [20_000, 20_000]).is_left_out[0], "there is room for it");
    }
}
