//! A sheet as a worksheet: title, alerts and notes, the table with its totals, the rest of the notes.
//!
//! Everything is written row by row from the top, as a worksheet that is streamed to disk demands.

use rust_xlsxwriter::{ColNum, Format, Formula, IgnoreError, RowNum, Worksheet, XlsxError, utility};

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::cell::{Held, held};
use super::side::Side;
use super::style::{self, ColumnStyle};
use crate::render::{shown, totals};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// Rows of a worksheet.
const ROWS_MOST: usize = 1_048_576;
/// Lines above the table, which stay in sight with its headings.
const LINES_MOST: usize = 8;
/// Rows that decide how wide a column is.
const ROWS_MEASURED: usize = 1_000;
/// Width of a column, in digits: room for a filter's button, and as wide as a long name is shown.
const WIDTH: (usize, usize) = (9, 48);
/// Width that the lines above a table take at least.
const LINE_WIDTH: usize = 110;
/// Points of a line, and lines of a cell whose text is wrapped.
const LINE_HEIGHT: u32 = 15;
const CELL_LINES_MOST: u32 = 8;
/// Width of a column that nobody set.
const UNSET_WIDTH: usize = 9;

/// A table laid out and not yet written.
pub(super) struct Table<'a> {
    page: &'a Page<'a>,
    totals: Vec<totals::Total>,
    columns: Vec<Measured>,
    row_count: usize,
    above: Vec<Line>,
    below: Vec<Line>,
}

/// A sentence and whether it is an alert.
pub(super) type Line = (String, bool);

/// What the cells of a column ask for.
#[derive(Clone, Debug, Default)]
struct Measured {
    width: usize,
    has_more_decimals: bool,
    /// Cells that hold a number as text.
    digits_count: usize,
    cut_count: usize,
}

impl<'a> Table<'a> {
    /// Reads the sheet once for its totals, widths and what a spreadsheet cannot hold of it.
    pub(super) fn new(page: &'a Page<'a>) -> Self {
        let totals = totals::of(page.sheet);
        let said = page.sheet.alerts.len() + page.sheet.notes.len();
        let room = ROWS_MOST - totals.len() - said - 16;
        let row_count = page.sheet.row_count().min(page.max_rows.unwrap_or(usize::MAX)).min(room);
        let mut table = Self { page, totals, columns: Vec::new(), row_count, above: Vec::new(), below: Vec::new() };
        table.measure();
        table.above = table.lines();
        if table.above.len() > LINES_MOST {
            table.below = table.above.split_off(LINES_MOST - 1);
            table.above.push((format!("{} more notes stand below the table.", table.below.len()), false));
        }
        table
    }

