//! Looks of the cells: one font, quiet lines, numbers by what they mean.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use crate::render::shown;
use crate::sheet::Kind;

const INK: u32 = 0x1b_1f24;
const MUTED: u32 = 0x51_5a64;
const ALERT: u32 = 0xa3_2f33;
const LINE: u32 = 0xe2_e5e9;
const STRONG_LINE: u32 = 0x6b_7480;
const HEAD: u32 = 0xee_f2f6;
const LINK: u32 = 0x0b_4f8a;
const RATE: &str = "#,##0.0%";
/// Shares change by percentage points.
const POINTS: &str = "#,##0.0%\" points\"";

/// What the cells of a column look like.
#[derive(Clone, Debug)]
pub(super) struct ColumnStyle {
    pub(super) head: Format,
    pub(super) cell: Format,
    /// A rate, also in a column of other numbers.
    pub(super) rate: Format,
    /// Text that would be a formula if it were typed: marked as text, so that it stays one when it is edited.
    pub(super) quoted: Format,
    /// A number as text.
    pub(super) digits: Format,
    /// A number that two decimals would not show.
    pub(super) power: Format,
    pub(super) total: Format,
}

impl ColumnStyle {
    /// Cells of a kind, whose text is wrapped where the column has no room for it.
    pub(super) fn new(kind: Kind, has_more_decimals: bool, is_wrapped: bool) -> Self {
        let sided = |format: Format| match shown::is_right_aligned(kind) {
            // A number must not touch the text in the next column.
            true => format.set_align(FormatAlign::Right).set_indent(1),
            false => format.set_align(FormatAlign::Left),
        };
        let plain = sided(Format::new()).set_font_color(INK).set_align(FormatAlign::Top);
        let plain = if is_wrapped { plain.set_text_wrap() } else { plain };
        let cell = plain.clone().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE);
        let numbered = |format: Format| match number_format(kind, has_more_decimals) {
            Some(code) => format.set_num_format(code),
            None => format,
        };
        let total = plain.set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(STRONG_LINE);
        Self {
            head: sided(head()),
            quoted: cell.clone().set_quote_prefix(),
            digits: cell.clone(),
            power: cell.clone().set_num_format("0.0E+00"),
            rate: cell.clone().set_num_format(RATE),
            cell: numbered(cell),
            total: numbered(total),
        }
    }
}

impl ColumnStyle {
    /// The same, of a column of changes.
    pub(super) fn of_changes(mut self) -> Self {
        self.rate = self.rate.set_num_format(POINTS);
        self
    }
}

fn number_format(kind: Kind, has_more_decimals: bool) -> Option<&'static str> {
    match kind {
        Kind::Text | Kind::Flag => None,
        Kind::Date => Some("yyyy-mm-dd"),
        Kind::Timestamp => Some("yyyy-mm-dd hh:mm:ss"),
        Kind::Amount if has_more_decimals => Some("#,##0.00??"),
        Kind::Amount | Kind::Number => Some("#,##0.00"),
        Kind::Count | Kind::Days => Some("#,##0"),
        Kind::Rate => Some(RATE),
    }
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(INK)
        .set_background_color(HEAD)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(STRONG_LINE)
}

pub(super) fn title() -> Format {
    Format::new().set_bold().set_font_size(15).set_font_color(INK)
}

pub(super) fn heading() -> Format {
    Format::new().set_bold().set_font_size(12).set_font_color(INK)
}

pub(super) fn note() -> Format {
    Format::new().set_font_color(MUTED).set_text_wrap().set_align(FormatAlign::Top)
}

pub(super) fn alert() -> Format {
    note().set_bold().set_font_color(ALERT)
}

pub(super) fn link() -> Format {
    Format::new().set_font_color(LINK).set_underline(rust_xlsxwriter::FormatUnderline::Single)
}

pub(super) fn muted() -> Format {
    Format::new().set_font_color(MUTED)
}

/// Over numbers, which are indented alike.
pub(super) fn number_title() -> Format {
    muted().set_align(FormatAlign::Right).set_indent(1)
}
