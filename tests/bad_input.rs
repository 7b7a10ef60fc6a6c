//! Files as they come: damaged, doubtful, hostile. Each gives a message that says what to do, and nothing is lost.

mod guards;
mod mappings;
mod values;
mod workbooks;
mod written;

use crate::support::{Dir, Run, rows};

const HEADER: &str = "item_id,customer_id,kind,issued_on,due_on,currency,amount\n";
const APPLICATIONS: &str = "application_id,credit_item_id,debit_item_id,amount,applied_on\n";

/// An `item.csv` of invoices, each with this id and amount.
fn invoices(each: &[(&str, &str)]) -> String {
    let lines = each.iter().map(|(id, amount)| format!("{id},C1,invoice,2024-01-05,2024-02-04,EUR,{amount}\n"));
    HEADER.to_owned() + &lines.collect::<String>()
}

/// The ids of the items and what is open of each, as of the end of 2024.
fn open_items(dir: &Dir) -> Vec<(String, String)> {
    let run = dir.run(&["items", "--as-of", "2024-12-31", "-f", "csv"]);
    assert_ne!(run.code, 2, "{run:?}");
    rows(&run.stdout).into_iter().map(|row| (row["item_id"].clone(), row["open_amount"].clone())).collect()
}

fn ids(dir: &Dir) -> Vec<String> {
    open_items(dir).into_iter().map(|(id, _)| id).collect()
}

/// Expects a refusal: exit code 2, nothing on standard output, and a message that has every one of these words.
fn refused(run: &Run, words: &[&str]) {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.starts_with("error: "), "{run:?}");
    assert!(!run.stderr.contains("fault in duecast"), "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "{word} is not in {run:?}");
    }
}