    fn sheet(&self) -> &'a Sheet {
        self.page.sheet
    }

    fn is_cut(&self) -> bool {
        self.row_count < self.sheet().row_count()
    }

    /// The row of the headings.
    pub(super) fn head_row(&self) -> RowNum {
        self.above.len() as RowNum + 2
    }

    /// The first column right of the table and a gap.
    pub(super) fn free_column(&self) -> ColNum {
        self.columns.len() as ColNum + 1
    }

    fn first_row(&self) -> RowNum {
        self.head_row() + 1
    }

    fn measure(&mut self) {
        let measured = |column: &Column| Measured { width: column.title.width() + 4, ..Measured::default() };
        self.columns = self.sheet().columns.iter().map(measured).collect();
        for (at, row) in self.sheet().rows().take(self.row_count).enumerate() {
            for (cell, (column, measured)) in row.into_iter().zip(self.page.sheet.columns.iter().zip(&mut self.columns))
            {
                measured.take(column.read(cell), column.kind, at < ROWS_MEASURED);
            }
        }
        for total in &self.totals {
            let cells = total.cells.iter().zip(self.page.sheet.columns.iter().zip(&mut self.columns));
            cells.for_each(|(cell, (column, measured))| measured.size(*cell, column.kind));
        }
    }

    /// What is to be read with the table, alerts first.
    fn lines(&self) -> Vec<Line> {
        let sheet = self.sheet();
        let mut lines: Vec<Line> = sheet.alerts.iter().map(|alert| (alert.clone(), true)).collect();
        if sheet.row_count() == 0 {
            lines.push(("No rows.".to_owned(), false));
        }
        if self.is_cut() {
            let whole = match &self.page.csv_name {
                Some(name) => format!("all of them are in {name}"),
                None => "a CSV or Parquet file holds all of them".to_owned(),
            };
            let (some, all) = (shown::count(self.row_count), shown::count(sheet.row_count()));
            lines.push((format!("CUT: these are the first {some} of {all} rows; {whole}."), true));
        }
        let (digits, cuts) = self.columns.iter().fold((0, 0), |(d, c), m| (d + m.digits_count, c + m.cut_count));
        if digits > 0 {
            let many =
                if digits == 1 { "1 number has".to_owned() } else { format!("{} numbers have", shown::count(digits)) };
            lines.push((format!("{many} more than the 15 digits a spreadsheet keeps: to stay exact they stand as text, and their column's total as a value."), false));
        }
        if cuts > 0 {
            let many = if cuts == 1 { "1 text is".to_owned() } else { format!("{} texts are", shown::count(cuts)) };
            lines.push((format!("{many} longer than a cell holds and end in \"…\"."), false));
        }
        lines.extend(sheet.notes.iter().map(|note| (note.clone(), false)));
        if self.totals.len() > 1 {
            lines.push((
                "Totals stand below the table, one a currency, of all rows whatever the filter.".to_owned(),
                false,
            ));
        }
        lines
    }

    /// Writes it all, with what stands right of the table; charts reach to the cell `drawn`.
    pub(super) fn write(
        &self,
        worksheet: &mut Worksheet,
        side: &Side,
        drawn: Option<(RowNum, ColNum)>,
    ) -> Result<(), XlsxError> {
        worksheet.set_screen_gridlines(false);
        for (at, measured) in self.columns.iter().enumerate() {
            worksheet.set_column_width(at as ColNum, measured.width.clamp(WIDTH.0, WIDTH.1) as f64)?;
        }
        worksheet.write_string_with_format(0, 0, &self.sheet().title, &style::title())?;
        worksheet.set_row_height(0, 24)?;
        let span = self.span(LINE_WIDTH);
        for (row, line) in (1..).zip(&self.above) {
            write_line(worksheet, row, span, line)?;
        }
        let styles: Vec<ColumnStyle> = self
            .sheet()
            .columns
            .iter()
            .zip(&self.columns)
            .map(|(column, measured)| {
                let style = ColumnStyle::new(column.kind, measured.has_more_decimals, measured.is_wrapped(column.kind));
                if column.name.starts_with("change_") { style.of_changes() } else { style }
            })
            .collect();
        for ((at, column), style) in self.sheet().columns.iter().enumerate().zip(&styles) {
            worksheet.write_string_with_format(
                self.head_row(),
                at as ColNum,
                &*shown::visible(&column.title),
                &style.head,
            )?;
        }
        worksheet.set_freeze_panes(self.first_row(), 0)?;
        let mut row_no = self.first_row();
        for row in self.sheet().rows().take(self.row_count) {
            let lines = self.lines_of(&row);
            if lines > 1 {
                worksheet.set_row_height(row_no, LINE_HEIGHT * lines)?;
            }
            for ((at, cell), (column, style)) in row.iter().enumerate().zip(self.sheet().columns.iter().zip(&styles)) {
                let kind = self.sheet().kind_of(&row, at);
                write_cell(worksheet, (row_no, at as ColNum), column.read(*cell), kind, style)?;
            }
            side.write_row(worksheet, row_no)?;
            row_no += 1;
        }
        self.finish(worksheet, row_no)?;
        for total in &self.totals {
            self.write_total(worksheet, row_no, total, &styles)?;
            side.write_row(worksheet, row_no)?;
            row_no += 1;
        }
        side.write_row(worksheet, row_no)?;
        row_no += 1;
        let span = self.span(0);
        for line in &self.below {
            write_line(worksheet, row_no, span, line)?;
            side.write_row(worksheet, row_no)?;
            row_no += 1;
        }
        side.write_rest(worksheet, row_no)?;
        if let Some((last_row, last_column)) = drawn {
            worksheet.set_print_area(0, 0, last_row.max(row_no), last_column)?;
        }
        Ok(())
    }

    /// The columns that sentences run across, and their width: the table's, and more where it is narrower than `least`.
    fn span(&self, least: usize) -> (ColNum, usize) {
        let table = self.columns.iter().map(|measured| measured.width.clamp(WIDTH.0, WIDTH.1));
        let mut width = 0;
        let mut count = 0;
        for column in table.clone().chain(std::iter::repeat(UNSET_WIDTH)) {
            // A range of one cell cannot be merged.
            if count >= 2 && width >= least && (least > 0 || count >= self.columns.len()) {
                break;
            }
            width += column;
            count += 1;
        }
        (count as ColNum - 1, width)
    }

    /// Lines that the longest of a row's wrapped texts takes.
    fn lines_of(&self, row: &[Cell<'_>]) -> u32 {
        let cells = row.iter().zip(self.sheet().columns.iter().zip(&self.columns));
        let wrapped = cells.filter(|(_, (column, measured))| measured.is_wrapped(column.kind));
        let lines = |cell: &Cell<'_>| if let Cell::Text(text) = cell { line_count(text, WIDTH.1) } else { 1 };
        wrapped.map(|(cell, _)| lines(cell)).max().unwrap_or(1).min(CELL_LINES_MOST)
    }

    /// The filter, the marks that are none, and how it is printed.
    fn finish(&self, worksheet: &mut Worksheet, end: RowNum) -> Result<(), XlsxError> {
        let Some(last_column) = (self.columns.len() as ColNum).checked_sub(1) else { return Ok(()) };
        if self.row_count > 0 {
            worksheet.autofilter(self.head_row(), 0, end - 1, last_column)?;
            let end = end + self.totals.len() as RowNum;
            worksheet.ignore_error_range(self.first_row(), 0, end, last_column, IgnoreError::NumberStoredAsText)?;
        }
        worksheet.set_repeat_rows(self.head_row(), self.head_row())?;
        Ok(())
    }

    fn write_total(
        &self,
        worksheet: &mut Worksheet,
        row: RowNum,
        total: &totals::Total,
        styles: &[ColumnStyle],
    ) -> Result<(), XlsxError> {
        let label_at = totals::label_at(self.sheet());
        let label = if self.is_cut() { format!("{} of all rows", total.label) } else { total.label.clone() };
        for (at, (cell, style)) in total.cells.iter().zip(styles).enumerate() {
            let place = (row, at as ColNum);
            match (held(*cell, self.sheet().columns[at].kind), self.formula(at, total)) {
                (Held::Number(x), Some(formula)) => worksheet.write_formula_with_format(
                    place.0,
                    place.1,
                    Formula::new(formula).set_result(x.to_string()),
                    &style.total,
                )?,
                (Held::Number(x), None) => worksheet.write_number_with_format(place.0, place.1, x, &style.total)?,
                (Held::Digits(digits), _) => {
                    worksheet.write_string_with_format(place.0, place.1, digits, &style.total)?
                }
                _ if label_at == Some(at) => {
                    worksheet.write_string_with_format(place.0, place.1, &label, &style.total)?
                }
                _ => worksheet.write_blank(place.0, place.1, &style.total)?,
            };
        }
        Ok(())
    }

    /// A total as a formula over the rows above it; none where the rows above are not all of them, or not all numbers, or
    /// where their currencies cannot be told apart by a formula.
    fn formula(&self, at: usize, total: &totals::Total) -> Option<String> {
        if self.is_cut() || self.columns[at].digits_count > 0 {
            return None;
        }
        let last = self.first_row() + self.row_count as RowNum - 1;
        let range = |at: usize| utility::cell_range(self.first_row(), at as ColNum, last, at as ColNum);
        let sum = match self.totals.as_slice() {
            [_] => format!("SUBTOTAL(109,{})", range(at)),
            totals => {
                // SUMIFS knows no difference between capitals and small letters, and takes some signs for wildcards.
                let is_plain = |code: &String| !code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase());
                if !totals.iter().filter_map(|total| total.currency.as_ref()).all(is_plain) {
                    return None;
                }
                let code = total.currency.as_deref().unwrap_or_default();
                format!("SUMIFS({},{},\"={code}\")", range(at), range(self.sheet().column_index("currency")?))
            }
        };
        // A sum of doubles is off in its last digits; no amount has more than four decimals.
        Some(if self.sheet().columns[at].kind == Kind::Amount { format!("ROUND({sum},4)") } else { sum })
    }
}

