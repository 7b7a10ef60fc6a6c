//! Comma-separated values (RFC 4180): column names, ISO dates, `.` decimals, empty for null, line feeds between rows.

use std::borrow::Cow;
use std::fmt::Write;

use super::RenderOptions;
use crate::error::Error;
use crate::sheet::{Cell, Sheet};

pub(super) fn render(sheet: &Sheet, _: &RenderOptions) -> Result<Vec<u8>, Error> {
    written(sheet).map_err(|e| Error::internal(format!("sheet {}: CSV: {e}", sheet.name)))
}

fn written(sheet: &Sheet) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = ::csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(Vec::new());
    if sheet.columns.is_empty() {
        return Ok(writer.into_inner()?);
    }
    writer.write_record(sheet.columns.iter().map(|column| harmless(&column.name).into_owned()))?;
    let mut field = String::new();
    for row in sheet.rows() {
        for cell in row {
            field.clear();
            write_cell(&mut field, cell)?;
            writer.write_field(&field)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer.into_inner()?)
}

/// A cell as its field holds it, not yet quoted: exact, and harmless to a spreadsheet.
pub(super) fn write_cell(field: &mut String, cell: Cell<'_>) -> std::fmt::Result {
    match cell {
        Cell::Empty => Ok(()),
        Cell::Text(text) => field.write_str(&harmless(text)),
        Cell::Date(day) => write!(field, "{day}"),
        Cell::Timestamp(at) => write!(field, "{at:?}"),
        Cell::Amount(amount) => write!(field, "{amount}"),
        Cell::Count(count) => write!(field, "{count}"),
        Cell::Number(x) => write_number(field, x),
        Cell::Flag(flag) => field.write_str(if flag { "true" } else { "false" }),
    }
}

/// The shortest decimal text that reads back as the same number; nothing for one that is not finite.
fn write_number(field: &mut String, x: f64) -> std::fmt::Result {
    match x.abs() {
        size if !size.is_finite() => Ok(()),
        0.0 => field.write_char('0'),
        size if (1e-7..1e17).contains(&size) => write!(field, "{x}"),
        _ => write!(field, "{x:e}"),
    }
}

/// Text that a spreadsheet would run as a formula, with a leading `'` that makes it text again. The characters are those of
/// OWASP's "CSV Injection" (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn harmless(text: &str) -> Cow<'_, str> {
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
    match text.chars().next() {
        Some('+' | '-') if is_number(&text[1..]) => Cow::Borrowed(text),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::{Column, Kind};
    use chrono::NaiveDate;

    fn csv(columns: Vec<Column>, rows: &[Vec<Cell<'_>>]) -> String {
        let sheet = Sheet::from_rows("test", "Test", columns, rows).expect("a sheet");
        String::from_utf8(render(&sheet, &RenderOptions::default()).expect("rendered")).expect("UTF-8")
    }

    #[test]
    fn every_kind_of_cell_reads_back_as_what_it_was() {
        let kinds = [Kind::Text, Kind::Date, Kind::Timestamp, Kind::Amount, Kind::Count, Kind::Rate, Kind::Flag];
        let columns = kinds.iter().map(|kind| Column::new(&format!("{kind:?}").to_lowercase(), *kind)).collect();
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day");
        let full = vec![
            Cell::Text("Kovács, \"Bt.\"\n2"),
            Cell::Date(day),
            Cell::Timestamp(day.and_hms_opt(9, 5, 0).expect("a time")),
            Cell::Amount(Money::from_units(-12_345_678)),
            Cell::Count(-7),
            Cell::Number(0.1),
            Cell::Flag(true),
        ];
        insta::assert_snapshot!(csv(columns, &[full, vec![Cell::Empty; 7]]), @r#"
        text,date,timestamp,amount,count,rate,flag
        "Kovács, ""Bt.""
        2",2024-02-29,2024-02-29T09:05:00,-1234.5678,-7,0.1,true
        ,,,,,,
        "#);
    }

    #[test]
    fn text_that_a_spreadsheet_would_run_is_neutralised_and_numbers_are_not() {
        let columns = vec![Column::new("name", Kind::Text), Column::new("=amount", Kind::Amount)];
        let rows: Vec<Vec<Cell<'_>>> = ["=1+1", "+36 1", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", "'quoted", "a=b"]
            .iter()
            .map(|text| vec![Cell::Text(text), Cell::Amount(Money::from_units(-10_000))])
            .collect();
        let found = csv(columns, &rows);
        assert_eq!(
            found,
            "name,'=amount\n'=1+1,-1.00\n'+36 1,-1.00\n'-x,-1.00\n'@SUM(A1),-1.00\n'\tx,-1.00\n\"'\rx\",-1.00\n'＝1,-1.00\n\
             'quoted,-1.00\na=b,-1.00\n"
        );
    }

    #[test]
    fn a_lone_empty_cell_is_a_row_and_not_a_blank_line() {
        assert_eq!(csv(vec![Column::new("x", Kind::Number)], &[vec![Cell::Empty]]), "x\n\"\"\n");
    }

    #[test]
    fn numbers_round_trip_and_are_never_infinite() {
        let mut field = String::new();
        for x in [0.1 + 0.2, -0.0, 1e300, 5e-324, 123_456_789.125, f64::NAN, f64::NEG_INFINITY] {
            write_number(&mut field, x).expect("written");
            field.push(' ');
        }
        assert_eq!(field, "0.30000000000000004 0 1e300 5e-324 123456789.125   ");
    }
}
