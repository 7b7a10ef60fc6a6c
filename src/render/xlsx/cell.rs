//! What a spreadsheet can hold of a cell: numbers of 15 digits, days since 1900, texts of 32,767 characters.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::money::Money;
use crate::render::shown;
use crate::sheet::{Cell, Kind};

/// Digits a spreadsheet keeps of a number
/// (<https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>).
const DIGITS_MOST: usize = 15;
/// UTF-16 units of a cell's text (the same page).
const TEXT_MOST: usize = 32_767;

/// A cell as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held<'a> {
    Nothing,
    Number(f64),
    Text(Cow<'a, str>),
    /// Text that was too long, up to where it was cut.
    Cut(String),
    /// A number as text, which as a number would lose its last digits.
    Digits(String),
}

/// How a cell is held.
pub(super) fn held<'a>(cell: Cell<'a>, kind: Kind) -> Held<'a> {
    match cell {
        Cell::Empty => Held::Nothing,
        Cell::Text(text) => held_text(shown::visible(text)),
        Cell::Date(day) => serial_day(day).map_or_else(|| Held::Text(day.to_string().into()), Held::Number),
        Cell::Timestamp(at) => serial(at).map_or_else(|| Held::Text(shown::cell(cell, kind).into()), Held::Number),
        Cell::Amount(amount) => number(amount).map_or_else(|| Held::Digits(amount.grouped()), Held::Number),
        Cell::Count(count)
            if count.unsigned_abs() >= 10_u64.pow(DIGITS_MOST as u32) && digits(&count.to_string()) > DIGITS_MOST =>
        {
            Held::Digits(shown::cell(cell, kind))
        }
        Cell::Count(count) => Held::Number(count as f64),
        Cell::Number(x) if x.is_finite() => Held::Number(x),
        Cell::Number(_) => Held::Nothing,
        Cell::Flag(flag) => Held::Text(Cow::Borrowed(if flag { "yes" } else { "no" })),
    }
}

/// An amount as a number, where a spreadsheet keeps all its digits.
fn number(amount: Money) -> Option<f64> {
    let units = amount.units();
    if units.unsigned_abs() < 10_u128.pow(DIGITS_MOST as u32) {
        // A double holds these ten-thousandths exactly: the quotient is rounded once.
        return Some(units as f64 / 10_000.0);
    }
    // Dividing would round twice, parsing the decimal text rounds once.
    let text = amount.to_string();
    if digits(&text) > DIGITS_MOST { None } else { text.parse().ok() }
}

/// Digits of a decimal number that say something: none of the zeros around it.
fn digits(number: &str) -> usize {
    let all: String = number.chars().filter(char::is_ascii_digit).collect();
    all.trim_matches('0').len()
}

fn held_text(text: Cow<'_, str>) -> Held<'_> {
    // No text has more UTF-16 units than bytes.
    if text.len() <= TEXT_MOST || text.encode_utf16().count() <= TEXT_MOST {
        return if text.is_empty() { Held::Nothing } else { Held::Text(text) };
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < TEXT_MOST
    };
    Held::Cut(text.chars().take_while(fits).chain(['…']).collect())
}

/// Days as spreadsheets count them; none before March 1900, where Excel counts a 29 February that never was.
fn serial_day(day: NaiveDate) -> Option<f64> {
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let (first, last) = (NaiveDate::from_ymd_opt(1900, 3, 1)?, NaiveDate::from_ymd_opt(9999, 12, 31)?);
    (first..=last).contains(&day).then(|| (day - origin).num_days() as f64)
}

fn serial(at: NaiveDateTime) -> Option<f64> {
    const MICROSECONDS: f64 = 86_400e6;
    let midnight = at.date().and_hms_opt(0, 0, 0)?;
    let into_day = (at - midnight).num_microseconds()? as f64 / MICROSECONDS;
    Some(serial_day(at.date())? + into_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(units: i128) -> Held<'static> {
        held(Cell::Amount(Money::from_units(units)), Kind::Amount)
    }

    #[test]
    fn an_amount_of_more_than_15_digits_stays_exact_as_text() {
        assert_eq!(amount(1_234_567_890_123_456), Held::Digits("123,456,789,012.3456".to_owned()));
        assert_eq!(amount(-123_456_789_012_345), Held::Number(-12_345_678_901.234_5));
        assert_eq!(amount(1_234_567_890_123_450_000), Held::Number(123_456_789_012_345.0));
        assert_eq!(amount(0), Held::Number(0.0));
        assert_eq!(held(Cell::Count(i64::MAX), Kind::Count), Held::Digits("9,223,372,036,854,775,807".to_owned()));
    }

    #[test]
    fn days_before_march_1900_are_text() {
        let date = |text: &str| held(Cell::Date(text.parse().expect("a day")), Kind::Date);
        assert_eq!(date("1900-03-01"), Held::Number(61.0));
        assert_eq!(date("2024-12-31"), Held::Number(45657.0));
        assert_eq!(date("1900-02-28"), Held::Text("1900-02-28".into()));
        let noon: NaiveDateTime = "2024-12-31T12:00:00".parse().expect("a moment");
        assert_eq!(held(Cell::Timestamp(noon), Kind::Timestamp), Held::Number(45657.5));
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_between_characters() {
        let long = "𝄞".repeat(20_000);
        let Held::Cut(cut) = held(Cell::Text(&long), Kind::Text) else { panic!("not cut") };
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with("𝄞…"));
        assert!(matches!(held(Cell::Text(&"é".repeat(32_767)), Kind::Text), Held::Text(_)));
        assert_eq!(held(Cell::Text(""), Kind::Text), Held::Nothing);
        assert_eq!(held(Cell::Number(f64::NAN), Kind::Rate), Held::Nothing);
    }
}
