//! Drafts of lists as programs write them, and of those that would load wrong figures where a draft guessed.

use std::path::Path;

use super::*;
use crate::staging::mapping::Mapping;

fn drafted(lines: &[&str]) -> String {
    let split = |line: &&str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = lines.iter().map(split).collect();
    let given = Given { read: &ReadOptions::default(), date_format: None, currency: None, text_numbers: None };
    let text = draft("my export", &given, &rows[0], &rows[1..]);
    Mapping::parse(&text, Path::new("draft.toml")).expect("a draft is a valid mapping");
    text
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}

#[test]
fn a_day_that_fills_the_column_of_clearings_is_none() {
    let text = drafted(&[
        "TRX_NUMBER|TRX_DATE|DUE_DATE|AMOUNT|CURRENCY|ACTUAL_DATE_CLOSED|CUSTOMER_ID",
        "1|15-JAN-24|14-FEB-24|100.50|USD|10-FEB-24|C1",
        "2|18-JAN-24|17-FEB-24|100.00|USD|31-DEC-12|C1",
    ]);
    has(&text, &["nulls = [\"31-DEC-12\"]", "\ncleared_on = \"ACTUAL_DATE_CLOSED\""]);
}

#[test]
fn a_day_of_payment_beside_something_open_is_left_to_the_reader() {
    let part = ["Invoice No|Customer|Invoice Date|Amount|Payment Date|Left over|Currency"];
    let paid = "A1|C1|2024-01-25|1000.00|2024-02-21|0.00|EUR";
    let open = "A2|C1|2024-01-25|1000.00||1000.00|EUR";
    let whole = drafted(&[part[0], paid, open]);
    has(&whole, &["\"Left over\" looks like what is still open", "\ncleared_on = \"Payment Date\""]);
    let in_part = drafted(&[part[0], paid, open, "A3|C1|2024-01-25|1000.00|2024-02-21|500.00|EUR"]);
    has(&in_part, &["\"Left over\" is not 0 for items with a day of clearing", "\n# cleared_on = \"Payment Date\""]);
}

#[test]
fn rows_of_lines_and_numbers_of_two_companies_are_told_apart() {
    let lines = drafted(&[
        "InvoiceNumber|Contact Name|Invoice Date|Total|LineAmount",
        "INV-1|A|2024-01-15|541.25|500.00",
        "INV-1|A|2024-01-15|541.25|41.25",
    ]);
    has(&lines, &["each with the same \"Total\"", "distinct = true"]);
    assert!(!lines.contains("still open"), "{lines}");
    let companies =
        drafted(&["Invoice No|Company|Customer|Date|Amount", "1|HU|A|2024-01-15|5.00", "1|DE|A|2024-01-15|6.00"]);
    has(&companies, &["# item_id = { concat = [\"Invoice No\", \"Company\"]"]);
}

#[test]
fn signs_decide_what_a_row_is_where_no_column_does() {
    let text = drafted(&["Doc|Customer|Date|Amount", "1|A|2024-01-15|100.00", "2|A|2024-01-15|(40.00)"]);
    has(&text, &["kind = { by_sign = { amount = \"Amount\", positive = \"invoice\", negative = \"credit_note\" } }"]);
    let sides = drafted(&["Doc|Customer|Date|Amount|Seite", "1|A|2024-01-15|100.00|L", "2|A|2024-01-15|40.00|R"]);
    has(&sides, &["# missing: no amount is below 0. Where \"Seite\" (\"L\", \"R\")"]);
    let known = drafted(&["Doc|Customer|Date|Amount|Strona", "1|A|2024-01-15|100.00|Wn", "2|A|2024-01-15|40.00|Ma"]);
    has(&known, &["negative = [\"Ma\"], positive = [\"Wn\"]"]);
}

