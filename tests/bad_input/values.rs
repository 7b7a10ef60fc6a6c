//! Dates, times, numbers and names that could be read two ways, or not at all.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{HEADER, ids, invoices, loaded, open_items, refused};
use crate::support::{Dir, rows};

/// A mapping of a list with decimal commas: document, customer, day, cleared on, amount.
const COMMA: &str = r#"
name = "list"
version = 1
[values]
currency = "EUR"
decimal_mark = ","
thousands_mark = "."
date_formats = ["DD.MM.YYYY", "YYYY-MM-DD"]
[[table]]
table = "item"
cleared_on = "Ausgleich"
[table.columns]
item_id = "Beleg"
customer_id = "Konto"
kind = { constant = "invoice" }
issued_on = "Datum"
amount = "Betrag"
"#;

/// Saves a workbook of that list: amounts as cells of numbers, and one as text; a cell of 0 in the form of a date.
fn list(dir: &Dir) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    for (at, name) in ["Beleg", "Konto", "Datum", "Ausgleich", "Betrag"].into_iter().enumerate() {
        sheet.write(0, at as u16, name).expect("a cell");
    }
    for (at, amount) in [1234.56, 12.345, 1.234, 100.0].into_iter().enumerate() {
        let row = at as u32 + 1;
        sheet
            .write(row, 0, row)
            .expect("a cell")
            .write(row, 1, 100_001)
            .expect("a cell")
            .write(row, 4, amount)
            .expect("a cell");
        let on = ExcelDateTime::from_ymd(2024, 1, 5).expect("a day");
        sheet.write_with_format(row, 2, &on, &day).expect("a cell").write_with_format(row, 3, 0, &day).expect("a cell");
    }
    sheet.write(5, 0, 5).expect("a cell").write(5, 1, 100_001).expect("a cell");
    sheet.write(5, 2, "05.01.2024").expect("a cell").write(5, 4, "1.234,50").expect("a cell");
    workbook.save(dir.path().join("list.xlsx")).expect("a workbook");
    dir.file("list.toml", COMMA);
}

#[test]
fn a_number_of_a_workbook_is_that_number_whatever_marks_its_texts_have() {
    let dir = Dir::new();
    list(&dir);
    let (read, loaded, _) = loaded(&dir, &["list.xlsx", "--source", "list.toml"]);
    assert_eq!((read, loaded), (5, 5));
    let amounts: Vec<String> = open_items(&dir).into_iter().map(|(id, amount)| format!("{id} {amount}")).collect();
    // A date of 0 is none: nothing is cleared.
    assert_eq!(amounts, ["1 1234.56", "2 12.345", "3 1.234", "4 100.00", "5 1234.50"]);
    let customers = dir.ok(&["sql", "select distinct customer_id from item", "-f", "csv"]);
    assert_eq!(rows(&customers)[0]["customer_id"], "100001");
}

#[test]
fn a_number_of_a_parquet_file_is_that_number_and_an_identifier_is_whole() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.ok(&["load", "item.csv"]);
    let values = "(values (1, 100001.0, cast(1234.5 as double)), (2, 100001.0, cast(12.345 as double)))";
    let of = |amount: &str| {
        format!(
            "select \"Beleg\", \"Konto\", '2024-01-05' as \"Datum\", cast(null as varchar) as \"Ausgleich\", {amount} as \"Betrag\" from {values} as v(\"Beleg\", \"Konto\", amount)"
        )
    };
    dir.file("list.toml", COMMA);
    for (name, amount) in [("double", "amount"), ("decimal", "cast(amount as decimal(18, 3))")] {
        let file = format!("{name}.parquet");
        dir.ok(&["sql", &of(amount), "-f", "parquet", "-o", &file]);
        dir.ok(&["load", &file, "--source", "list.toml", "--as", "list", "--ledger", "list.duckdb"]);
        let found = dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv", "--ledger", "list.duckdb"]);
        let shown: Vec<[String; 2]> =
            rows(&found).into_iter().map(|row| [row["customer_id"].clone(), row["open_amount"].clone()]).collect();
        assert_eq!(shown, [["100001", "1234.50"], ["100001", "12.345"]], "{name}");
    }
    let own = "select 'I' || v.n as item_id, cast(100001 as double) as customer_id, 'invoice' as kind, date '2024-01-05' as issued_on, 'EUR' as currency, cast(7 as decimal(18, 4)) as amount from (values (1)) as v(n)";
    dir.ok(&["sql", own, "-f", "parquet", "-o", "item_own.parquet"]);
    dir.ok(&["load", "item_own.parquet", "--ledger", "own.duckdb"]);
    let found = dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv", "--ledger", "own.duckdb"]);
    assert_eq!(rows(&found)[0]["customer_id"], "100001");
}