/// Loads one file and gives `(rows read, rows loaded, rejected rows)`; what was read is either loaded or rejected.
fn loaded(dir: &Dir, arguments: &[&str]) -> (u64, u64, Vec<serde_json::Value>) {
    let run = dir.run(&[&["load"], arguments, &["-f", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"));
    let count = |name: &str| report[0][name].as_u64().expect("a count");
    let (read, loaded, rejected) = (count("rows_read"), count("rows_loaded"), count("rows_rejected"));
    assert_eq!(read, loaded + rejected, "{run:?}");
    assert_eq!(run.code == 1, rejected > 0, "{run:?}");
    let kept = dir.run(&["check", "--rejected", "-f", "json"]);
    let kept: serde_json::Value = serde_json::from_str(&kept.stdout).expect("JSON");
    let kept = kept["rows"].as_array().expect("rows").clone();
    assert_eq!(kept.len() as u64, rejected, "{kept:?}");
    (read, loaded, kept)
}

#[test]
fn a_file_without_a_column_it_needs_is_refused_and_no_ledger_is_left() {
    let dir = Dir::new();
    dir.file("item.csv", "item_id,cust,kind,issued_on,amount\n1,C1,invoice,2024-01-05,5\n");
    refused(&dir.run(&["load", "item.csv"]), &["item.csv", "customer_id", "found: item_id, cust", "--draft-mapping"]);
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.file("application.csv", "foo\n1\n");
    refused(&dir.run(&["load", "."]), &["application.csv", "credit_item_id"]);
    assert!(!dir.path().join("ledger.duckdb").exists());
}

#[test]
fn what_is_no_table_says_what_it_is() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "is empty"),
        (b"\n \n", "blank lines"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><body><table></table></body></html>", "HTML"),
        (b"[{\"item_id\": 1}]", "JSON"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "Excel 97-2003"),
        (b"PAR1\x15\x04\x15\x10\x15\x14", "cut off or damaged"),
    ];
    for (content, word) in cases {
        let dir = Dir::new();
        dir.file("item.csv", content);
        refused(&dir.run(&["load", "item.csv"]), &["item.csv", word]);
    }
    let dir = Dir::new();
    refused(&dir.run(&["load", "item.csv"]), &["item.csv", "no such file"]);
    dir.file("in/readme.txt", "no table");
    refused(&dir.run(&["load", "in"]), &["no file named after a table", "--table"]);
}

#[test]
fn a_header_alone_is_an_empty_table() {
    let dir = Dir::new();
    dir.file("item.csv", HEADER);
    assert_eq!(loaded(&dir, &["item.csv"]), (0, 0, Vec::new()));
    assert_eq!(open_items(&dir), []);
}

#[test]
fn a_sign_against_its_kind_is_rejected() {
    let dir = Dir::new();
    let debit = ["invoice", "debit_note", "chargeback", "interest", "refund"];
    let credit = ["receipt", "credit_note", "write_off", "down_payment"];
    let lines = debit.iter().map(|kind| (kind, -5)).chain(credit.iter().map(|kind| (kind, 5)));
    let lines: String = lines.map(|(kind, n)| format!("{kind},C1,{kind},2024-01-05,2024-02-04,EUR,{n}\n")).collect();
    let either =
        "A,C1,adjustment,2024-01-05,,EUR,-5\nB,C1,adjustment,2024-01-05,,EUR,5\nC,C1,opening,2024-01-05,,EUR,-5\n";
    dir.file("item.csv", format!("{HEADER}{lines}{either}"));
    let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
    assert_eq!((loaded, rejected.len()), (3, 9));
    for (at, row) in rejected.iter().enumerate() {
        assert_eq!((row["line"].as_u64(), row["column_name"].as_str()), (Some(at as u64 + 2), Some("amount")));
        assert!(row["reason"].as_str().is_some_and(|reason| reason.contains("expected a")), "{row}");
    }
}

#[test]
fn an_amount_that_cannot_be_kept_exactly_is_rejected() {
    let wrong = [
        "NaN",
        "inf",
        "1e400",
        "12345678901234567890",
        "100000000000000",
        "1.23456",
        "1e-5",
        "1_000",
        "0x10",
        "5 EUR",
        "\"1,000.00\"",
        "12.3.4",
        "-",
        "",
    ];
    let exact = ["99999999999999.9999", "1.2345", "1.23450", "0.0001", "1e3"];
    let dir = Dir::new();
    let each: Vec<(String, &str)> =
        wrong.iter().chain(&exact).enumerate().map(|(at, amount)| (format!("I{at:02}"), *amount)).collect();
    let each: Vec<(&str, &str)> = each.iter().map(|(id, amount)| (id.as_str(), *amount)).collect();
    dir.file("item.csv", invoices(&each));
    let (_, _, rejected) = loaded(&dir, &["item.csv"]);
    let values: Vec<&str> = rejected.iter().map(|row| row["value"].as_str().unwrap_or_default()).collect();
    assert_eq!(values, wrong.map(|amount| amount.trim_matches('"')));
    let open: Vec<String> = open_items(&dir).into_iter().map(|(_, amount)| amount).collect();
    assert_eq!(open, ["99999999999999.9999", "1.2345", "1.2345", "0.0001", "1000.00"]);
}

#[test]
fn a_day_that_does_not_exist_is_rejected() {
    let dir = Dir::new();
    let days = ["2024-02-30", "2023-02-29", "2024-13-01", "0000-00-00", "today", "infinity", "-2024-01-1", ""];
    let lines: String =
        days.iter().enumerate().map(|(at, day)| format!("I{at},C1,invoice,{day},2024-02-04,EUR,5\n")).collect();
    dir.file("item.csv", format!("{HEADER}{lines}I9,C1,invoice,2024-02-29,2024-03-30,EUR,5\n"));
    let (_, _, rejected) = loaded(&dir, &["item.csv"]);
    let values: Vec<&str> = rejected.iter().map(|row| row["value"].as_str().unwrap_or_default()).collect();
    assert_eq!(values, days);
    assert_eq!(ids(&dir), ["I9"]);
}

#[test]
fn a_due_date_far_away_is_not_due_and_stands_in_a_bucket() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        format!("{HEADER}I1,C1,invoice,2024-01-05,9999-12-31,EUR,5\nI2,C1,invoice,0001-01-01,0001-01-01,EUR,7\n"),
    );
    dir.run(&["load", "item.csv"]);
    let aging = rows(&dir.run(&["aging", "--as-of", "2024-06-30", "-f", "csv"]).stdout);
    let full: Vec<_> = aging.iter().filter(|row| row["item_count"] != "0").collect();
    let full: Vec<_> = full.iter().map(|row| (row["bucket"].as_str(), row["open_amount"].as_str())).collect();
    assert_eq!(full, [("not_due", "5.00"), ("91+", "7.00")]);
}