#[test]
fn a_list_of_receipts_is_one_and_a_running_balance_no_amount() {
    let receipts =
        drafted(&["Receipt No|Receipt Date|Customer No|Applied To|Amount|Currency", "R1|2024-02-01|C1|I1|100.00|EUR"]);
    has(
        &receipts,
        &[
            "kind = { constant = \"receipt\" }",
            "amount = { column = \"Amount\", negate = true }",
            "issued_on = \"Receipt Date\"",
            "table = \"application\"",
            "debit_item_id = \"Applied To\"",
        ],
    );
    let running = drafted(&["Customer|Date|Doc No|Charges|Payments|Balance", "C|2024-01-15|1|500.00||500.00"]);
    has(&running, &["# missing: amounts stand in two columns"]);
    let foreign =
        drafted(&["Doc|Customer|Date|Currency|Amount|Amount (Foreign Currency)", "1|A|2024-01-15|GBP|1900.00|1500.00"]);
    has(&foreign, &["amount = \"Amount (Foreign Currency)\""]);
}

#[test]
fn a_german_sap_list_is_drafted() {
    let text = drafted(&[
        "Debitor|Belegnummer|Belegart|Belegdatum|Nettofälligkeit|Betrag|Währung|Ausgleich|Text",
        "1000|14001|RV|31.01.2020|01.03.2020|1.234,56-|EUR|00.00.0000|a \"b\"",
        "1000|14002|ZZ|01.02.2020|02.03.2020|99,00|EUR||",
    ]);
    for line in [
        "date_formats = [\"DD.MM.YYYY\"] # guess: it fits every date seen",
        "decimal_mark = \",\"\nthousands_mark = \".\"",
        "cleared_on = \"Ausgleich\"",
        "item_id = \"Belegnummer\" # guess",
        "customer_id = \"Debitor\" # guess",
        "due_on = \"Nettofälligkeit\" # guess",
        "currency = \"Währung\" # guess",
        "\"RV\" = \"invoice\"\n# missing: \"ZZ\" = \"invoice\"",
        "#   Text (a \"b\")",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}

#[test]
fn a_draft_says_how_the_file_was_read_and_which_words_are_credits() {
    let rows: Vec<Vec<String>> =
        ["客户编号|发票号码|金额|借贷标识|到期日|币种", "A|1|10|贷|2024-01-31|CNY", "A|2|9|借|2024-02-01|CNY"]
            .iter()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect();
    let read = ReadOptions { encoding: "gb18030".parse().ok(), delimiter: Some('|'), ..ReadOptions::default() };
    let format = "YYYY-MM-DD".parse().expect("a format");
    let given = Given { read: &read, date_format: Some(&format), currency: None, text_numbers: None };
    let text = draft("liste", &given, &rows[0], &rows[1..]);
    let mapping = Mapping::parse(&text, Path::new("draft.toml")).expect("a draft is a valid mapping");
    assert_eq!((mapping.files[0].read.encoding, mapping.files[0].read.delimiter), (read.encoding, Some('|')));
    for line in [
        "negative = [\"贷\"], positive = [\"借\"]",
        "customer_id = \"客户编号\"",
        "item_id = \"发票号码\"",
        "due_on = \"到期日\"",
        "currency = \"币种\"",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}

#[test]
fn what_is_open_is_said_and_not_guessed() {
    let text = drafted(&["Ügyfél|Összeg|Számla kelte", "A|1,234|01/02/2020", "B|2,000|03/04/2020"]);
    assert!(
        text.contains("# missing: DD/MM/YYYY and MM/DD/YYYY fit every date seen (01/02/2020, 03/04/2020); keep one"),
        "{text}"
    );
    assert!(text.contains("such as \"1,234\", do not tell the decimal mark"), "{text}");
    assert!(text.contains("# missing: no column of currencies"), "{text}");
    assert!(text.contains("item_id = { line = true"), "{text}");
    assert!(drafted(&["x|y", "1|2"]).contains("# missing: customer_id"));
}
