//! A sheet's chart as one self-contained SVG.
//!
//! The SVG is written here and not by a plotting library: it needs classes that follow the reader's light or dark page, text
//! measured without a font, labels that stand beside their lines, layers below zero and one panel a currency, and it must be
//! the same bytes on every machine.
//!
//! `data` reads the sheet, `trim` leaves out what a kind cannot show, `frame` lays out title, legend, panels and footnote,
//! `words` says the same for those who cannot see it, and one file a kind draws a panel: `bars` and `rows` (stacked, upright or
//! lying), `lines` (with the bands of a `fan`), `groups`, `waterfall`,
//! `curve`, `heat` and `funnel`.

use crate::error::Error;
use crate::sheet::{Chart, Sheet};

mod axis;
mod bars;
mod curve;
pub(super) mod data;
pub(super) mod day;
mod fan;
mod frame;
mod funnel;
mod groups;
mod heat;
mod lines;
mod measure;
mod rows;
pub(super) mod scale;
mod shape;
mod svg;
mod trim;
mod waterfall;
mod words;

/// Panels that a chart shows at most.
const PANELS_MOST: usize = 12;

/// Colours and sizes of every chart, by class; a page that holds charts without their own style needs it once.
pub const STYLE: &str = include_str!("style.css");

/// Where a chart is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In a file of its own, 960 pixels wide: with title, background and style.
    File,
    /// In a page that has the title and [`STYLE`], 900 pixels wide.
    Page,
    /// The same on a telephone, 360 pixels wide.
    Phone,
    /// A picture on a slide or a sheet of paper that has the title, 580 pixels wide.
    Slide,
    /// A picture as wide as a slide, 1100 pixels, whose panels stand side by side.
    Wide,
}

impl Place {
    const fn width(self) -> f64 {
        match self {
            Self::File => 960.0,
            Self::Page => 900.0,
            Self::Phone => 360.0,
            Self::Slide => 580.0,
            Self::Wide => 1100.0,
        }
    }
}

/// The sheet's chart.
///
/// Amounts in several currencies become one panel a currency and are never added. A chart with nothing to draw says so in
/// the chart.
///
/// # Errors
/// [`Error::Usage`] where the sheet has no chart; [`Error::Internal`] where its chart names a column that the sheet has not.
pub fn svg(sheet: &Sheet, place: Place) -> Result<String, Error> {
    draw(sheet, place, None)
}

/// The chart with a remark at its foot.
///
/// # Errors
/// As [`svg`].
pub(super) fn remarked(sheet: &Sheet, place: Place, remark: Option<&str>) -> Result<String, Error> {
    draw(sheet, place, remark)
}

/// Whether the sheet's chart would only say that there is nothing to draw.
///
/// # Errors
/// [`Error::Internal`] where the chart names a column that the sheet has not.
pub fn is_blank(sheet: &Sheet) -> Result<bool, Error> {
    let Some(chart) = &sheet.chart else { return Ok(true) };
    Ok(data::figure(sheet, chart)?.is_blank())
}

/// What the chart shows, for those who cannot see it.
///
/// # Errors
/// As [`svg`].
pub(super) fn in_words(sheet: &Sheet) -> Result<String, Error> {
    let (chart, figure) = figured(sheet)?;
    Ok(words::describe(chart, &figure))
}

fn draw(sheet: &Sheet, place: Place, remark: Option<&str>) -> Result<String, Error> {
    let (chart, figure) = figured(sheet)?;
    Ok(frame::draw(sheet, chart, &figure, place, remark))
}

fn figured(sheet: &Sheet) -> Result<(&Chart, data::Figure), Error> {
    let Some(chart) = &sheet.chart else {
        return Err(Error::usage(format!("{} has no chart; use -f table, csv, json or parquet", sheet.name)));
    };
    let figure = data::figure(sheet, chart)?;
    let figure = match chart {
        Chart::Lines { .. } | Chart::Fan { .. } => figure,
        chart => figure.with_days_as_bars(matches!(chart, Chart::StackedBars { .. })),
    };
    Ok((chart, figure))
}

/// A number of things: `12,345`.
fn count(things: usize) -> String {
    super::shown::count(things)
}

pub(super) fn render(sheet: &Sheet, _: &super::RenderOptions) -> Result<Vec<u8>, Error> {
    svg(sheet, Place::File).map(String::into_bytes)
}

#[cfg(test)]
mod tests;