#[test]
fn a_rejected_row_is_kept_with_its_place_value_reason_and_content() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5"), ("I2", "x"), ("I1", "9")]) + "I3,C1,invoice\n\nI4,\"C1,invoice\n");
    let (read, loaded, rejected) = loaded(&dir, &["item.csv"]);
    assert_eq!((read, loaded), (5, 1));
    let of = |line: u64| {
        rejected.iter().find(|row| row["line"] == line).unwrap_or_else(|| panic!("line {line}: {rejected:?}"))
    };
    assert_eq!((of(3)["column_name"].as_str(), of(3)["value"].as_str()), (Some("amount"), Some("x")));
    assert!(of(4)["reason"].as_str().is_some_and(|reason| reason.contains("item.csv:2 has it already")));
    for (line, part) in [(3, "I2"), (4, "I1"), (5, "I3"), (7, "I4")] {
        assert!(of(line)["content"].as_str().is_some_and(|content| content.contains(part)), "{}", of(line));
    }
}

#[test]
fn everything_that_is_wrong_with_a_row_is_told_at_once() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\n\
         I1,,bill,2024-02-30,2024-03-41,EUR,1e400\n\
         I2,C1,invoice,2024-02-01,2024-03-01,EUR,5.00\n\
         I3,C1,invoice,2024-02-01,2024-03-01,eur,-5.00\n",
    );
    let (_, loaded, rejected) = loaded(&dir, &["item.csv"]);
    assert_eq!((loaded, rejected.len()), (1, 2));
    let told = |at: usize| {
        let row = &rejected[at];
        [&row["column_name"], &row["value"], &row["reason"]]
            .map(|cell| cell.as_str().unwrap_or_default().to_owned())
            .join(" ")
    };
    assert!(told(0).starts_with("issued_on 2024-02-30 is not a date; expected YYYY-MM-DD"), "{}", told(0));
    for other in [
        "; also due_on \"2024-03-41\" is not a date",
        "; also amount \"1e400\" is not an amount",
        "; also customer_id is missing",
        "; also kind \"bill\" is not one of invoice",
    ] {
        assert_eq!(told(0).matches(other).count(), 1, "{other}: {}", told(0));
    }
    assert!(!told(0).contains("issued_on is missing") && !told(0).contains("amount is missing"), "{}", told(0));
    assert!(told(1).starts_with("amount -5.00 is negative"), "{}", told(1));
    assert_eq!(told(1).matches("; also").count(), 1, "{}", told(1));
    assert!(told(1).contains("; also currency \"eur\" is not a currency code"), "{}", told(1));
}

#[test]
fn the_same_file_changes_nothing_and_a_corrected_one_replaces_it() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "100"), ("I2", "50")]));
    dir.ok(&["load", "item.csv"]);
    let before = std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger");
    assert!(dir.ok(&["load", "item.csv"]).contains("nothing to do"));
    let again: serde_json::Value = serde_json::from_str(&dir.ok(&["load", "item.csv", "-f", "json"])).expect("JSON");
    assert_eq!(again[0]["status"], "unchanged");
    assert!(before == std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger"));
    dir.file("item.csv", invoices(&[("I1", "90")]));
    assert!(dir.ok(&["load", "item.csv"]).contains("takes the place of load 1"));
    assert_eq!(open_items(&dir), [("I1".to_owned(), "90.00".to_owned())]);
}

#[test]
fn an_id_of_another_file_is_a_duplicate_until_that_file_gives_it_up() {
    let dir = Dir::new();
    dir.file("item_a.csv", invoices(&[("I1", "100")]));
    dir.file("item_b.csv", invoices(&[("I1", "40"), ("I2", "50")]));
    // What a killed load left is cleared away.
    std::fs::create_dir(dir.path().join("ledger.duckdb.scratch-x")).expect("a folder");
    dir.file("ledger.duckdb.scratch-x/0.csv", "I1,C1\n");
    assert_eq!(dir.run(&["load", "item_a.csv", "item_b.csv"]).code, 1);
    assert_eq!(ids(&dir), ["I1", "I2"]);
    assert!(!dir.path().join("ledger.duckdb.scratch-x").exists());
    let refused = dir.ok(&["sql", "select line_no, content from rejected_row", "-f", "csv"]);
    let fields =
        ["I1", "C1", "invoice", "2024-01-05", "2024-02-04", "EUR", "40"].map(|field| format!("\"\"{field}\"\""));
    assert_eq!(refused, format!("line_no,content\n2,\"[{}]\"\n", fields.join(",")), "the fields as the file has them");
    dir.file("item_a.csv", invoices(&[("I9", "100"), ("I1", "100")]));
    dir.run(&["load", "item_a.csv"]);
    dir.file("item_a.csv", invoices(&[("I9", "100")]));
    dir.run(&["load", "item_a.csv"]);
    dir.run(&["load", "item_b.csv"]);
    let open: Vec<String> = open_items(&dir).into_iter().map(|(id, amount)| format!("{id} {amount}")).collect();
    assert_eq!(open, ["I1 40.00", "I2 50.00", "I9 100.00"]);
}