impl Measured {
    fn is_wrapped(&self, kind: Kind) -> bool {
        kind == Kind::Text && self.width > WIDTH.1
    }

    fn take(&mut self, cell: Cell<'_>, kind: Kind, has_size: bool) {
        match cell {
            Cell::Text(text) if text.len() > 32_767 => {
                self.cut_count += usize::from(matches!(held(cell, kind), Held::Cut(_)))
            }
            Cell::Amount(amount) => {
                self.has_more_decimals |= amount.units() % 100 != 0;
                self.digits_count += usize::from(matches!(held(cell, kind), Held::Digits(_)));
            }
            Cell::Count(_) => self.digits_count += usize::from(matches!(held(cell, kind), Held::Digits(_))),
            _ => {}
        }
        if has_size {
            self.size(cell, kind);
        }
    }

    fn size(&mut self, cell: Cell<'_>, kind: Kind) {
        self.width = self.width.max(shown::cell(cell, kind).width() + 2);
    }
}

/// Writes a sentence across columns, in as many lines as it needs.
pub(super) fn write_line(
    worksheet: &mut Worksheet,
    row: RowNum,
    (last_column, width): (ColNum, usize),
    (text, is_alert): &Line,
) -> Result<(), XlsxError> {
    let text = shown::visible(text);
    let format = if *is_alert { style::alert() } else { style::note() };
    worksheet.merge_range(row, 0, row, last_column, &text, &format)?;
    worksheet.set_row_height(row, LINE_HEIGHT * line_count(&text, width))?;
    Ok(())
}

