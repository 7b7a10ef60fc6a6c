//! The first worksheet of a pack: what it is, whether it can be trusted, the figures that matter most, and where to go on.

use rust_xlsxwriter::{ColNum, RowNum, Url, Worksheet, XlsxError};

use super::style::{self, ColumnStyle};
use super::{Cover, Page, table};
use crate::render::shown;
use crate::sheet::{Cell, Kind, Sheet};

/// Widths of the columns: those of the contents, and of the figures.
const WIDTHS: [usize; 8] = [32, 18, 18, 18, 18, 18, 18, 18];
/// The columns that sentences run across, and their width.
const SPAN: (ColNum, usize) = (7, 158);

/// Writes the cover of pages whose worksheets have these names.
pub(super) fn write(
    worksheet: &mut Worksheet,
    cover: &Cover<'_>,
    pages: &[Page<'_>],
    names: &[String],
) -> Result<(), XlsxError> {
    super::paged(worksheet);
    worksheet.set_screen_gridlines(false);
    for (at, width) in WIDTHS.iter().enumerate() {
        worksheet.set_column_width(at as ColNum, *width as f64)?;
    }
    worksheet.write_string_with_format(0, 0, &cover.title, &style::title().set_font_size(20))?;
    worksheet.set_row_height(0, 32)?;
    let alerts = cover.alerts.iter().map(|line| (line.clone(), true));
    let mut row = 1;
    for line in alerts.chain(cover.notes.iter().map(|line| (line.clone(), false))) {
        table::write_line(worksheet, row, SPAN, &line)?;
        row += 1;
    }
    if let Some(figures) = cover.figures.filter(|figures| figures.row_count() > 0) {
        row = write_figures(worksheet, figures, row + 1)?;
    }
    write_contents(worksheet, pages, names, row + 1)
}

fn write_figures(worksheet: &mut Worksheet, figures: &Sheet, top: RowNum) -> Result<RowNum, XlsxError> {
    worksheet.write_string_with_format(top, 0, &figures.title, &style::heading())?;
    let styles: Vec<ColumnStyle> =
        figures.columns.iter().map(|column| ColumnStyle::new(column.kind, false, false)).collect();
    for ((at, column), style) in figures.columns.iter().enumerate().zip(&styles) {
        worksheet.write_string_with_format(top + 1, at as ColNum, &column.title, &style.head)?;
    }
    let mut row = top + 2;
    for cells in figures.rows() {
        for ((at, cell), (column, style)) in cells.into_iter().enumerate().zip(figures.columns.iter().zip(&styles)) {
            table::write_cell(worksheet, (row, at as ColNum), cell, column.kind, style)?;
        }
        row += 1;
    }
    for note in &figures.notes {
        table::write_line(worksheet, row, SPAN, &(note.clone(), false))?;
        row += 1;
    }
    Ok(row)
}

fn write_contents(
    worksheet: &mut Worksheet,
    pages: &[Page<'_>],
    names: &[String],
    top: RowNum,
) -> Result<(), XlsxError> {
    let (text, count) = (ColumnStyle::new(Kind::Text, false, false), ColumnStyle::new(Kind::Count, false, false));
    const TITLE: ColNum = 1;
    const ROWS: ColNum = 6;
    const FILE: ColNum = 7;
    worksheet.write_string_with_format(top, 0, "Contents", &style::heading())?;
    for (column, (title, style)) in [
        ("Sheet", &text),
        ("Shows", &text),
        ("", &text),
        ("", &text),
        ("", &text),
        ("", &text),
        ("Rows", &count),
        ("All rows in", &text),
    ]
    .into_iter()
    .enumerate()
    {
        worksheet.write_string_with_format(top + 1, column as ColNum, title, &style.head)?;
    }
    for ((row, page), name) in (top + 2..).zip(pages).zip(names) {
        let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(name.clone());
        worksheet.write_url_with_format(row, 0, link, &style::link())?;
        let title = shown::visible(&page.sheet.title);
        worksheet.merge_range(row, TITLE, row, ROWS - 1, &title, &text.cell)?;
        let rows = Cell::Count(i64::try_from(page.sheet.row_count()).unwrap_or(i64::MAX));
        table::write_cell(worksheet, (row, ROWS), rows, Kind::Count, &count)?;
        let file = page.csv_name.as_deref().map_or(Cell::Empty, Cell::Text);
        table::write_cell(worksheet, (row, FILE), file, Kind::Text, &text)?;
    }
    Ok(())
}
