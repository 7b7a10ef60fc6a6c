//! One JSON object a sheet. Amounts are numbers written from the exact decimal, so a reader that keeps decimals loses
//! nothing; dates and moments are ISO 8601 strings; a number that is not finite is null.

use std::fmt::Write as _;
use std::io::Write;

use serde_json::json;

use super::RenderOptions;
use crate::error::Error;
use crate::sheet::{Cell, Kind, Sheet};

pub(super) fn render(sheet: &Sheet, _: &RenderOptions) -> Result<Vec<u8>, Error> {
    written(sheet).map_err(|e| Error::internal(format!("sheet {}: JSON: {e}", sheet.name)))
}

/// Written by hand a row a line: a `serde_json::Value` has no exact decimals, and a line a row keeps differences readable.
fn written(sheet: &Sheet) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut out = Vec::new();
    let columns: Vec<serde_json::Value> = sheet
        .columns
        .iter()
        .map(|column| json!({ "name": column.name, "title": column.title, "kind": kind_name(column.kind) }))
        .collect();
    write!(out, "{{\n\"name\": {},\n\"title\": {},\n", json!(sheet.name), json!(sheet.title))?;
    write!(out, "\"columns\": {},\n\"notes\": {},\n\"rows\": [", json!(columns), json!(sheet.notes))?;
    let keys: Vec<String> = sheet.columns.iter().map(|column| format!("{}:", json!(column.name))).collect();
    for (at, row) in sheet.rows().enumerate() {
        out.extend_from_slice(if at == 0 { b"\n{" } else { b",\n{" });
        for (at, (key, cell)) in keys.iter().zip(row).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key.as_bytes());
            write_cell(&mut out, cell)?;
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"\n]\n}\n");
    Ok(out)
}

fn write_cell(out: &mut Vec<u8>, cell: Cell<'_>) -> Result<(), Box<dyn std::error::Error>> {
    match cell {
        Cell::Empty => out.extend_from_slice(b"null"),
        Cell::Text(text) => serde_json::to_writer(out, text)?,
        Cell::Date(day) => write!(out, "\"{day}\"")?,
        Cell::Timestamp(at) => write!(out, "\"{at:?}\"")?,
        Cell::Amount(amount) => write!(out, "{amount}")?,
        Cell::Count(count) => write!(out, "{count}")?,
        Cell::Number(x) => serde_json::to_writer(out, &x)?,
        Cell::Flag(flag) => write!(out, "{flag}")?,
    }
    Ok(())
}

fn kind_name(kind: Kind) -> String {
    let mut name = String::new();
    write!(name, "{kind:?}").expect("a String takes all");
    name.make_ascii_lowercase();
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::Column;
    use chrono::NaiveDate;

    #[test]
    fn amounts_are_exact_numbers_and_what_is_not_known_is_null() {
        let columns = vec![
            Column::new("customer", Kind::Text),
            Column::new("due_on", Kind::Date),
            Column::new("open_amount", Kind::Amount),
            Column::new("late_rate", Kind::Rate),
        ];
        let day = NaiveDate::from_ymd_opt(2024, 12, 31).expect("a day");
        let exact = Money::from_units(999_999_999_999_999_999_999_999);
        let rows = [
            vec![Cell::Text("\"Ő\"\u{1}"), Cell::Date(day), Cell::Amount(exact), Cell::Number(0.25)],
            vec![Cell::Empty, Cell::Empty, Cell::Empty, Cell::Number(f64::NAN)],
        ];
        let sheet = Sheet::from_rows("open_item", "Open items", columns, &rows).expect("a sheet").noted("Ties out.");
        let found = String::from_utf8(render(&sheet, &RenderOptions::default()).expect("rendered")).expect("UTF-8");
        serde_json::from_str::<serde_json::Value>(&found).expect("valid JSON");
        insta::assert_snapshot!(found, @r#"
        {
        "name": "open_item",
        "title": "Open items",
        "columns": [{"name":"customer","title":"Customer","kind":"text"},{"name":"due_on","title":"Due on","kind":"date"},{"name":"open_amount","title":"Open amount","kind":"amount"},{"name":"late_rate","title":"Late rate","kind":"rate"}],
        "notes": ["Ties out."],
        "rows": [
        {"customer":"\"Ő\"\u0001","due_on":"2024-12-31","open_amount":99999999999999999999.9999,"late_rate":0.25},
        {"customer":null,"due_on":null,"open_amount":null,"late_rate":null}
        ]
        }
        "#);
    }
}