#[test]
fn a_damaged_parquet_file_is_named_and_not_the_ledger() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5"), ("I2", "6")]));
    dir.ok(&["load", "item.csv"]);
    dir.ok(&[
        "sql",
        "select item_id, customer_id, kind, issued_on, currency, amount from item",
        "-f",
        "parquet",
        "-o",
        "item_b.parquet",
    ]);
    let mut bytes = std::fs::read(dir.path().join("item_b.parquet")).expect("a file");
    bytes[10..60].fill(0xAA);
    dir.file("item_b.parquet", bytes);
    refused(&dir.run(&["load", "item_b.parquet"]), &["item_b.parquet: cannot be read as Parquet", "export it again"]);
    assert_eq!(ids(&dir), ["I1", "I2"]);
}

#[test]
fn one_mistyped_date_does_not_turn_day_and_month_of_its_column() {
    let dir = Dir::new();
    let lines: String = (1..10).map(|n| format!("{n},A,invoice,0{n}/03/2024,2{n}/04/2024,EUR,10\n")).collect();
    dir.file("item.csv", format!("{HEADER}{lines}10,A,invoice,03/31/2024,29/04/2024,EUR,10\n"));
    refused(
        &dir.run(&["load", "item.csv"]),
        &["issued_on only fits MM/DD/YYYY", "due_on only fits DD/MM/YYYY", "--date-format"],
    );
    let (_, loaded, rejected) = loaded(&dir, &["item.csv", "--date-format", "DD/MM/YYYY"]);
    assert_eq!((loaded, rejected.len()), (9, 1));
    assert_eq!(rejected[0]["value"], "03/31/2024");
}

#[test]
fn a_time_is_read_whole_or_not_at_all() {
    let dir = Dir::new();
    let good = [
        ("2024-01-05", "2024-01-05T00:00:00"),
        ("2024-01-05 23:30", "2024-01-05T23:30:00"),
        ("2024-01-05T23:30:15.250", "2024-01-05T23:30:15.250"),
        ("2024-01-05 11:30 PM", "2024-01-05T23:30:00"),
        ("2024-01-05 12:05:09am", "2024-01-05T00:05:09"),
    ];
    let bad = [
        "2024-01-05 11:30 xyz",
        "2024-01-05 10:00:00-05:00",
        "2024-01-05T10:00:00Z",
        "2024-01-05 13:30 PM",
        "2024-01-05 24:00:00",
    ];
    let lines: String = good
        .iter()
        .map(|(text, _)| text)
        .chain(&bad)
        .enumerate()
        .map(|(at, time)| format!("I{at},C1,invoice,2024-01-05,2024-02-04,EUR,5,{time}\n"))
        .collect();
    dir.file("item.csv", HEADER.replace("amount\n", "amount,entered_at\n") + &lines);
    let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
    let values: Vec<&str> = rejected.iter().filter_map(|row| row["value"].as_str()).collect();
    assert_eq!((loaded, values), (5, bad.to_vec()));
    let read = dir.ok(&["sql", "select entered_at from item order by item_id", "-f", "csv"]);
    let read: Vec<String> = rows(&read).into_iter().map(|row| row["entered_at"].clone()).collect();
    assert_eq!(read, good.map(|(_, moment)| moment));
}

/// Due dates of the items, in the order of their ids.
fn due_days(dir: &Dir) -> Vec<String> {
    let found = dir.ok(&["sql", "select due_on from item order by item_id", "-f", "csv"]);
    rows(&found).into_iter().map(|row| row["due_on"].clone()).collect()
}

