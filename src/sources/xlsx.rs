//! Rows of a workbook: one sheet, its header over merged cells, and each cell as the text a person would type.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Dimensions, ExcelDateTime, Range, Reader, Xlsx};

use super::rewrite::Sink;
use crate::error::Error;

type Workbook = Xlsx<BufReader<File>>;

/// Digits that a number of a worksheet carries; what is beyond them is noise of binary arithmetic.
/// Source: Microsoft, "Excel specifications and limits", number precision 15 digits.
const SIGNIFICANT_DIGITS: usize = 15;

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
    let cells = workbook.worksheet_range(&sheet).map_err(|e| fault(&e))?;
    let formulas = workbook.worksheet_formula(&sheet).map_err(|e| fault(&e))?;
    let merges = workbook.merge_cells_by_sheet_name(&sheet).map_err(|e| fault(&e))?;
    let Some((first_row, first_column)) = cells.start() else {
        let others = workbook.sheet_names().join(", ");
        let problem = format!("the sheet \"{sheet}\" is empty; the sheets are: {others} (--sheet)");
        return Err(Error::source_file(path, problem));
    };
    let header_row = header_row(&cells, sink.options.skip_lines);
    let header_end = header_end(&merges, header_row);
    for row in first_row..header_row {
        let is_blank = row_cells(&cells, row).iter().all(|cell| **cell == Data::Empty);
        sink.leave_out(if is_blank { "blank lines" } else { "lines before the header" }, u64::from(row) + 1);
    }
    sink.row(u64::from(header_row) + 1, &header_cells(&cells, &merges, header_row, header_end), None)?;
    let last_row = cells.end().map_or(first_row, |(row, _)| row);
    let mut fields = Vec::new();
    for row in header_end + 1..=last_row {
        let line = u64::from(row) + 1;
        fields.clear();
        let mut problem = None;
        for (at, cell) in row_cells(&cells, row).into_iter().enumerate() {
            let column = first_column + at as u32;
            let shown = cell_text(cell).and_then(|text| match formulas.get_value((row, column)) {
                Some(formula) if text.is_empty() && !formula.is_empty() && *cell == Data::Empty => Err(format!(
                    "the formula ={formula} without a stored result; open the workbook in Excel and save it"
                )),
                _ => Ok(text),
            });
            match shown {
                Ok(text) => fields.push(text),
                Err(reason) => {
                    fields.push(format!("{cell}"));
                    problem.get_or_insert_with(|| format!("cell {}{line}: {reason}", column_letters(column)));
                }
            }
        }
        match problem {
            Some(reason) => sink.bad(line, &fields.join(" | "), reason)?,
            None => sink.row(line, &fields, sink.options.subtotal_mark)?,
        }
    }
    Ok(())
}

fn sheet_name(path: &Path, workbook: &Workbook, wanted: Option<&str>) -> Result<String, Error> {
    let names = workbook.sheet_names();
    let found = match wanted {
        None => names.first(),
        Some(wanted) => names.iter().find(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()),
    };
    found.cloned().ok_or_else(|| {
        let wanted = wanted.unwrap_or_default();
        Error::source_file(path, format!("has no sheet \"{wanted}\"; its sheets are: {} (--sheet)", names.join(", ")))
    })
}

/// Cells of a row of the sheet, which may lie outside the range that is filled.
fn row_cells(cells: &Range<Data>, row: u32) -> Vec<&Data> {
    let (start, end) = (cells.start().unwrap_or_default(), cells.end().unwrap_or_default());
    (start.1..=end.1).map(|column| cells.get_value((row, column)).unwrap_or(&Data::Empty)).collect()
}

/// The row of the header, from 0: after the rows to skip, or the first of which more than half is filled.
fn header_row(cells: &Range<Data>, skip_lines: Option<u64>) -> u32 {
    let (start, end) = (cells.start().unwrap_or_default(), cells.end().unwrap_or_default());
    if let Some(skipped) = skip_lines {
        return u32::try_from(skipped).unwrap_or(u32::MAX).clamp(start.0, end.0);
    }
    let filled = |row: u32| row_cells(cells, row).iter().filter(|cell| ***cell != Data::Empty).count();
    (start.0..=end.0).find(|&row| filled(row) * 2 > (end.1 - start.1 + 1) as usize).unwrap_or(start.0)
}

/// The last row of the header: a cell merged downwards says that it has more than one.
fn header_end(merges: &[Dimensions], header_row: u32) -> u32 {
    merges.iter().filter(|merge| merge.start.0 == header_row).map(|merge| merge.end.0).max().unwrap_or(header_row)
}

/// Names of columns: a merged cell names every column under it, and parts one above the other are joined.
fn header_cells(cells: &Range<Data>, merges: &[Dimensions], from: u32, to: u32) -> Vec<String> {
    let (start, end) = (cells.start().unwrap_or_default(), cells.end().unwrap_or_default());
    let name = |column: u32| {
        let mut parts: Vec<String> = Vec::new();
        for row in from..=to {
            let merge =
                merges.iter().find(|m| (m.start.0..=m.end.0).contains(&row) && (m.start.1..=m.end.1).contains(&column));
            let place = merge.map_or((row, column), |merge| merge.start);
            let text = cells.get_value(place).and_then(|cell| cell_text(cell).ok()).unwrap_or_default();
            if !text.trim().is_empty() && !parts.contains(&text) {
                parts.push(text);
            }
        }
        parts.join(" ")
    };
    (start.1..=end.1).map(name).collect()
}

/// A cell as text: ISO dates, numbers without an exponent and without noise, `true` and `false`.
fn cell_text(cell: &Data) -> Result<String, String> {
    match cell {
        Data::Empty => Ok(String::new()),
        Data::String(text) => Ok(text.clone()),
        Data::Bool(is_true) => Ok(is_true.to_string()),
        Data::Int(number) => Ok(number.to_string()),
        Data::Float(number) => Ok(number_text(*number)),
        Data::DateTime(moment) => moment_text(moment),
        Data::DateTimeIso(text) => Ok(text.replace('T', " ").trim_end_matches(" 00:00:00").to_owned()),
        Data::DurationIso(text) => Ok(text.clone()),
        Data::Error(error) => Err(format!("the error value {error}; correct the formula and save the workbook")),
    }
}

/// The shortest decimal that is the number to 15 digits: 1234.5600000000001 is 1234.56.
fn number_text(number: f64) -> String {
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
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Ok(if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") })
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
