//! Rows of a workbook: one sheet, its header over merged cells, and each cell as the text a person would type.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Dimensions, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xlsx};

use super::grid::Grid;
use super::rewrite::{Sink, TextNumbers};
use super::zip_directory;
use crate::error::Error;

pub(super) type Workbook = Xlsx<BufReader<File>>;

/// Digits that a number of a worksheet carries; what is beyond them is noise of binary arithmetic.
/// Source: Microsoft, "Excel specifications and limits", number precision 15 digits.
const SIGNIFICANT_DIGITS: usize = 15;

/// Decimals of money, up to which a longer number that another program wrote is taken as it stands.
const MONEY_DECIMALS: usize = 4;

/// Letters of a text that is a number, its currency with it, and shapes of such texts that a column of amounts has at most.
const LONGEST_NUMBER: usize = 40;
const SHAPES_MOST: usize = 200;

/// 2^53: from here on a cell does not hold every whole number, so that two identifiers may be one (IEEE 754 binary64).
const FIRST_UNSURE: f64 = 9_007_199_254_740_992.0;

/// Reads the rows of the sheet asked for into `sink`, or of the first sheet.
pub(super) fn read(path: &Path, sink: &mut Sink<'_>) -> Result<(), Error> {
    let fault = |e: &dyn std::fmt::Display| {
        Error::source_file(
            path,
            format!("cannot be read as a workbook ({e}); open it in Excel and save it again, or as CSV"),
        )
    };
    let mut workbook: Workbook = calamine::open_workbook(path).map_err(|e: calamine::XlsxError| fault(&e))?;
    let sheet = sheet_name(path, &workbook, sink.options.sheet.as_deref())?;
    let others: Vec<String> = workbook.sheet_names().into_iter().filter(|name| *name != sheet).collect();
    let is_first = workbook.sheet_names().first() == Some(&sheet);
    let first = (sink.options.sheet.is_none() && !others.is_empty()).then(|| {
        let which = if is_first { "of the workbook" } else { "that is not hidden" };
        format!("the sheet \"{sheet}\" is read, the first {which}; others are {} (--sheet)", others.join(", "))
    });
    let currencies = currencies_shown(&zip_directory::text(path, "xl/styles.xml").unwrap_or_default());
    let shown = (currencies.len() > 1).then(|| {
        format!(
            "the workbook has formats that show numbers as {}: what a cell only shows is not read, an amount has the currency of its \
             column or the one given for all",
            currencies.into_iter().collect::<Vec<_>>().join(", ")
        )
    });
    let epoch = workbook.has_1904_epoch().then(|| {
        "the workbook counts days from 1904: plain numbers that are days need the date format EXCEL1904".to_owned()
    });
    let notes: Vec<String> = first.into_iter().chain(epoch).chain(shown).collect();
    sink.sheet_note = (!notes.is_empty()).then(|| notes.join("; "));
    let merges = workbook.merge_cells_by_sheet_name(&sheet).map_err(|e| fault(&e))?;
    let grid = Grid::read(&mut workbook, &sheet).map_err(|e| fault(&e))?;
    if grid.rows.is_empty() {
        let others = workbook.sheet_names().join(", ");
        let problem = format!("the sheet \"{sheet}\" is empty; the sheets are: {others} (--sheet)");
        return Err(Error::source_file(path, problem));
    }
    if let Some(problem) = grid.far_cells() {
        return Err(Error::source_file(path, format!("the sheet \"{sheet}\" {problem}")));
    }
    write(&grid, &merges, sink)
}

/// Currencies of the number formats of a style sheet: `[$€-407]`, or a sign among the digits.
fn currencies_shown(styles: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for code in styles.split("formatCode=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for (at, part) in code.split('[').enumerate() {
            let (inside, outside) = if at == 0 { ("", part) } else { part.split_once(']').unwrap_or((part, "")) };
            let named = inside.strip_prefix('$').and_then(|name| name.split('-').next()).map(str::trim);
            found.extend(named.filter(|name| !name.is_empty()).map(str::to_owned));
            found.extend(outside.chars().filter(|c| "$€£¥₹₽₩".contains(*c)).map(String::from));
        }
    }
    found
}