#[test]
fn a_time_behind_a_day_is_passed_over_unless_its_zone_may_make_it_another_day() {
    let dir = Dir::new();
    let dues =
        ["1/31/2024 1:05:00 PM", "1/30/2024", "2024-01-29 23:59:59.999", "2024-01-28T00:00:00Z", "1/27/2024 7:00"];
    let bad = ["2024-01-27T23:00:00Z", "1/26/2024 25:00", "2/30/2024 10:00", "soon"];
    let lines: String = dues
        .iter()
        .chain(&bad)
        .enumerate()
        .map(|(at, due)| format!("I{at},C1,invoice,2024-01-05,{due},EUR,5\n"))
        .collect();
    dir.file("item.csv", HEADER.to_owned() + &lines);
    let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
    let values: Vec<&str> = rejected.iter().filter_map(|row| row["value"].as_str()).collect();
    assert_eq!((loaded, values), (5, bad.to_vec()));
    let days = ["2024-01-31", "2024-01-30", "2024-01-29", "2024-01-28", "2024-01-27"];
    assert_eq!(due_days(&dir), days);
    dir.file(
        "list.toml",
        COMMA.replace("date_formats = [\"DD.MM.YYYY\", \"YYYY-MM-DD\"]\n", "") + "due_on = \"due_on\"\n",
    );
    let lines: String = dues.iter().enumerate().map(|(at, due)| format!("I{at},C1,2024-01-05,,5,{due}\n")).collect();
    dir.file("list.csv", format!("Beleg,Konto,Datum,Ausgleich,Betrag,due_on\n{lines}"));
    dir.ok(&["load", "list.csv", "--source", "list.toml", "--ledger", "list.duckdb"]);
    let found = dir.ok(&["sql", "select due_on from item order by item_id", "-f", "csv", "--ledger", "list.duckdb"]);
    assert_eq!(rows(&found).into_iter().map(|row| row["due_on"].clone()).collect::<Vec<_>>(), days);
}

#[test]
fn serial_numbers_in_text_are_read_where_they_are_said_to_be_days() {
    let dir = Dir::new();
    dir.file("item.csv", format!("{HEADER}I1,C1,invoice,45322,45350.5,EUR,5\nI2,C1,invoice,45322,99999999,EUR,5\n"));
    let (_, all_rejected, rejected) = loaded(&dir, &["item.csv"]);
    assert_eq!((all_rejected, rejected.len()), (0, 2));
    let (_, loaded, rejected) = loaded(&dir, &["item.csv", "--date-format", "EXCEL"]);
    assert_eq!((loaded, rejected[0]["value"].as_str()), (1, Some("99999999")));
    assert_eq!(due_days(&dir), ["2024-02-28"]);
}

#[test]
fn a_row_of_a_mapping_is_refused_once_with_its_own_value_and_column() {
    let dir = Dir::new();
    dir.file("list.toml", COMMA.replace("date_formats = [\"DD.MM.YYYY\", \"YYYY-MM-DD\"]\n", ""));
    let lines = "1,C1,31.01.2024,28.02.2024,\"5,5\"\n2,C1,31.01.2024,31.02.2024,\"5,5\"\n3,C1,31.01.2024,,x\n4,C1,30.01.24x,,5\n";
    dir.file("list.csv", format!("Beleg,Konto,Datum,Ausgleich,Betrag\n{lines}"));
    let run = dir.run(&["load", "list.csv", "--source", "list.toml", "-f", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let counts = ["rows_read", "rows_loaded", "rows_rejected", "rows_derived"].map(|name| report[0][name].as_u64());
    // Item 1, its receipt and their application; rows 2 to 4 once each.
    assert_eq!((run.code, counts), (1, [4, 2, 3, 1].map(Some)), "{run:?}");
    let kept = dir.run(&["check", "--rejected", "-f", "json"]);
    let kept: serde_json::Value = serde_json::from_str(&kept.stdout).expect("JSON");
    let kept: Vec<[&str; 2]> = kept["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| ["column_name", "value"].map(|name| row[name].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(kept, [["cleared_on", "31.02.2024"], ["amount", "x"], ["issued_on", "30.01.24x"]]);
    for words in ["(from Ausgleich)", "decimal mark \",\"", "dates are read as DD.MM.YYYY or YYYY-MM-DD"] {
        assert!(run.stderr.contains(words), "{run:?}");
    }
}

#[test]
fn a_day_beyond_all_days_is_refused() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.ok(&["load", "item.csv"]);
    for day in ["9999-12-31", "9990-01-01", "-0001-01-01"] {
        let asked = format!("--as-of={day}");
        refused(&dir.run(&["aging", &asked]), &["out of range"]);
    }
    dir.ok(&["aging", "--as-of", "9989-12-31"]);
}

#[test]
fn a_packed_table_of_a_folder_is_not_passed_over() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path().join("month")).expect("a folder");
    dir.file("month/item.csv", invoices(&[("I1", "5")]));
    dir.file("month/application.csv.gz", b"\x1F\x8B\x08 and so on");
    refused(&dir.run(&["load", "month"]), &["application.csv.gz", "unpack it first"]);
}

#[cfg(unix)]
#[test]
fn an_answer_goes_where_a_link_leads_and_into_what_is_no_file() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.ok(&["load", "item.csv"]);
    dir.file("real.csv", "before");
    std::os::unix::fs::symlink(dir.path().join("real.csv"), dir.path().join("link.csv")).expect("a link");
    dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv", "-o", "link.csv"]);
    assert!(dir.path().join("link.csv").is_symlink());
    assert!(std::fs::read_to_string(dir.path().join("real.csv")).expect("a file").contains("I1"));
    let answer = dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv", "-o", "/dev/stdout"]);
    assert!(answer.contains("I1"), "{answer:?}");
}

