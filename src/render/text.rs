//! An aligned table for a terminal: title, headings, rows, totals, notes.
//!
//! A line never wraps. Where the table is wider than the terminal, headings break over lines, then long text is cut with `…`,
//! then columns at the right are left out and named; a number is never cut, because a part of a number is a lie.

use unicode_width::UnicodeWidthStr;

use super::{RenderOptions, shown, totals};
use crate::error::Error;
use crate::sheet::{Column, Kind, Sheet};

/// Widest text cell, in terminal columns, however wide the terminal.
const TEXT_MOST: usize = 80;
/// Narrowest that text is cut to before columns are left out.
const TEXT_LEAST: usize = 12;
const GAP: &str = "  ";

pub(super) fn render(sheet: &Sheet, options: &RenderOptions) -> Result<Vec<u8>, Error> {
    let mut out = String::new();
    for alert in &sheet.alerts {
        push_wrapped(&mut out, alert, options.width);
    }
    push_wrapped(&mut out, &sheet.title, options.width);
    if sheet.row_count() == 0 {
        out.push_str("\nNo rows.\n");
    } else if !sheet.columns.is_empty() {
        out.push('\n');
        push_table(&mut out, sheet, options);
    }
    if !sheet.notes.is_empty() {
        out.push('\n');
    }
    for note in &sheet.notes {
        push_wrapped(&mut out, note, options.width);
    }
    Ok(out.into_bytes())
}

fn push_table(out: &mut String, sheet: &Sheet, options: &RenderOptions) {
    let most = options.max_rows.unwrap_or(usize::MAX);
    let row_cells =
        |row: Vec<_>| row.into_iter().zip(&sheet.columns).map(|(c, column)| shown::cell(c, column.kind)).collect();
    let rows: Vec<Vec<String>> = sheet.rows().take(most).map(row_cells).collect();
    let totals = total_lines(sheet);
    let widths = widths(sheet, rows.iter().chain(&totals), options.width);
    let columns = &sheet.columns[..widths.len()];

    push_headings(out, columns, &widths);
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    push_line(out, columns, &widths, &rule);
    for row in &rows {
        push_line(out, columns, &widths, row);
    }
    let left = sheet.row_count() - rows.len();
    if left > 0 {
        let rows = if left == 1 { "row" } else { "rows" };
        out.push_str(&format!("… {} more {rows}; -f csv gives all\n", shown::count(left)));
    }
    if !totals.is_empty() {
        push_line(out, columns, &widths, &rule);
    }
    for total in &totals {
        push_line(out, columns, &widths, total);
    }
    if columns.len() < sheet.columns.len() {
        let names: Vec<&str> = sheet.columns[columns.len()..].iter().map(|column| column.name.as_str()).collect();
        push_wrapped(out, &format!("… more columns than fit; -f csv gives {}", names.join(", ")), options.width);
    }
}

fn total_lines(sheet: &Sheet) -> Vec<Vec<String>> {
    let label_at = totals::label_at(sheet);
    let line = |total: totals::Total| {
        let mut cells: Vec<String> =
            total.cells.into_iter().zip(&sheet.columns).map(|(cell, column)| shown::cell(cell, column.kind)).collect();
        if let Some(at) = label_at {
            cells[at] = shown::visible(&total.label).into_owned();
        }
        cells
    };
    totals::of(sheet).into_iter().map(line).collect()
}

/// Widths of the columns that are shown: as the cells need where that fits, otherwise as the module's doc says.
fn widths<'a>(sheet: &Sheet, lines: impl Iterator<Item = &'a Vec<String>>, limit: Option<usize>) -> Vec<usize> {
    let mut contents = vec![0; sheet.columns.len()];
    for line in lines {
        for ((width, cell), column) in contents.iter_mut().zip(line).zip(&sheet.columns) {
            let most = if column.kind == Kind::Text { TEXT_MOST } else { usize::MAX };
            *width = (*width).max(cell.width().min(most));
        }
    }
    let with_headings = |heading: fn(&str) -> usize| -> Vec<usize> {
        contents
            .iter()
            .zip(&sheet.columns)
            .map(|(content, column)| heading(&shown::visible(&column.title)).max(*content))
            .collect()
    };
    let whole = with_headings(|title| title.width());
    let Some(limit) = limit else { return whole };
    if line_width(&whole) <= limit {
        return whole;
    }
    let mut widths = with_headings(|title| title.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0));
    while line_width(&widths) > limit {
        let texts = widths.iter_mut().zip(&sheet.columns).filter(|(_, column)| column.kind == Kind::Text);
        match texts.map(|(width, _)| width).max_by_key(|width| **width).filter(|width| **width > TEXT_LEAST) {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    while line_width(&widths) > limit && widths.len() > 1 {
        widths.pop();
    }
    if widths.len() < sheet.columns.len() { unsqueezed(widths, &sheet.columns, &contents, limit) } else { widths }
}

/// Gives back to text the room that the columns left out have made.
fn unsqueezed(mut widths: Vec<usize>, columns: &[Column], contents: &[usize], limit: usize) -> Vec<usize> {
    let mut room = limit.saturating_sub(line_width(&widths));
    for ((width, column), content) in widths.iter_mut().zip(columns).zip(contents) {
        if column.kind == Kind::Text && *width < *content {
            let given = room.min(content - *width);
            *width += given;
            room -= given;
        }
    }
    widths
}

fn line_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
}