/// Lines that a text takes in cells of a width. Letters are narrower than the digits that widths are counted in, but lines break
/// between words.
fn line_count(text: &str, width: usize) -> u32 {
    (text.width() * 9 / 10).div_ceil(width).max(1) as u32
}

/// Writes a cell of a table.
pub(super) fn write_cell(
    worksheet: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    cell: Cell<'_>,
    kind: Kind,
    style: &ColumnStyle,
) -> Result<(), XlsxError> {
    match held(cell, kind) {
        Held::Nothing => worksheet.write_blank(row, column, &style.cell)?,
        Held::Number(x) => worksheet.write_number_with_format(row, column, x, number_style(x, kind, style))?,
        Held::Digits(digits) => worksheet.write_string_with_format(row, column, digits, &style.digits)?,
        Held::Cut(text) => worksheet.write_string_with_format(row, column, &text, text_style(&text, style))?,
        Held::Text(text) => worksheet.write_string_with_format(row, column, &*text, text_style(&text, style))?,
    };
    Ok(())
}

fn number_style(x: f64, kind: Kind, style: &ColumnStyle) -> &Format {
    let is_small = x != 0.0 && x.abs() < 0.005;
    match kind {
        Kind::Rate => &style.rate,
        Kind::Number if is_small || x.abs() >= 1e15 => &style.power,
        _ => &style.cell,
    }
}

fn text_style<'a>(text: &str, style: &'a ColumnStyle) -> &'a Format {
    if text.starts_with(['=', '+', '-', '@']) { &style.quoted } else { &style.cell }
}