#[test]
fn a_posting_day_that_cannot_be_read_is_refused_and_not_replaced_by_the_document_s() {
    let dir = Dir::new();
    let days = ["2025-02-03", "hello", "2025-02-30", "2025-01-03T12:30:00Z", ""];
    let lines: String =
        days.iter().enumerate().map(|(at, day)| format!("I{at},C1,invoice,2025-01-11,{day},EUR,5\n")).collect();
    dir.file("item.csv", HEADER.replace("due_on", "posted_on") + &lines);
    let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
    let values: Vec<&str> = rejected.iter().filter_map(|row| row["value"].as_str()).collect();
    assert_eq!((loaded, values), (2, days[1..4].to_vec()));
}

#[test]
fn a_date_written_otherwise_than_the_rest_costs_its_own_row() {
    let lines = |days: &[&str]| -> String {
        let line = |(at, day): (usize, &&str)| format!("I{at},C1,invoice,{day},,EUR,5\n");
        HEADER.to_owned() + &days.iter().enumerate().map(line).collect::<String>()
    };
    for (odd, days) in [
        ("31/02/2025", ["13.01.2025", "14.01.2025", "31/02/2025", "16.01.2025"]),
        ("15/01/2025", ["13.01.2025", "14.01.2025", "15/01/2025", "16.01.2025"]),
        ("31.02.2024", ["01/13/2025", "31.02.2024", "01/14/2025", "02/02/2025"]),
    ] {
        let dir = Dir::new();
        dir.file("item.csv", lines(&days));
        let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
        assert_eq!((loaded, rejected[0]["value"].as_str()), (3, Some(odd)));
    }
    let dir = Dir::new();
    dir.file("item.csv", lines(&["13/01/2025", "14/01/2025", "01/15/2025", "16/01/2025"]));
    refused(&dir.run(&["load", "item.csv"]), &["13/01/2025", "01/15/2025", "--date-format"]);
    let dir = Dir::new();
    dir.file("item.csv", lines(&["2025年1月3日", "2025年12月13日"]));
    assert_eq!(loaded(&dir, &["item.csv"]).1, 2);
}

#[test]
fn a_serial_number_of_a_moment_keeps_its_time() {
    let dir = Dir::new();
    let header = HEADER.replace("amount\n", "amount,entered_at\n");
    dir.file("item.csv", format!("{header}I1,C1,invoice,45660,,EUR,5,45660.75\nI2,C1,invoice,45660,,EUR,5,45660\n"));
    dir.ok(&["load", "item.csv", "--date-format", "EXCEL"]);
    let found = dir.ok(&["sql", "select entered_at from item order by item_id", "-f", "csv"]);
    let moments: Vec<String> = rows(&found).into_iter().map(|row| row["entered_at"].clone()).collect();
    assert_eq!(moments, ["2025-01-03T18:00:00", "2025-01-03T00:00:00"]);
}

#[test]
fn a_mapping_without_the_columns_of_any_rule_says_what_is_missing() {
    let dir = Dir::new();
    let mapping = "name = \"names\"\nversion = 1\n[[table]]\ntable = \"collector\"\n[table.columns]\nname = \"Name\"\n";
    dir.file("names.toml", mapping);
    dir.file("names.csv", "Name\nAnna\n");
    let run = dir.run(&["load", "names.csv", "--source", "names.toml"]);
    refused(&run, &["names.csv", "where collector_id of collector is", "[table.columns]", "The columns are: Name"]);
}

#[test]
fn a_cell_written_as_a_formula_that_gives_a_text_is_that_text_and_no_other_formula_is() {
    let dir = Dir::new();
    let line = |id: &str, name: &str| format!("{id},{name},invoice,2024-01-05,2024-02-05,EUR,10\n");
    let lines = [line("=\"00123\"", "C1"), line("\"=\"\"00124\"\"\"", "\"=HYPERLINK(\"\"x\"\")\""), line("7", "C1")];
    dir.file("item.csv", "item_id,customer_id,kind,issued_on,due_on,currency,amount\n".to_owned() + &lines.concat());
    dir.ok(&["load", "item.csv"]);
    assert_eq!(ids(&dir), ["00124", "00123", "7"], "by customer");
    let aged = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert!(aged.iter().any(|row| row["customer_id"] == "'=HYPERLINK(\"x\")"), "{aged:?}");
}
