//! Workbooks: a sheet, or a pack of sheets behind a cover, as an XLSX file with native charts.
//!
//! `cell` says what a spreadsheet can hold, `table` lays a sheet out, `chart` draws beside it, `cover` opens a pack, `stream`
//! answers for a full disk. Text is
//! written as text and never as a formula. The same sheets give the same bytes: the file names no time of its making.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::RenderOptions;
use crate::error::Error;
use crate::sheet::Sheet;

mod cell;
mod chart;
mod cover;
mod names;
mod side;
mod stream;
mod style;
mod table;
#[cfg(test)]
mod tests;

/// Rows up to which a worksheet is kept in memory, where texts are shared and charts carry their values for viewers that do
/// not calculate. A longer one is streamed through a temporary file.
const ROWS_KEPT: usize = 20_000;

/// What a workbook opens with.
#[derive(Clone, Debug, Default)]
pub struct Cover<'a> {
    /// Heading of the whole.
    pub title: String,
    /// Sentences to read before anything else.
    pub alerts: Vec<String>,
    /// Sentences to stand with the numbers.
    pub notes: Vec<String>,
    /// The figures that matter most, as a small sheet.
    pub figures: Option<&'a Sheet>,
}

/// A sheet's place in a workbook.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Wish for the worksheet's name; what a spreadsheet does not allow is taken out.
    pub tab: String,
    /// The sheet.
    pub sheet: &'a Sheet,
    /// File beside the workbook that has all rows.
    pub csv_name: Option<String>,
    /// Rows shown at most; as many as a worksheet holds when `None`.
    pub max_rows: Option<usize>,
}

/// A workbook of a cover and one worksheet a page.
///
/// # Errors
/// [`Error::Internal`] where a chart names a column that its sheet has not, or the writer refuses; [`Error::File`] where a long
/// worksheet cannot be written to its temporary file.
pub fn workbook(cover: &Cover<'_>, pages: &[Page<'_>]) -> Result<Vec<u8>, Error> {
    stream::guarded(|| written(cover, pages))
}

fn written(cover: &Cover<'_>, pages: &[Page<'_>]) -> Result<Vec<u8>, Error> {
    let names = names::unique(std::iter::once("Cover").chain(pages.iter().map(|page| page.tab.as_str())));
    let refused = |e: XlsxError| Error::internal(format!("workbook {}: XLSX: {e}", cover.title));
    let mut workbook = opened(&cover.title).map_err(refused)?;
    let mut worksheet = Worksheet::new();
    worksheet.set_name(&names[0]).map_err(refused)?;
    cover::write(&mut worksheet, cover, pages, &names[1..]).map_err(refused)?;
    workbook.push_worksheet(worksheet);
    for (page, name) in pages.iter().zip(&names[1..]) {
        add(&mut workbook, page, name)?;
    }
    workbook.save_to_buffer().map_err(refused)
}

/// A workbook of one worksheet.
pub(super) fn render(sheet: &Sheet, options: &RenderOptions) -> Result<Vec<u8>, Error> {
    let refused = |e: XlsxError| Error::internal(format!("sheet {}: XLSX: {e}", sheet.name));
    let page = Page { tab: spaced(&sheet.name), sheet, csv_name: None, max_rows: options.max_rows };
    stream::guarded(|| {
        let mut workbook = opened(&sheet.title).map_err(refused)?;
        add(&mut workbook, &page, &names::unique([page.tab.as_str()])[0])?;
        workbook.save_to_buffer().map_err(refused)
    })
}

/// `aging_trend` as `Aging trend`.
fn spaced(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn opened(title: &str) -> Result<Workbook, XlsxError> {
    // Unset, the time of the making is read from the clock.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let mut workbook = Workbook::new();
    workbook
        .set_properties(&DocProperties::new().set_title(title).set_author("duecast").set_creation_datetime(&created));
    Ok(workbook)
}

fn add(workbook: &mut Workbook, page: &Page<'_>, name: &str) -> Result<(), Error> {
    let refused = |e: XlsxError| Error::internal(format!("sheet {}: XLSX: {e}", page.sheet.name));
    let table = table::Table::new(page);
    let drawing = chart::Drawing::new(page.sheet, name, (table.head_row() + 1, table.free_column()))?;
    let is_long = page.sheet.row_count() > ROWS_KEPT;
    let mut worksheet =
        if is_long { workbook.new_worksheet_with_constant_memory().map_err(refused)? } else { Worksheet::new() };
    worksheet.set_name(name).map_err(refused)?;
    paged(&mut worksheet);
    table.write(&mut worksheet, &drawing.side, drawing.extent).map_err(refused)?;
    drawing.insert(&mut worksheet).map_err(refused)?;
    workbook.push_worksheet(worksheet);
    Ok(())
}

/// A4 across, as wide as the page, with the sheet's name and the page's number below.
fn paged(worksheet: &mut Worksheet) {
    const A4: u8 = 9;
    worksheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    worksheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    worksheet.set_footer("&L&A&R&P / &N");
}