/// Gives the header and the rows of a sheet to `sink`.
fn write(grid: &Grid, merges: &[Dimensions], sink: &mut Sink<'_>) -> Result<(), Error> {
    let header_row = grid.header_row(sink.options.skip_lines);
    let header_end = header_end(merges, header_row);
    for row in grid.first_row()..header_row {
        let what = if grid.rows.contains_key(&row) { "lines before the header" } else { "blank lines" };
        sink.leave_out(what, u64::from(row) + 1);
    }
    sink.row(u64::from(header_row) + 1, &grid.header_cells(merges, header_row, header_end), None)?;
    let mut fields = Vec::new();
    let mut text_numbers = TextNumbers::new();
    for row in header_end + 1..=grid.last_row() {
        let line = u64::from(row) + 1;
        if grid.is_blank(row) {
            sink.leave_out("blank lines", line);
            continue;
        }
        fields.clear();
        let mut problem = None;
        for column in grid.columns() {
            let cell = grid.cell(row, column);
            let shown = cell_text(cell).and_then(|text| match grid.formulas.get(&(row, column)) {
                Some(formula) => Err(format!(
                    "the formula ={formula} without a stored result; open the workbook in Excel and save it"
                )),
                None => Ok(with_mark(cell, text, sink.options.decimal_mark)),
            });
            if let Data::String(text) = cell {
                note_number(text_numbers.entry(fields.len()).or_default(), text);
            }
            match shown {
                Ok(text) => fields.push(text),
                Err(reason) => {
                    fields.push(format!("{cell}"));
                    problem.get_or_insert_with(|| format!("cell {}: {reason}", cell_name(row, column)));
                }
            }
        }
        match problem {
            Some(reason) => sink.bad(line, &fields.join(" | "), reason)?,
            None => sink.row(line, &fields, sink.options.subtotal_mark)?,
        }
    }
    sink.text_numbers = Some(text_numbers);
    Ok(())
}

/// Keeps a text that has a number with a mark in it, one of each shape.
fn note_number(shapes: &mut BTreeMap<String, String>, text: &str) {
    let text = text.trim();
    let number = text.trim_matches(|c: char| !c.is_ascii_digit());
    let is_number = number.contains(['.', ','])
        && number.chars().all(|c| c.is_ascii_digit() || ".,'’ \u{a0}\u{202f}".contains(c))
        && text.chars().count() <= LONGEST_NUMBER;
    if is_number && shapes.len() < SHAPES_MOST {
        let is_small = number.starts_with('0');
        let shape: String = number
            .char_indices()
            .map(|(at, c)| if c.is_ascii_digit() && !(at == 0 && is_small) { '9' } else { c })
            .collect();
        shapes.entry(shape).or_insert_with(|| text.to_owned());
    }
}

fn sheet_name(path: &Path, workbook: &Workbook, wanted: Option<&str>) -> Result<String, Error> {
    let names = workbook.sheet_names();
    let found = match wanted {
        // What is hidden was not meant to be seen.
        None => {
            let is_shown = |sheet: &&Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
            let shown = workbook.sheets_metadata().iter().find(is_shown).map(|sheet| &sheet.name);
            shown.or(names.first())
        }
        Some(wanted) => names.iter().find(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()),
    };
    found.cloned().ok_or_else(|| {
        let wanted = wanted.unwrap_or_default();
        Error::source_file(path, format!("has no sheet \"{wanted}\"; its sheets are: {} (--sheet)", names.join(", ")))
    })
}

/// The last row of the header: a cell merged downwards says that it has more than one.
fn header_end(merges: &[Dimensions], header_row: u32) -> u32 {
    merges.iter().filter(|merge| merge.start.0 == header_row).map(|merge| merge.end.0).max().unwrap_or(header_row)
}

/// A cell as text: ISO dates, numbers without an exponent and without noise, `true` and `false`.
pub(super) fn cell_text(cell: &Data) -> Result<String, String> {
    match cell {
        Data::Empty => Ok(String::new()),
        Data::String(text) => Ok(text.clone()),
        Data::Bool(is_true) => Ok(is_true.to_string()),
        Data::Int(number) => Ok(number.to_string()),
        Data::Float(number) if number.abs() >= FIRST_UNSURE => {
            Err(format!("the number {number:e} has more digits than a cell of numbers keeps; write the column as text"))
        }
        Data::Float(number) => Ok(number_text(*number)),
        Data::DateTime(moment) => moment_text(moment),
        Data::DateTimeIso(text) => Ok(text.replace('T', " ").trim_end_matches(" 00:00:00").to_owned()),
        Data::DurationIso(text) => Ok(text.clone()),
        Data::Error(error) => Err(format!("the error value {error}; correct the formula and save the workbook")),
    }
}

