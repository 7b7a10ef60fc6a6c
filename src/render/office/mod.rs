//! A pack of sheets as slides and as a document: what matters of each on one page, its chart as a picture beside a short
//! table.
//!
//! Both are Office Open XML (ECMA-376), written from templates part by part: what Word and PowerPoint need to open a file is
//! less than what a library would bring. [`deck`] lays out boxes of fixed sizes and so has to measure; [`document`] flows.

mod deck;
mod document;
mod package;
mod table;
#[cfg(test)]
mod tests;

pub use self::deck::deck;
pub use self::document::document;
pub use self::table::{Holds, Table};

use super::{chart, png, shown};
use crate::error::Error;
use crate::sheet::Sheet;

/// What a deck or a document opens with.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    /// Its title.
    pub title: String,
    /// Sentences to read before anything else.
    pub alerts: Vec<String>,
    /// Sentences below them.
    pub lines: Vec<String>,
}

/// One question: a slide, or a section of the document.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The question; pages that follow each other under the same heading are one section of the document.
    pub heading: String,
    /// What answers it: of what, as of when.
    pub subject: String,
    /// The chart, where there is one.
    pub picture: Option<Picture>,
    /// The table, beside the picture or below it.
    pub table: Table,
    /// Whether the picture is as wide as a slide: the table stands below it or, where it has no room, on a slide of its own.
    pub is_wide: bool,
    /// Sentences to stand with the numbers.
    pub notes: Vec<String>,
    /// File that has all rows.
    pub file_name: Option<String>,
}

/// A chart as pixels.
#[derive(Clone, Debug)]
pub struct Picture {
    png: Vec<u8>,
    width: u32,
    height: u32,
    words: String,
}

impl Page {
    /// A sheet with its chart and, of its table, these columns, if any.
    ///
    /// # Errors
    /// [`Error::Internal`] where one of the columns or of the chart's is none of the sheet's, or the chart cannot be drawn.
    pub fn of_sheet(heading: &str, sheet: &Sheet, columns: &[&str], file_name: &str) -> Result<Self, Error> {
        // Panels of the parts of a split need the width.
        let is_wide = sheet.columns.iter().any(|column| column.is_split);
        let place = if is_wide { chart::Place::Wide } else { chart::Place::Slide };
        Ok(Self {
            heading: heading.to_owned(),
            subject: sheet.title.clone(),
            picture: Picture::of(sheet, place)?,
            table: Table::of_sheet(sheet, columns, file_name)?,
            is_wide,
            notes: sheet.alerts.iter().chain(&sheet.notes).cloned().collect(),
            file_name: Some(file_name.to_owned()),
        })
    }

    /// A sheet of several currencies with its chart, the currencies side by side, and its table, which tells them apart too.
    ///
    /// # Errors
    /// As [`Page::of_sheet`].
    pub fn of_currencies(heading: &str, sheet: &Sheet, columns: &[&str], file_name: &str) -> Result<Self, Error> {
        Ok(Self {
            picture: Picture::of(sheet, chart::Place::Wide)?,
            table: Table::of_currencies(sheet, columns, file_name)?,
            is_wide: true,
            ..Self::of_sheet(heading, sheet, &[], file_name)?
        })
    }

    /// Where the rows are, as the foot of the page says it.
    fn source(&self) -> String {
        self.file_name.as_ref().map(|name| format!("Rows: {}", shown::visible(name))).unwrap_or_default()
    }
}

impl Picture {
    /// The chart of a sheet, where it has one.
    fn of(sheet: &Sheet, place: chart::Place) -> Result<Option<Self>, Error> {
        if sheet.chart.is_none() {
            return Ok(None);
        }
        let png = png::at(sheet, place)?;
        // Width and height of a PNG stand in its first chunk (ISO/IEC 15948, 11.2.2).
        let length = |at: usize| png[at..at + 4].iter().fold(0, |length, byte| length << 8 | u32::from(*byte));
        let (width, height) = (length(16), length(20));
        let words = format!("{}. {}", sheet.title, chart::in_words(sheet)?);
        Ok(Some(Self { png, width, height, words }))
    }

    /// Its height by its width.
    fn shape(&self) -> f64 {
        f64::from(self.height) / f64::from(self.width)
    }
}

fn visible_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| shown::visible(text).into_owned()).collect()
}
