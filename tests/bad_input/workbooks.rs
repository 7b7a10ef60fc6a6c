//! Workbooks as they come: of several sheets, cut off, hostile.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{HEADER, ids, refused};
use crate::support::Dir;

/// Saves a workbook of two sheets of items, Jan and Feb.
fn workbook(path: &Path, far_cell: bool) {
    let mut workbook = Workbook::new();
    for (name, id) in [("Jan", "J1"), ("Feb", "F1")] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        for (at, column) in HEADER.trim_end().split(',').enumerate() {
            sheet.write(0, at as u16, column).expect("a cell");
        }
        for (at, text) in [id, "C1", "invoice", "2024-01-05", "2024-02-04", "EUR"].into_iter().enumerate() {
            sheet.write(1, at as u16, text).expect("a cell");
        }
        sheet.write(1, 6, 10.5).expect("a cell");
        if far_cell {
            sheet.write(1_048_575, 16_383, 1).expect("a cell");
        }
    }
    workbook.save(path).expect("a workbook");
}

#[test]
fn a_workbook_gives_its_first_sheet_or_the_one_that_is_named() {
    let dir = Dir::new();
    workbook(&dir.path().join("item.xlsx"), false);
    let answer = dir.ok(&["load", "item.xlsx"]);
    assert!(
        answer.contains("the sheet \"Jan\" is read, the first of the workbook; others are Feb (--sheet)"),
        "{answer}"
    );
    assert_eq!(ids(&dir), ["J1"]);
    let wrong = ["load", "item.xlsx", "--table", "application", "--as", "other"];
    refused(&dir.run(&wrong), &["has no column credit_item_id", "others are Feb (--sheet)"]);
    dir.ok(&["load", "item.xlsx", "--sheet", "Feb"]);
    assert!(ids(&dir).contains(&"F1".to_owned()), "{:?}", ids(&dir));
    refused(&dir.run(&["load", "item.xlsx", "--sheet", "March"]), &["March", "Jan, Feb"]);
}

#[test]
fn a_cut_or_hostile_workbook_is_refused() {
    let dir = Dir::new();
    let path = dir.path().join("item.xlsx");
    workbook(&path, false);
    let whole = std::fs::read(&path).expect("a workbook");
    dir.file("item.xlsx", &whole[..whole.len() / 2]);
    refused(&dir.run(&["load", "item.xlsx"]), &["cut off or damaged"]);
    let mut bomb = whole.clone();
    let entries: Vec<usize> =
        whole.windows(4).enumerate().filter(|(_, mark)| mark == b"PK\x01\x02").map(|(at, _)| at).collect();
    for at in entries {
        bomb[at + 24..at + 28].copy_from_slice(&0xE000_0000_u32.to_le_bytes());
    }
    dir.file("item.xlsx", bomb);
    refused(&dir.run(&["load", "item.xlsx"]), &["zip bomb"]);
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_does_not_exhaust_memory() {
    let dir = Dir::new();
    workbook(&dir.path().join("item.xlsx"), true);
    let run = dir.run(&["load", "item.xlsx"]);
    assert!((0..=2).contains(&run.code) && !run.stderr.contains("panicked"), "{run:?}");
}

/// The same workbook, counting days from 1904.
fn from_1904(path: &Path) {
    let mut old = ZipArchive::new(File::open(path).expect("a file")).expect("an archive");
    let mut parts = Vec::new();
    for at in 0..old.len() {
        let (mut part, mut bytes) = (old.by_index(at).expect("a part"), Vec::new());
        part.read_to_end(&mut bytes).expect("read");
        parts.push((part.name().expect("a name").into_owned(), bytes));
    }
    let mut new = ZipWriter::new(File::create(path).expect("a file"));
    for (name, bytes) in parts {
        new.start_file(&name, SimpleFileOptions::default()).expect("a part");
        let text = String::from_utf8_lossy(&bytes).replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        new.write_all(text.as_bytes()).expect("written");
    }
    new.finish().expect("an archive");
}

#[test]
fn a_workbook_that_counts_from_1904_says_so() {
    let dir = Dir::new();
    workbook(&dir.path().join("item.xlsx"), false);
    from_1904(&dir.path().join("item.xlsx"));
    let said = dir.ok(&["load", "item.xlsx"]);
    assert!(
        said.contains("others are Feb (--sheet); the workbook counts days from 1904") && said.contains("EXCEL1904"),
        "{said}"
    );
    assert_eq!(ids(&dir), ["J1"]);
}

/// Saves a list with an amount that is a number and others that are text.
fn list(path: &Path, texts: &[&str]) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, head) in ["Doc", "Customer", "Date", "Amount"].into_iter().enumerate() {
        sheet.write(0, at as u16, head).expect("a cell");
    }
    for (row, text) in std::iter::once(&"").chain(texts).enumerate() {
        let row = row as u32 + 1;
        for (at, cell) in [format!("D{row}"), "C1".to_owned(), "2024-01-05".to_owned()].into_iter().enumerate() {
            sheet.write(row, at as u16, cell).expect("a cell");
        }
        if text.is_empty() { sheet.write(row, 3, 300.5) } else { sheet.write(row, 3, *text) }.expect("a cell");
    }
    workbook.save(path).expect("a workbook");
}

const LIST: &str = "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\n[table.columns]\nitem_id = \"Doc\"\n\
                    customer_id = \"Customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"Date\"\namount = \"Amount\"\n";