#[test]
fn a_file_read_another_way_takes_the_place_of_the_first_reading() {
    let dir = Dir::new();
    dir.file("item.csv", "item_id,customer_id,kind,issued_on,amount\nI1,C1,adjustment,01/02/2024,5\n");
    refused(
        &dir.run(&["load", "item.csv", "--currency", "EUR"]),
        &["DD/MM/YYYY or MM/DD/YYYY", "01/02/2024", "--date-format"],
    );
    let issued = |format, currency| {
        dir.ok(&["load", "item.csv", "--date-format", format, "--currency", currency]);
        dir.ok(&["sql", "select issued_on, currency from item", "-f", "csv"])
    };
    assert!(issued("MM/DD/YYYY", "USD").contains("2024-01-02,USD"));
    assert!(issued("DD/MM/YYYY", "USD").contains("2024-02-01,USD"));
    assert!(issued("DD/MM/YYYY", "EUR").contains("2024-02-01,EUR"));
    refused(&dir.run(&["load", "item.csv", "--currency", "euro"]), &["euro", "EUR"]);
}

#[test]
fn an_application_that_cannot_be_is_a_finding_and_counts_once_its_item_comes() {
    let dir = Dir::new();
    dir.file("application.csv", format!("{APPLICATIONS}A1,R1,I1,60,2024-01-20\n"));
    assert_eq!(dir.run(&["load", "application.csv"]).code, 1);
    dir.file("item.csv", invoices(&[("I1", "100")]) + "R1,C1,receipt,2024-01-20,,EUR,-100\n");
    dir.ok(&["load", "item.csv"]);
    let both = |a: &str, b: &str| vec![("I1".to_owned(), a.to_owned()), ("R1".to_owned(), b.to_owned())];
    assert_eq!(open_items(&dir), both("40.00", "-40.00"));
    for (line, check, open) in [
        ("A1,R1,NOPE,60,2024-01-20\n", "application_unknown_item", both("100.00", "-100.00")),
        ("A1,R1,I1,160,2024-01-20\n", "applied_more_than_billed", both("-60.00", "60.00")),
    ] {
        dir.file("application.csv", APPLICATIONS.to_owned() + line);
        let run = dir.run(&["load", "application.csv"]);
        assert!(run.code == 1 && run.stderr.contains(check), "{run:?}");
        assert_eq!(open_items(&dir), open, "{line}");
        assert!(dir.run(&["aging", "--as-of", "2024-06-30"]).stderr.contains(&format!("CHECK FAILED: {check}")));
    }
}

#[test]
fn two_currencies_need_a_credit_amount() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "100")]) + "R1,C1,receipt,2024-01-20,,USD,-110\n");
    dir.file("application.csv", format!("{APPLICATIONS}A1,R1,I1,100,2024-01-20\n"));
    let run = dir.run(&["load", "."]);
    assert!(run.code == 1 && run.stderr.contains("credit_amount is empty"), "{run:?}");
    assert_eq!(ids(&dir), ["I1", "R1"]);
    let header = APPLICATIONS.replace("amount,applied_on", "amount,applied_on,credit_amount");
    dir.file("application.csv", format!("{header}A1,R1,I1,100,2024-01-20,110\n"));
    dir.ok(&["load", "."]);
    assert_eq!(open_items(&dir), []);
}

#[test]
fn a_card_number_is_nowhere_in_the_ledger_whatever_else_is_wrong_with_its_row() {
    let dir = Dir::new();
    let card = "4111111111111111";
    let lines = [
        format!("T1,2024-01-05 10:00:00,{card},capture,5"),
        format!("T2,2024-01-05 10:00:00,{card},capture,abc"),
        format!("T3,yesterday,{card},capture,5"),
        format!("T4,2024-01-05 10:00:00,{card},nonsense,5"),
        format!("T5,2024-01-05 10:00:00,{card}"),
        format!(",2024-01-05 10:00:00,{card},capture,5"),
        "T7,2024-01-05 10:00:00,4111 1111-1111 1111,capture,x".to_owned(),
    ];
    dir.file("card_transaction.csv", format!("card_transaction_id,at,token,kind,amount\n{}\n", lines.join("\n")));
    let (read, loaded, _) = loaded(&dir, &["card_transaction.csv"]);
    assert_eq!((read, loaded), (7, 0));
    let kept = dir.run(&["check", "--rejected", "-f", "json"]).stdout.replace([' ', '-'], "");
    assert!(!kept.contains(card), "{kept}");
    let bytes = std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger");
    assert!(!bytes.windows(card.len()).any(|part| part == card.as_bytes()), "the number is in the file");
}

