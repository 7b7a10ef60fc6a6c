//! Native charts of a sheet, right of its table, over cells of the same worksheet that stand right of the charts.

use rust_xlsxwriter as xlsx;
use rust_xlsxwriter::{ColNum, ConditionalFormat2ColorScale, ObjectMovement, RowNum, Worksheet, XlsxError};

use self::block::{Block, Placed};
use super::side::{Side, SideCell};
use crate::error::Error;
use crate::render::chart::data::{self, Figure, Panel};
use crate::render::shown;
use crate::sheet::{Chart, Sheet};

mod block;
mod kinds;
mod look;
mod waterfall;

/// Charts that stand on a worksheet at most, one a currency.
const PANELS_MOST: usize = 12;
/// Bars of a chart at most.
const BARS_MOST: usize = 40;
/// Lines of a chart at most, as many as have colours.
const LINES_MOST: usize = 7;
/// Widths of a matrix's names and numbers, in digits.
const NAMES_WIDTH: f64 = 22.0;
const NUMBERS_WIDTH: f64 = 12.0;
/// Pixels of a row and a column.
const ROW: u32 = 20;
const COLUMN: u32 = 64;

/// The charts of a worksheet and the cells they are drawn from.
#[derive(Default)]
pub(super) struct Drawing {
    charts: Vec<(RowNum, ColNum, xlsx::Chart)>,
    /// Matrices, which are cells shaded by their size: first and last row and column.
    shaded: Vec<(RowNum, ColNum, RowNum, ColNum)>,
    pub(super) side: Side,
    /// The last row and column that the charts cover.
    pub(super) extent: Option<(RowNum, ColNum)>,
}

impl Drawing {
    /// The charts of a sheet, on the worksheet of that name from a cell on; none where the sheet has no chart, or nothing
    /// that a chart could show.
    ///
    /// # Errors
    /// [`Error::Internal`] where the chart names a column that the sheet has not.
    pub(super) fn new(sheet: &Sheet, name: &str, (row, column): (RowNum, ColNum)) -> Result<Self, Error> {
        let mut drawing = Self::default();
        let Some(chart) = &sheet.chart else { return Ok(drawing) };
        let mut figure = data::figure(sheet, chart)?;
        if matches!(chart, Chart::Fan { .. }) {
            figure = figure.with_bands_as_lines();
        }
        if figure.clash.is_some() {
            return Ok(drawing);
        }
        if let Some(names) = &figure.drawn_as_one {
            figure.value_title.push_str(&format!(", all values of {names} together"));
        }
        let line_count = figure.series.len();
        if matches!(chart, Chart::Lines { .. }) && line_count > LINES_MOST {
            figure.keep_largest_series(LINES_MOST);
            figure.value_title.push_str(&format!(", the {LINES_MOST} largest of {}", shown::count(line_count)));
        }
        let across = (look::WIDTH / COLUMN) as ColNum;
        let is_matrix = matches!(chart, Chart::Heat { .. });
        let data_column = if is_matrix { column } else { column + across + 1 };
        let (mut chart_row, mut data_row) = (row, row);
        for panel in figure.panels.iter().take(PANELS_MOST) {
            let block = block(chart, &figure, panel);
            if block.numbers().next().is_none() {
                continue;
            }
            let placed = Placed { block, name, row: data_row, column: data_column };
            if let Some((mut native, height)) = native(chart, &placed, &figure) {
                let alt = format!("{}: {}. The table has the numbers.", sheet.title, placed.block.heading);
                // Rows that a filter hides must not take the chart with them.
                native
                    .set_alt_text(alt)
                    .show_hidden_data()
                    .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells);
                drawing.charts.push((chart_row, column, native));
                chart_row += height.div_ceil(ROW) + 1;
                drawing.extent = Some((chart_row, column + across));
            } else {
                drawing.shaded.push(placed.numbers());
                drawing.extent = Some((placed.last_row(), placed.last_column()));
            }
            placed.fill(&mut drawing.side);
            data_row = placed.last_row() + 2;
        }
        if figure.panels.len() > PANELS_MOST {
            let more = format!("{} more currencies are in the table.", figure.panels.len() - PANELS_MOST);
            drawing.side.put(chart_row.max(data_row), column, SideCell::Heading(more));
        }
        Ok(drawing)
    }

    /// Puts the charts on the worksheet.
    pub(super) fn insert(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (row, column, chart) in &self.charts {
            worksheet.insert_chart(*row, *column, chart)?;
        }
        for (first_row, first_column, last_row, last_column) in self.shaded.iter().copied() {
            let (light, dark) = look::SHADES;
            let scale = ConditionalFormat2ColorScale::new().set_minimum_color(light).set_maximum_color(dark);
            worksheet.set_column_width(first_column - 1, NAMES_WIDTH)?;
            worksheet.set_column_range_width(first_column, last_column, NUMBERS_WIDTH)?;
            worksheet.add_conditional_format(first_row, first_column, last_row, last_column, &scale)?;
        }
        Ok(())
    }
}

/// The cells a panel is drawn from.
fn block(chart: &Chart, figure: &Figure, panel: &Panel) -> Block {
    match chart {
        Chart::Waterfall { .. } => waterfall::block(figure, panel),
        Chart::Curve { .. } => Block::of_points(figure, panel),
        Chart::Lines { .. } | Chart::Fan { .. } | Chart::Heat { .. } => Block::of(figure, panel, usize::MAX),
        Chart::StackedBars { .. } | Chart::Bars { .. } | Chart::Funnel { .. } => Block::of(figure, panel, BARS_MOST),
    }
}

/// A panel's chart with its height in pixels; none where the cells themselves are the picture.
fn native(chart: &Chart, placed: &Placed<'_>, figure: &Figure) -> Option<(xlsx::Chart, u32)> {
    match chart {
        Chart::StackedBars { .. } => Some(kinds::stacked(placed, figure.kind)),
        Chart::Bars { .. } => Some(kinds::groups(placed, figure.kind)),
        Chart::Lines { .. } | Chart::Fan { .. } => Some(kinds::lines(placed, figure.kind)),
        Chart::Curve { .. } => Some(kinds::curve(placed, figure)),
        Chart::Funnel { .. } => Some(kinds::funnel(placed, figure.kind)),
        Chart::Waterfall { .. } => Some(waterfall::chart(placed, figure.kind)),
        Chart::Heat { .. } => None,
    }
}
