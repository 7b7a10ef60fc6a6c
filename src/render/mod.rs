//! From a [`Sheet`] to bytes: one file a format, none of which knows what the numbers are about.
//!
//! A new format is one file with a function of the type of `Renderer`, a variant of [`Format`] and its line in
//! `FORMATS`. Nothing here touches a file or a clock: the same sheet gives the same bytes.

use std::str::FromStr;

pub use text::wrapped;

use crate::error::Error;
use crate::sheet::Sheet;

pub mod chart;
mod csv;
pub mod html;
mod json;
pub mod office;
mod parquet;
mod png;
mod shown;
mod text;
mod totals;
pub mod xlsx;

/// What a sheet can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Aligned text for a terminal.
    Table,
    /// Comma-separated values.
    Csv,
    /// One JSON object, amounts as exact numbers.
    Json,
    /// An Apache Parquet file that keeps the columns' types.
    Parquet,
    /// A workbook with the sheet and its chart.
    Xlsx,
    /// The sheet's chart, as lines and letters.
    Svg,
    /// The sheet's chart, as pixels.
    Png,
}

/// How a sheet is laid out; formats for programs have no use for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RenderOptions {
    /// Columns of the terminal that a table must not pass; as wide as it needs when `None`.
    pub width: Option<usize>,
    /// Rows that a table shows at most; all when `None`.
    pub max_rows: Option<usize>,
}

type Renderer = fn(&Sheet, &RenderOptions) -> Result<Vec<u8>, Error>;

/// Each format with its name, the file extensions that mean it (its own first) and the function that makes it.
const FORMATS: [(Format, &str, &[&str], Renderer); 7] = [
    (Format::Table, "table", &["txt"], text::render),
    (Format::Csv, "csv", &["csv"], csv::render),
    (Format::Json, "json", &["json"], json::render),
    (Format::Parquet, "parquet", &["parquet", "pq"], parquet::render),
    (Format::Xlsx, "xlsx", &["xlsx"], xlsx::render),
    (Format::Svg, "svg", &["svg"], chart::render),
    (Format::Png, "png", &["png"], png::render),
];

impl Format {
    /// Every format, in the order in which help lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// The name by which `--format` knows it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The extension of its files, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.entry().2[0]
    }

    /// The format that a file's extension means, in any case and with or without its dot.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        let wanted = extension.trim_start_matches('.').to_lowercase();
        FORMATS.iter().find(|(_, _, extensions, _)| extensions.contains(&wanted.as_str())).map(|(format, ..)| *format)
    }

    fn entry(self) -> &'static (Self, &'static str, &'static [&'static str], Renderer) {
        FORMATS.iter().find(|(format, ..)| *format == self).expect("every format has its line in FORMATS")
    }
}

impl FromStr for Format {
    type Err = Error;

    /// # Errors
    /// [`Error::Usage`] with the known names where `name` is none of them.
    fn from_str(name: &str) -> Result<Self, Error> {
        FORMATS.iter().find(|(_, known, ..)| *known == name).map(|(format, ..)| *format).ok_or_else(|| {
            let names: Vec<&str> = Self::all().map(Self::name).collect();
            Error::usage(format!("\"{name}\" is not a format; formats are {}", names.join(", ")))
        })
    }
}

/// A sheet as the bytes of one file.
///
/// # Errors
/// [`Error::Usage`] where a chart is asked of a sheet that has none; [`Error::Internal`] where a writer refuses.
pub fn render(sheet: &Sheet, format: Format, options: &RenderOptions) -> Result<Vec<u8>, Error> {
    (format.entry().3)(sheet, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Column, Kind};

    #[test]
    fn a_format_is_found_by_its_name_and_by_its_extensions() {
        for format in Format::all() {
            assert_eq!(Format::from_str(format.name()).expect("its own name"), format);
            assert_eq!(Format::from_extension(format.extension()), Some(format));
        }
        assert_eq!(Format::from_extension(".CSV"), Some(Format::Csv));
        assert_eq!(Format::from_extension("docx"), None);
    }

    #[test]
    fn an_unknown_format_is_answered_with_the_known_ones() {
        let error = Format::from_str("pdf").expect_err("no such format");
        insta::assert_snapshot!(error, @r#""pdf" is not a format; formats are table, csv, json, parquet, xlsx, svg, png"#);
    }

    #[test]
    fn a_chart_of_a_sheet_without_one_is_refused_with_what_else_there_is() {
        let sheet =
            Sheet::from_rows("item", "Items", vec![Column::new("item_id", Kind::Text)], &[]).expect("an empty sheet");
        let error = render(&sheet, Format::Svg, &RenderOptions::default()).expect_err("no chart");
        insta::assert_snapshot!(error, @"item has no chart; use -f table, csv, json or parquet");
    }
}