#[test]
fn amounts_that_a_workbook_has_as_text_are_read_by_their_own_marks_or_asked_about() {
    let dir = Dir::new();
    let load = |texts: &[&str], values: &str| {
        list(&dir.path().join("list.xlsx"), texts);
        dir.file("list.toml", LIST.replace("[values]\n", &format!("[values]\n{values}")));
        dir.run(&["load", "list.xlsx", "--source", "list.toml"])
    };
    let amounts = || {
        let amount = ["sql", "select cast(amount as string) as amount from item order by item_id", "-f", "csv"];
        dir.ok(&amount).lines().skip(1).collect::<Vec<_>>().join(" ")
    };
    refused(&load(&["1.234"], ""), &["Amount, such as \"1.234\", do not tell the decimal mark"]);
    refused(
        &load(&["1.234", "1.234,50"], ""),
        &["of Amount is text with the decimal mark \",\"", "decimal_mark = \",\""],
    );
    assert_eq!(load(&["1.234", "1.234,50"], "decimal_mark = \",\"\nthousands_mark = \".\"\n").code, 0);
    assert_eq!(amounts(), "300.5000 1234.0000 1234.5000");
    assert_eq!(load(&["1,234.50", "12,500"], "").code, 0);
    assert_eq!(amounts(), "300.5000 1234.5000 12500.0000");
    let drafted = |texts: &[&str]| {
        list(&dir.path().join("list.xlsx"), texts);
        dir.ok(&["load", "list.xlsx", "--draft-mapping"])
    };
    assert!(drafted(&["1.234"]).contains("# missing: the amounts seen, such as \"1.234\", do not tell"));
    assert!(drafted(&["1.234,50"]).contains("decimal_mark = \",\"\nthousands_mark = \".\""));
    assert!(!drafted(&[]).contains("decimal_mark"), "numbers of a workbook have no marks");
}

#[test]
fn of_debit_and_credit_in_two_columns_the_one_without_an_amount_may_be_nought() {
    let dir = Dir::new();
    let rows = "Customer;Doc;Date;Debit;Credit\nA;D1;2024-01-15;1.234,50;0,00\nA;D2;2024-01-20;0,00;500,25\nB;D3;2024-01-21;;\nB;D4;2024-01-21;x;\n";
    dir.file("dc.csv", rows);
    let draft = dir.ok(&["load", "dc.csv", "--draft-mapping"]);
    assert!(draft.contains("nonzero = true") && draft.contains("decimal_mark = \",\""), "{draft}");
    let table = |column: &str, kind: &str, amount: &str| {
        format!(
            "[[table]]\ntable = \"item\"\nwhen = [{{ column = \"{column}\", nonzero = true }}]\n[table.columns]\nitem_id = \"Doc\"\n\
             customer_id = \"Customer\"\nkind = {{ constant = \"{kind}\" }}\nissued_on = \"Date\"\namount = {amount}\n"
        )
    };
    let mapping = format!(
        "name = \"dc\"\nversion = 1\n[values]\ncurrency = \"EUR\"\ndecimal_mark = \",\"\nthousands_mark = \".\"\n{}{}",
        table("Debit", "invoice", "\"Debit\""),
        table("Credit", "credit_note", "{ column = \"Credit\", negate = true }")
    );
    dir.file("dc.toml", mapping);
    let run = dir.run(&["load", "dc.csv", "--source", "dc.toml"]);
    assert!(run.code == 1 && run.stderr.contains("dc.csv:5: amount \"x\""), "what is no amount is refused: {run:?}");
    let answer =
        dir.ok(&["sql", "select item_id, cast(amount as string) as amount from item order by item_id", "-f", "csv"]);
    assert_eq!(answer.lines().skip(1).collect::<Vec<_>>(), ["D1,1234.5000", "D2,-500.2500"]);
}

#[test]
fn days_that_another_program_swapped_are_refused() {
    let dir = Dir::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (at, name) in ["Doc", "Customer", "Date", "Amount"].into_iter().enumerate() {
        sheet.write(0, at as u16, name).expect("a cell");
    }
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 5, 2).expect("a day");
    sheet.write_with_format(1, 2, &date, &day).expect("a cell");
    sheet.write(2, 2, "13/02/2024").expect("a cell");
    for row in 1..3 {
        sheet.write(row, 0, format!("D{row}")).expect("a cell").write(row, 1, "C").expect("a cell");
        sheet.write(row, 3, 10.5).expect("a cell");
    }
    workbook.save(dir.path().join("list.xlsx")).expect("a workbook");
    let mapping = "name = \"m\"\n[values]\n[[table]]\ntable = \"item\"\n[table.columns]\nitem_id = \"Doc\"\ncustomer_id = \"Customer\"\n\
        kind = { constant = \"invoice\" }\nissued_on = \"Date\"\namount = \"Amount\"\n";
    dir.file("m.toml", mapping);
    let load = ["load", "list.xlsx", "--source", "m.toml", "--currency", "EUR"];
    refused(&dir.run(&load), &["Date has days up to the 12th as dates", "day and month of the dates are swapped"]);
    dir.file("m.toml", mapping.replace("[values]", "[values]\ndate_formats = [\"DD/MM/YYYY\"]"));
    assert!(
        dir.ok(&load).contains("day and month of the dates are swapped"),
        "told, where the mapping says how days are written"
    );
}