/// The text of a number with another decimal mark than a point.
fn with_mark(cell: &Data, text: String, mark: Option<char>) -> String {
    match (cell, mark) {
        (Data::Float(_), Some(mark)) => text.replace('.', mark.encode_utf8(&mut [0; 4])),
        _ => text,
    }
}

/// The shortest decimal that is the number, where it has no more decimals than money; else to 15 digits:
/// 1234.5600000000001 is 1234.56.
fn number_text(number: f64) -> String {
    let shortest = number.to_string();
    let decimals = shortest.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if number != 0.0 && decimals <= MONEY_DECIMALS {
        return shortest;
    }
    let rounded = format!("{number:.*e}", SIGNIFICANT_DIGITS - 1).parse::<f64>().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

fn moment_text(moment: &ExcelDateTime) -> Result<String, String> {
    if moment.is_duration() {
        return Ok(number_text(moment.as_f64()));
    }
    if !(0.0..2_958_466.0).contains(&moment.as_f64()) {
        return Err(format!("the number {} as a date; expected a day from 1900 to 9999", moment.as_f64()));
    }
    // A cell of 0 with the form of a date shows no day that there is: exports write it for a date that is not given.
    if moment.as_f64() == 0.0 {
        return Ok(String::new());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Ok(if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") })
}

/// A cell by the name that Excel gives it, from its row and column counted from 0.
pub(super) fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_letters(column), u64::from(row) + 1)
}

/// The letters of a column, from 0: A, B, … Z, AA.
fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return letters.iter().rev().collect();
        }
        column = column / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;
    use rust_xlsxwriter::{ExcelDateTime as Day, Format, Formula, Workbook as Writer, Worksheet, XlsxError};

    use super::*;
    use crate::sources::options::ReadOptions;
    use crate::sources::probe::probe;
    use crate::sources::rewrite::{Rewritten, rewrite};

    fn rewritten(fill: impl Fn(&mut Worksheet) -> Result<(), XlsxError>) -> Result<(Rewritten, String), String> {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, out) = (folder.path().join("in.xlsx"), folder.path().join("out.csv"));
        let mut workbook = Writer::new();
        fill(workbook.add_worksheet()).expect("filled");
        workbook.save(&source).expect("saved");
        let options = ReadOptions::default();
        let probe = probe(&source, &options).map_err(|e| e.to_string())?;
        let result = rewrite(&probe, &options, &out).map_err(|e| e.to_string())?;
        Ok((result, std::fs::read_to_string(&out).expect("UTF-8")))
    }

    #[test]
    fn currencies_that_cells_only_show_are_found() {
        let styles = r#"<numFmt formatCode="[$€-2]\ #,##0.00"/><numFmt formatCode="[$-409]d/m/yy"/><numFmt formatCode="&quot;$&quot;#,##0"/>"#;
        assert_eq!(currencies_shown(styles).into_iter().collect::<Vec<_>>(), ["$", "€"]);
        assert!(currencies_shown(r#"<numFmt formatCode="[Red]#,##0.00;[$-407]General"/>"#).is_empty());
    }

    #[test]
    fn a_hidden_sheet_is_not_the_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, out) = (folder.path().join("in.xlsx"), folder.path().join("out.csv"));
        let mut workbook = Writer::new();
        for (name, is_hidden) in [("old", true), ("open items", false)] {
            let sheet =
                workbook.add_worksheet().set_name(name).expect("a name").set_hidden(is_hidden).set_active(!is_hidden);
            sheet.write(0, 0, "id").and_then(|sheet| sheet.write(1, 0, name)).expect("written");
        }
        workbook.save(&source).expect("saved");
        let options = ReadOptions::default();
        let result = rewrite(&probe(&source, &options).expect("a table"), &options, &out).expect("rewritten");
        let note = result.sheet_note.unwrap_or_default();
        assert!(note.contains("\"open items\" is read, the first that is not hidden"), "{note}");
        assert!(std::fs::read_to_string(&out).expect("UTF-8").contains("open items"));
    }

    #[test]
    fn cells_are_written_as_a_person_would() {
        let (result, text) = rewritten(|sheet| {
            let day = Format::new().set_num_format("dd/mm/yyyy");
            for (at, name) in ["id", "day", "amount", "paid", "sum"].into_iter().enumerate() {
                sheet.write(0, at as u16, name)?;
            }
            sheet
                .write(1, 0, 1_930_659_387.0)?
                .write(1, 1, &Day::from_ymd(2020, 1, 31)?)?
                .set_cell_format(1, 1, &day)?;
            sheet.write(1, 2, 1_234.560_000_000_000_1)?.write(1, 3, true)?;
            sheet.write(1, 4, Formula::new("=1+2").set_result("3"))?;
            sheet.write(3, 0, "A \"quoted\" name")?.write(3, 2, 1.0e-3)?.write(
                3,
                4,
                Formula::new("=NA()").set_result("#N/A"),
            )?;
            Ok(())
        })
        .expect("read");
        assert_eq!(
            text,
            "_line,\"id\",\"day\",\"amount\",\"paid\",\"sum\"\n2,\"1930659387\",\"2020-01-31\",\"1234.56\",\"true\",\"3\"\n"
        );
        assert_eq!((result.row_count, result.left_out.len(), result.bad_lines.len()), (1, 1, 1));
        assert!(result.bad_lines[0].reason.starts_with("cell E4: the error value #N/A"), "{:?}", result.bad_lines);
    }

    #[test]
    fn a_header_over_merged_cells_names_every_column() {
        let (result, _) = rewritten(|sheet| {
            let plain = Format::new();
            sheet.write(0, 0, "Open items")?;
            sheet.merge_range(1, 0, 2, 0, "Customer", &plain)?.merge_range(1, 1, 1, 2, "Amount", &plain)?;
            sheet.write(2, 1, "gross")?.write(2, 2, "net")?.write(3, 0, "A")?.write(3, 1, 12)?.write(3, 2, 10)?;
            Ok(())
        })
        .expect("read");
        assert_eq!(result.columns, ["Customer", "Amount gross", "Amount net"]);
        assert_eq!(result.row_count, 1);
    }

    #[test]
    fn an_empty_sheet_names_the_sheets_there_are() {
        let message = rewritten(|_| Ok(())).expect_err("empty");
        assert!(message.contains("the sheet \"Sheet1\" is empty; the sheets are: Sheet1"), "{message}");
    }

    #[test]
    fn a_stray_cell_far_below_leaves_the_rows_and_one_far_off_is_named() {
        let fill = |sheet: &mut Worksheet| {
            sheet.write(0, 0, "id")?.write(0, 1, "amount")?.write(1, 0, "A")?.write(1, 1, 1)?;
            Ok(())
        };
        let (result, text) = rewritten(|sheet| {
            sheet.write(1_048_575, 0, "stray")?;
            fill(sheet)
        })
        .expect("read");
        assert_eq!(text, "_line,\"id\",\"amount\"\n2,\"A\",\"1\"\n1048576,\"stray\",\"\"\n");
        assert_eq!((result.left_out[0].what, result.left_out[0].count), ("blank lines", 1_048_573));
        let message = rewritten(|sheet| {
            sheet.write(1_048_575, 16_383, 1)?;
            fill(sheet)
        });
        assert!(message.expect_err("far").contains("a cell at XFD1048576"));
        let message = rewritten(|sheet| {
            sheet.write(1_048_575, 0, 1)?.write(4, 16_383, Formula::new("=1").set_result("1"))?;
            fill(sheet)
        });
        assert!(message.expect_err("far").contains("cells at A1048576 and XFD5"));
    }

    #[test]
    fn noise_goes_and_digits_stay() {
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(1_234_567.889_999_999_4), "1234567.89");
        assert_eq!(number_text(-0.0), "0");
        assert_eq!(number_text(123_456_789_012_345.0), "123456789012345");
        assert_eq!(number_text(1e21), "1000000000000000000000");
        assert_eq!(column_letters(0) + &column_letters(27) + &column_letters(701), "AABZZ");
    }

    #[test]
    fn both_ways_of_counting_days_give_the_same_day() {
        let day = |value, is_1904| moment_text(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904));
        assert_eq!(day(43_861.0, false), Ok("2020-01-31".to_owned()));
        assert_eq!(day(42_399.0, true), Ok("2020-01-31".to_owned()));
        assert_eq!(day(43_861.5, false), Ok("2020-01-31 12:00:00".to_owned()));
        assert!(day(-1.0, false).is_err());
    }
}