#[test]
fn a_formula_is_a_text_and_a_spreadsheet_shows_it_as_one() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        invoices(&[("\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"", "5"), ("@SUM(A1)", "5"), ("\"\t=1\"", "5")]),
    );
    dir.ok(&["load", "item.csv"]);
    let csv = dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]);
    assert!(rows(&csv).iter().all(|row| row["item_id"].starts_with('\'')), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "json"])).expect("JSON");
    let texts: Vec<&str> =
        json["rows"].as_array().expect("rows").iter().filter_map(|row| row["item_id"].as_str()).collect();
    assert!(texts.contains(&"=HYPERLINK(\"http://x\",\"y\")"), "{texts:?}");
}

#[test]
fn a_name_keeps_every_character_and_breaks_no_output() {
    let dir = Dir::new();
    let name = "A \"B\"\nC, 中文公司 \u{202e}evil\u{200f} <script>alert(1)</script> \u{1b}[31m";
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.file("customer.csv", format!("customer_id,name\nC1,\"{}\"\n", name.replace('"', "\"\"")));
    dir.ok(&["load", "."]);
    let json: serde_json::Value =
        serde_json::from_str(&dir.ok(&["sql", "select name from customer", "-f", "json"])).expect("JSON");
    assert_eq!(json["rows"][0]["name"], name);
    let table = dir.ok(&["sql", "select name from customer", "-f", "table"]);
    assert!(!table.contains(['\u{1b}', '\u{202e}', '\u{200f}']) && table.contains("中文公司"), "{table}");
    assert_eq!(table.lines().filter(|line| line.contains("中文公司")).count(), 1);
}