/// Headings stand on the rule: those of fewer lines start lower.
fn push_headings(out: &mut String, columns: &[Column], widths: &[usize]) {
    let headings: Vec<Vec<String>> =
        columns.iter().zip(widths).map(|(column, width)| wrapped(&shown::visible(&column.title), *width)).collect();
    let height = headings.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let cells: Vec<String> = headings
            .iter()
            .map(|lines| (line + lines.len()).checked_sub(height).map(|at| lines[at].clone()).unwrap_or_default())
            .collect();
        push_line(out, columns, widths, &cells);
    }
}

fn push_line(out: &mut String, columns: &[Column], widths: &[usize], cells: &[String]) {
    let start = out.len();
    for (at, ((column, width), cell)) in columns.iter().zip(widths).zip(cells).enumerate() {
        if at > 0 {
            out.push_str(GAP);
        }
        let cell = shown::cut(cell, *width);
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        if shown::is_right_aligned(column.kind) {
            out.push_str(&padding);
            out.push_str(&cell);
        } else {
            out.push_str(&cell);
            out.push_str(&padding);
        }
    }
    out.truncate(start + out[start..].trim_end().len());
    out.push('\n');
}

fn push_wrapped(out: &mut String, text: &str, width: Option<usize>) {
    for line in wrapped(&shown::visible(text), width.unwrap_or(usize::MAX)) {
        out.push_str(&line);
        out.push('\n');
    }
}

/// The text in lines of at most `width` columns, broken at spaces; a longer word has a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            last.push_str(word);
        } else if last.width() + 1 + word.width() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::Cell;

    fn table(sheet: &Sheet, width: Option<usize>, max_rows: Option<usize>) -> String {
        let options = RenderOptions { width, max_rows };
        String::from_utf8(render(sheet, &options).expect("rendered")).expect("UTF-8")
    }

    fn customers() -> Sheet {
        let columns = vec![
            Column::new("customer", Kind::Text),
            Column::new("currency", Kind::Text),
            Column::new("item_count", Kind::Count).totalled(),
            Column::new("overdue_rate", Kind::Rate),
            Column::new("open_amount", Kind::Amount).totalled(),
        ];
        let row = |name, currency, count, rate, units| {
            vec![
                Cell::Text(name),
                Cell::Text(currency),
                Cell::Count(count),
                Cell::Number(rate),
                Cell::Amount(Money::from_units(units)),
            ]
        };
        let rows = [
            row("Fővárosi Ásványvíz- és Üdítőipari Zrt.", "EUR", 1_200, 0.5, 12_345_678_900),
            row("上海贸易有限公司", "USD", 3, 0.0, -5_000),
            row("A\nB\u{202e}C\0", "EUR", 1, f64::NAN, 100),
        ];
        Sheet::from_rows("customer", "Open by customer on 2024-12-31", columns, &rows)
            .expect("a sheet")
            .noted("Opening + movements = closing: the difference is 0.00 in every currency.")
    }

    #[test]
    fn numbers_stand_right_and_totals_keep_to_their_currency() {
        insta::assert_snapshot!(table(&customers(), None, None), @r"
        Open by customer on 2024-12-31

        Customer                                Currency  Item count  Overdue rate   Open amount
        ──────────────────────────────────────  ────────  ──────────  ────────────  ────────────
        Fővárosi Ásványvíz- és Üdítőipari Zrt.  EUR            1,200         50.0%  1,234,567.89
        上海贸易有限公司                        USD                3          0.0%         -0.50
        A\nB\u{202e}C\0                         EUR                1                        0.01
        ──────────────────────────────────────  ────────  ──────────  ────────────  ────────────
        Total EUR                                              1,201                1,234,567.90
        Total USD                                                  3                       -0.50

        Opening + movements = closing: the difference is 0.00 in every currency.
        ");
    }

    #[test]
    fn a_narrow_terminal_breaks_headings_then_cuts_text_and_counts_the_rows_left_out() {
        insta::assert_snapshot!(table(&customers(), Some(62), Some(2)), @r"
        Open by customer on 2024-12-31

                                           Item  Overdue
        Customer                Currency  count     rate   Open amount
        ──────────────────────  ────────  ─────  ───────  ────────────
        Fővárosi Ásványvíz- é…  EUR       1,200    50.0%  1,234,567.89
        上海贸易有限公司        USD           3     0.0%         -0.50
        … 1 more row; -f csv gives all
        ──────────────────────  ────────  ─────  ───────  ────────────
        Total EUR                         1,201           1,234,567.90
        Total USD                             3                  -0.50

        Opening + movements = closing: the difference is 0.00 in every
        currency.
        ");
    }

    #[test]
    fn columns_that_cannot_fit_are_named_and_no_number_is_cut() {
        insta::assert_snapshot!(table(&customers(), Some(34), None), @r"
        Open by customer on 2024-12-31

                                      Item
        Customer           Currency  count
        ─────────────────  ────────  ─────
        Fővárosi Ásványv…  EUR       1,200
        上海贸易有限公司   USD           3
        A\nB\u{202e}C\0    EUR           1
        ─────────────────  ────────  ─────
        Total EUR                    1,201
        Total USD                        3
        … more columns than fit; -f csv
        gives overdue_rate, open_amount

        Opening + movements = closing: the
        difference is 0.00 in every
        currency.
        ");
    }

    #[test]
    fn no_rows_say_so() {
        let sheet =
            Sheet::from_rows("x", "Nothing", vec![Column::new("a", Kind::Count).totalled()], &[]).expect("a sheet");
        assert_eq!(table(&sheet, None, None), "Nothing\n\nNo rows.\n");
    }
}