#[test]
fn a_nul_a_damaged_letter_and_a_huge_cell_cost_no_other_row() {
    let dir = Dir::new();
    let mut bytes = invoices(&[("I1", "5"), ("I2\0", "5")]).into_bytes();
    bytes.extend_from_slice("I3,Árvíztűrő tükörfúrógép Kőműves,invoice,2024-01-05,2024-02-04,EUR,5\n".as_bytes());
    bytes.extend_from_slice(b"I4,caf\xE9,invoice,2024-01-05,2024-02-04,EUR,5\n");
    dir.file("item.csv", bytes);
    let (_, _, rejected) = loaded(&dir, &["item.csv"]);
    assert_eq!(rejected.iter().filter_map(|row| row["line"].as_u64()).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(ids(&dir), ["I1", "I3"]);
    let dir = Dir::new();
    let huge = "x".repeat(10 << 20);
    dir.file("item.csv", invoices(&[(&huge, "5"), ("I2", "5")]));
    let (read, _, _) = loaded(&dir, &["item.csv"]);
    assert!(read == 2 && ids(&dir).contains(&"I2".to_owned()));
}

#[test]
fn a_long_note_over_many_lines_does_not_hide_the_header() {
    // The second is longer than what is read to find the header.
    for words in [2, 20] {
        let dir = Dir::new();
        let note = format!("{}more\n", "some, words; ".repeat(words)).repeat(980);
        dir.file(
            "activity.csv",
            format!(
                "activity_id,at,customer_id,note\nA1,2024-01-05 10:00:00,C1,\"{note}\"\nA2,2024-01-05 10:00:00,C1,ok\n"
            ),
        );
        let (read, loaded, _) = loaded(&dir, &["activity.csv"]);
        assert_eq!((read, loaded), (2, 2));
    }
}

#[test]
fn an_encoding_is_detected_or_asked_for() {
    let customers = ["Fűszér és Társa Bt.", "Győri Keksz Kft.", "Hűtőház Zrt.", "Kőbányai Sörgyár"];
    let lines = customers.iter().enumerate().map(|(at, name)| format!("I{at},{name},adjustment,2024-01-05,,EUR,5\n"));
    let text = &(HEADER.to_owned() + &lines.collect::<String>());
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let read = |bytes: &[u8]| {
        let dir = Dir::new();
        dir.file("item.csv", bytes);
        dir.ok(&["load", "item.csv"]);
        let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
        items.iter().map(|row| row["customer_id"].clone()).collect::<Vec<_>>()
    };
    let windows = encoding_rs::WINDOWS_1250.encode(text).0;
    let cases: [&[u8]; 6] = [
        &[b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        &[b"\xFF\xFE", little.as_slice()].concat(),
        &[b"\xFE\xFF", big.as_slice()].concat(),
        &little,
        &big,
        &windows,
    ];
    for bytes in cases {
        assert_eq!(read(bytes), customers);
    }
    let dir = Dir::new();
    dir.file("customer.csv", b"customer_id,name\nC1,Gy\xF5r\n");
    refused(
        &dir.run(&["load", "customer.csv"]),
        &["windows-1250 (would read Győr)", "windows-1252 (would read Gyõr)", "--encoding"],
    );
    dir.ok(&["load", "customer.csv", "--encoding", "windows-1250"]);
}

#[test]
fn a_name_with_a_pattern_in_it_means_that_file_alone() {
    let dir = Dir::new();
    dir.file("item[1].csv", invoices(&[("RIGHT", "5")]));
    dir.file("item1.csv", invoices(&[("WRONG", "5")]));
    dir.ok(&["load", "item[1].csv"]);
    assert_eq!(ids(&dir), ["RIGHT"]);
    let columns = "select item_id, customer_id, kind, issued_on, currency, amount from item";
    dir.ok(&["sql", columns, "-o", "item_[a].parquet"]);
    dir.ok(&["sql", &columns.replace("item_id", "'WRONG' as item_id"), "-o", "item_a.parquet"]);
    dir.ok(&["--ledger", "other.duckdb", "load", "item_[a].parquet"]);
    let csv = dir.ok(&["--ledger", "other.duckdb", "items", "--as-of", "2024-12-31", "-f", "csv"]);
    assert_eq!(rows(&csv)[0]["item_id"], "RIGHT");
}

#[test]
fn a_parquet_amount_with_more_decimals_than_are_kept_is_rejected() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("I1", "5")]));
    dir.ok(&["load", "item.csv"]);
    let each = "select 'P' || n as item_id, 'C1' as customer_id, 'adjustment' as kind, date '2024-01-05' as issued_on, 'EUR' as currency,
        cast(n as decimal(18, 6)) / 1000000 * 1 as ratio, cast('1.00000' || n as decimal(18, 6)) as amount from range(2) as r(n)";
    let each = format!("select * exclude (ratio) from ({each})");
    dir.ok(&["sql", &each, "-o", "item_more.parquet"]);
    let (read, loaded, rejected) = loaded(&dir, &["item_more.parquet"]);
    assert_eq!((read, loaded), (2, 1));
    assert_eq!(rejected[0]["value"], "1.000001");
}

#[test]
fn a_messy_export_loads_through_the_mapping_that_is_drafted_for_it() {
    let dir = Dir::new();
    let text = "Offene Posten per 31.03.2024;;;;;\n\nBelegnr;Kunde;Belegart;Belegdatum;Fälligkeit;Währung;Betrag\n\
                1001;0000123;RE;13.01.2024;12.02.2024;EUR;1.234,56\n1003;0000123;GS;07.02.2024;;EUR;-34,56\n";
    dir.file("export.csv", encoding_rs::WINDOWS_1252.encode(text).0);
    let draft = dir.ok(&["load", "export.csv", "--draft-mapping"]);
    assert!(draft.contains("# guess") && !dir.path().join("ledger.duckdb").exists());
    let kinds = draft.lines().map(|line| match line.trim() {
        line if line.contains("\"RE\" =") => "\"RE\" = \"invoice\"".to_owned(),
        line if line.contains("\"GS\" =") => "\"GS\" = \"credit_note\"".to_owned(),
        line => line.to_owned(),
    });
    dir.file("mine.toml", kinds.collect::<Vec<_>>().join("\n"));
    dir.ok(&["load", "export.csv", "--source", "mine.toml"]);
    let open: Vec<String> = open_items(&dir).into_iter().map(|(id, amount)| format!("{id} {amount}")).collect();
    assert_eq!(open, ["1001 1234.56", "1003 -34.56"]);
}
