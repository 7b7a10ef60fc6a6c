//! Lists read through a mapping: what is left out, repeated, or replaced is told.

use super::{ids, loaded, open_items, refused};
use crate::support::{Dir, rows};

/// A mapping of a list of invoices by document, each as often as it has lines.
const LIST: &str = r#"
name = "list"
version = 1
[values]
date_formats = ["YYYY-MM-DD"]
[[table]]
table = "item"
distinct = true
when = [{ column = "status", equals = "posted" }]
cleared_on = "cleared"
[table.columns]
item_id = "doc"
customer_id = "customer"
kind = { constant = "invoice" }
issued_on = "day"
currency = { constant = "EUR" }
amount = "amount"
"#;

fn list(dir: &Dir, name: &str, lines: &[&str]) {
    dir.file("list.toml", LIST);
    dir.file(name, "doc,customer,status,day,cleared,amount\n".to_owned() + &lines.join("\n"));
}

#[test]
fn rows_that_repeat_another_or_meet_no_condition_are_counted() {
    let dir = Dir::new();
    let line = "A,C1,posted,2024-01-05,,10";
    list(&dir, "list.csv", &[line, line, "B,C1,void,2024-01-05,,20", "C,C1,void,2024-01-05,,20"]);
    let said = dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    assert!(said.contains("2 rows meet no condition of the mapping and give nothing"), "{said}");
    assert!(said.contains("1 row gives the same item as a row before it, which counts once"), "{said}");
    assert_eq!(open_items(&dir), [("A".to_owned(), "10.00".to_owned())]);
}

#[test]
fn a_row_that_meets_no_condition_hides_no_row_of_the_same_values() {
    let dir = Dir::new();
    list(&dir, "list.csv", &["A,C1,void,2024-01-05,,10", "A,C1,posted,2024-01-05,,10"]);
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    assert_eq!(ids(&dir), ["A"]);
}

#[test]
fn what_stands_around_a_name_is_no_part_of_it_and_the_last_day_of_a_calendar_is_no_clearing() {
    let dir = Dir::new();
    list(&dir, "list.csv", &["A,\tC1 ,posted,2024-01-05,4712-12-31,10", "B,C1,posted,2024-01-05,9999-12-31,20"]);
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    let aged = rows(&dir.ok(&["aging", "--as-of", "2024-12-31", "--by", "customer", "-f", "csv"]));
    let shown: Vec<[&str; 3]> =
        aged.iter().map(|row| ["customer_id", "bucket", "open_amount"].map(|column| row[column].as_str())).collect();
    assert_eq!(shown, [["C1", "no_due_date", "30.00"]]);
}

#[test]
fn a_word_that_stands_for_nothing_is_no_clearing_and_other_days_are_read_as_the_file_writes_them() {
    let mapping = LIST
        .replace("\"YYYY-MM-DD\"", "\"DD-MON-YY\"")
        .replace("cleared_on = \"cleared\"", "cleared_on = { column = \"cleared\", map = { \"31-DEC-12\" = \"\" } }");
    let dir = Dir::new();
    list(&dir, "list.csv", &["A,C1,posted,05-JAN-24,31-DEC-12,10", "B,C1,posted,05-JAN-24,20-FEB-24,20"]);
    dir.file("list.toml", mapping);
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    assert_eq!(open_items(&dir), [("A".to_owned(), "10.00".to_owned())]);
    let before = rows(&dir.ok(&["items", "--as-of", "2024-02-19", "-f", "csv"]));
    assert_eq!(before.len(), 2, "B is owed until it is cleared");
}

#[test]
fn a_cleared_line_of_a_document_type_unknown_to_the_sap_list_is_refused() {
    let dir = Dir::new();
    let line = |no: u32, kind: &str, cleared: &str, amount: &str| {
        format!("1000\t1001\t{no}\t2024\t1\t{kind}\t15.01.2024\t15.01.2024\t14.02.2024\t{cleared}\t{amount}\tEUR\n")
    };
    let header = "Buchungskreis\tKonto\tBelegnummer\tGeschäftsjahr\tPosition\tBelegart\tBelegdatum\tBuchungsdatum\tNettofälligkeit\tAusgleichsdatum\tBetrag in Belegwährung\tBelegwährung\n";
    let lines = [line(1, "RV", "", "100,00"), line(2, "R1", "20.03.2024", "900,00"), line(3, "R1", "", "50,00")];
    dir.file("fbl5n.txt", header.to_owned() + &lines.concat());
    let (read, kept, refused) = loaded(&dir, &["fbl5n.txt", "--source", "sap_fbl5n"]);
    assert_eq!((read, kept), (3, 1));
    let of_type = |row: &serde_json::Value| row["column_name"] == "kind" && row["value"] == "R1";
    assert!(refused.len() == 2 && refused.iter().all(of_type), "{refused:?}");
}

#[test]
fn a_duplicate_whose_first_telling_is_replaced_fails_a_check_until_its_file_is_loaded_again() {
    let dir = Dir::new();
    list(&dir, "open_1.csv", &["A,C1,posted,2024-01-05,,10", "B,C1,posted,2024-01-05,,20"]);
    list(&dir, "open_2.csv", &["B,C1,posted,2024-01-05,,20"]);
    list(&dir, "cleared.csv", &["A,C1,posted,2024-01-05,2024-02-20,10"]);
    let load = |file: &str, source: &str| dir.run(&["load", file, "--source", "list.toml", "--as", source]);
    assert_eq!(load("open_1.csv", "open").code, 0);
    assert_eq!(load("cleared.csv", "cleared").code, 1, "A is open still");
    let replaced = load("open_2.csv", "open");
    assert!(replaced.stderr.contains("item A was refused as a duplicate of a row of open_1.csv"), "{replaced:?}");
    assert_eq!((replaced.code, ids(&dir)), (1, vec!["B".to_owned()]));
    assert_eq!(load("cleared.csv", "cleared").code, 0);
    let before = rows(&dir.ok(&["items", "--as-of", "2024-02-19", "-f", "csv"]));
    assert_eq!(before.len(), 2, "A is owed until it is cleared");
}

#[test]
fn a_draft_takes_the_document_amount_and_warns_of_what_a_clearing_date_cannot_tell() {
    let dir = Dir::new();
    let draft = |text: &str| {
        dir.file("list.csv", text);
        dir.ok(&["load", "list.csv", "--draft-mapping"])
    };
    let sap = draft(
        "BELNR,KUNNR,BLART,BLDAT,AUGDT,DMBTR,WRBTR,WAERS\n1,C1,RV,2024-01-15,2024-02-20,92.00,100.00,USD\n\
         2,C1,DZ,2024-02-20,2024-02-20,-92.00,-100.00,USD\n",
    );
    assert!(sap.contains("amount = \"WRBTR\"") && sap.contains("#   DMBTR (92.00)"), "{sap}");
    assert!(sap.contains("has payments of its own (\"DZ\")") && sap.contains("\n# cleared_on = \"AUGDT\""), "{sap}");
    let part =
        draft("Invoice No,Customer,Date,Open Amount,Amount,Paid date\n1,C1,2024-01-15,60.00,100.00,2024-02-20\n");
    assert!(part.contains("amount = \"Amount\"") && part.contains("\n# cleared_on = \"Paid date\""), "{part}");
    assert!(part.contains("\"Open Amount\" looks like what is still open"), "{part}");
    let part = draft("Invoice No,Customer,Date,Remaining Amount,Original Amount\n1,C1,2024-01-15,60.00,100.00\n");
    assert!(
        part.contains("amount = \"Original Amount\"") && part.contains("\"Remaining Amount\" looks like"),
        "{part}"
    );
    let settled = draft("Invoice No,Customer,Date,Open Amount,Paid date\n1,C1,2024-01-15,0.00,2024-02-20\n");
    assert!(settled.contains("\n# cleared_on = \"Paid date\"") && settled.contains("no receipt could"), "{settled}");
    let nothing = draft("Invoice No,Customer,Date,Paid date\n1,C1,2024-01-15,2024-02-20\n");
    assert!(nothing.contains("# missing: without a column of amounts no receipt can be implied"), "{nothing}");
    let signs = draft("Invoice No,Customer,Date,Amount\n1,C1,2024-01-15,\"$1,250.00\"\n2,C1,2024-01-16,$5.00 CR\n");
    assert!(signs.contains("currency_marks = [\"$\"]") && signs.contains("thousands_mark = \",\""), "{signs}");
    let open = draft("Invoice No,Customer,Date,Open Amount\n1,C1,2024-01-15,60.00\n");
    assert!(open.contains("amount = \"Open Amount\"") && !open.contains("looks like"), "{open}");
}

#[test]
fn a_draft_knows_short_names_says_which_date_does_not_fit_and_is_of_items_only() {
    let dir = Dir::new();
    let lines = "Date,Transaction Type,Num,Customer Name,Due,Cur,Amt,Outstanding\n15.01.2024,Invoice,1,Kiss Bt,14.02.2024,EUR,10.50,10.50\n\
                 16.01.2024,Payment,2,Kiss Bt,,EUR,-4.00,\n2024/01/17,Invoice,3,Kiss Bt,,EUR,1.00,1.00\n";
    dir.file("list.csv", lines);
    let drafted = dir.ok(&["load", "list.csv", "--draft-mapping"]);
    for line in [
        "date_formats = [\"DD.MM.YYYY\"] # guess: it fits most dates seen, but not \"2024/01/17\"; name every way",
        "item_id = \"Num\"",
        "customer_id = \"Customer Name\"",
        "due_on = \"Due\"",
        "currency = \"Cur\"",
        "amount = \"Amt\"",
        "\"Outstanding\" looks like what is still open",
        "\"Payment\" = \"receipt\"",
    ] {
        assert!(drafted.contains(line), "{line} is not in:\n{drafted}");
    }
    dir.file("list.csv", lines.replace("Num,", "Customer,"));
    assert!(dir.ok(&["load", "list.csv", "--draft-mapping"]).contains("customer_id = \"Customer\""));
    let refused = dir.run(&["load", "list.csv", "--draft-mapping", "--table", "application"]);
    assert!(refused.code == 2 && refused.stderr.contains("--draft-mapping drafts items"), "{refused:?}");
}

#[test]
fn a_corrected_lookup_is_read_again_and_one_that_says_two_things_says_so() {
    let dir = Dir::new();
    dir.file(
        "terms.toml",
        "name = \"terms\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\n[table.columns]\nitem_id = \"no\"\n\
         customer_id = \"customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"date\"\namount = \"amount\"\n\
         terms_days = { column = \"terms\", lookup = { file = \"terms.csv\", key = \"code\", value = \"days\" } }\n",
    );
    dir.file("list.csv", "no,customer,date,amount,terms\n1,C1,2024-02-01,100.00,N30\n");
    let due = || rows(&dir.ok(&["items", "--as-of", "2024-02-01", "-f", "csv"]))[0]["due_on"].clone();
    dir.file("terms.csv", "code,days\nN30,30\n");
    dir.ok(&["load", "list.csv", "--source", "terms.toml"]);
    assert_eq!(due(), "2024-03-02");
    dir.file("terms.csv", "code,days\nN30,14\n");
    dir.ok(&["load", "list.csv", "--source", "terms.toml"]);
    assert_eq!(due(), "2024-02-15");
    assert!(dir.ok(&["load", "list.csv", "--source", "terms.toml"]).contains("nothing to do"));
    dir.file("terms.csv", "code,days\nN30,14\nN30,20\n");
    let loaded = dir.run(&["load", "list.csv", "--source", "terms.toml"]);
    assert!(loaded.stdout.contains("terms.csv: code N30 with several values of days: none is taken"), "{loaded:?}");
}

#[test]
fn a_code_that_a_lookup_does_not_have_is_told() {
    let dir = Dir::new();
    dir.file(
        "terms.toml",
        "name = \"terms\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\nwhen = [{ column = \"amount\", not_in = [\"0\"] }]\n\
         [table.columns]\nitem_id = \"no\"\ncustomer_id = \"customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"date\"\namount = \"amount\"\n\
         terms_days = { column = \"terms\", lookup = { file = \"terms.csv\", key = \"code\", value = \"days\", optional = true } }\n",
    );
    dir.file(
        "list.csv",
        "no,customer,date,amount,terms\n1,C1,2024-02-01,1,N30\n2,C1,2024-02-01,2,N45\n3,C1,2024-02-01,3,N60\n\
         4,C1,2024-02-01,4,N45\n5,C1,2024-02-01,5,\n6,C1,2024-02-01,0,N90\n",
    );
    let missing = dir.ok(&["load", "list.csv", "--source", "terms.toml"]);
    assert!(!missing.contains("terms.csv"), "a lookup that may be missing says nothing: {missing}");
    dir.file("terms.csv", "code,days\nN30,30\n");
    let said = dir.ok(&["load", "list.csv", "--source", "terms.toml"]);
    assert!(said.contains("terms.csv has no code N45 and 1 more (3 rows): nothing is taken for them"), "{said}");
    let unknown = ["load", "list.csv", "--source", "terms.toml", "--lookup", "term.csv=terms.csv"];
    refused(&dir.run(&unknown), &["--lookup term.csv=FILE", "the mapping terms looks up in terms.csv"]);
    refused(&dir.run(&["load", "item.csv", "--lookup", "a=b"]), &["no mapping looks anything up"]);
}

#[test]
fn an_option_that_cannot_hold_is_refused() {
    let dir = Dir::new();
    list(&dir, "list.csv", &["A,C1,posted,2024-01-05,,10"]);
    let load = |more: &[&str]| dir.run(&[&["load", "list.csv", "--source", "list.toml"], more].concat());
    refused(&load(&["--sheet", "Data"]), &["list.csv", "is no workbook; --sheet names a sheet of one"]);
    refused(&load(&["--as", " "]), &["--as: the name is empty"]);
    refused(&dir.run(&["load", "list.csv", "list.csv", "--draft-mapping"]), &["the mapping of one file"]);
    load(&[]);
    refused(&dir.run(&["check", "item_unknown_customer", "--rejected"]), &["cannot be used with"]);
    let aging = |output: &str| dir.run(&["aging", "--as-of", "2024-02-01", "-f", "json", "-o", output]);
    refused(&aging("a.csv"), &["-f json -o a.csv: the name says csv"]);
    assert_eq!(aging("a.txt").code, 0);
}

#[test]
fn a_customer_named_above_its_invoices_is_that_of_each() {
    let dir = Dir::new();
    let mapping = "name = \"detail\"\nversion = 1\n[values]\ncurrency = \"USD\"\nfill_down = [\"Customer\"]\n[[table]]\ntable = \"item\"\n\
         when = [{ column = \"Num\", filled = true }]\n[table.columns]\nitem_id = \"Num\"\ncustomer_id = \"Customer\"\n\
         kind = { constant = \"invoice\" }\nissued_on = \"Date\"\namount = \"Amount\"\n";
    dir.file("detail.toml", mapping);
    dir.file(
        "detail.csv",
        "Customer,Num,Date,Amount\nÁrvíz Kft,,,\n,1,2024-01-31,10\n ,2,2024-01-31,20\nTotal Árvíz Kft,,,30\n\
         华星,3,2024-01-31,40\n,4,2024-01-31,1.2.3\n",
    );
    let said = dir.run(&["load", "detail.csv", "--source", "detail.toml"]);
    assert!(said.code == 1 && said.stderr.contains("detail.csv:7: amount \"1.2.3\""), "{said:?}");
    let items = rows(&dir.ok(&["items", "--as-of", "2024-02-01", "-f", "csv"]));
    let shown: Vec<[&str; 2]> =
        items.iter().map(|row| ["item_id", "customer_id"].map(|column| row[column].as_str())).collect();
    assert_eq!(shown, [["1", "Árvíz Kft"], ["2", "Árvíz Kft"], ["3", "华星"]]);
    dir.file("other.toml", mapping.replace("[\"Customer\"]", "[\"Custmer\"]"));
    refused(&dir.run(&["load", "detail.csv", "--source", "other.toml"]), &["the column \"Custmer\" is missing"]);
}

#[test]
fn months_by_name_are_dates_and_what_is_due_may_be_an_amount() {
    let dir = Dir::new();
    dir.file(
        "xero.csv",
        "Number,Contact,Date,Due Date,Total,Due\nINV-1,Alpha,12 Jan 2024,11 Feb 2024,100.00,60.00\nINV-2,Beta,5 Oct 2024,5 Nov 2024,200.00,200.00\n",
    );
    let drafted = dir.ok(&["load", "xero.csv", "--draft-mapping", "--currency", "NZD"]);
    for line in ["date_formats = [\"D MON YYYY\"]", "due_on = \"Due Date\" # guess", "amount = \"Total\" # guess"] {
        assert!(drafted.contains(line), "{line}: {drafted}");
    }
    dir.file("xero.toml", &drafted);
    dir.ok(&["load", "xero.csv", "--source", "xero.toml"]);
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert_eq!((items[1]["issued_on"].as_str(), items[1]["due_on"].as_str()), ("2024-10-05", "2024-11-05"));
    let due_only = "Number,Contact,Date,Total,Due\nINV-1,Alpha,2024-01-12,100.00,60.00\n";
    dir.file("due.csv", due_only);
    let drafted = dir.ok(&["load", "due.csv", "--draft-mapping"]);
    assert!(!drafted.contains("due_on") && drafted.contains("amount = \"Total\""), "{drafted}");
}

#[test]
fn a_clearing_years_before_its_bill_and_a_row_of_totals_are_refused() {
    let dir = Dir::new();
    let rows = [
        "A,C1,posted,2024-01-05,1900-01-01,10",
        "B,C1,posted,2024-01-05,2023-12-20,20",
        "TOTAL,,posted,2024-01-05,,30",
    ];
    list(&dir, "list.csv", &rows);
    let run = dir.run(&["load", "list.csv", "--source", "list.toml"]);
    for told in [
        "list.csv:2: cleared_on \"1900-01-01\" is years before issued_on",
        "name it under nulls in [values]",
        "list.csv:4: item_id \"TOTAL\" is the word of a row of totals",
    ] {
        assert!(run.stderr.contains(told), "{told}: {run:?}");
    }
    assert_eq!(open_items(&dir), [], "B was paid before it was billed");
    dir.file("list.toml", LIST.replace("[values]", "[values]\nnulls = [\"1900-01-01\"]"));
    dir.run(&["load", "list.csv", "--source", "list.toml"]);
    assert_eq!(open_items(&dir), [("A".to_owned(), "10.00".to_owned())]);
}

#[test]
fn what_a_row_is_may_go_by_the_sign_of_its_amount() {
    let dir = Dir::new();
    let kind = r#"kind = { by_sign = { amount = "amount", positive = "invoice", negative = "credit_note" } }"#;
    let mapping = LIST.replace("kind = { constant = \"invoice\" }", kind);
    dir.file("list.toml", mapping.replace("[values]", "[values]\ncurrency_marks = [\"$\"]"));
    let lines =
        "A,C1,posted,2024-01-05,,10\nB,C1,posted,2024-01-05,,$ (2.50)\n\u{feff}C,C1,posted,2024-01-05,,- 1.00\n";
    dir.file("list.csv", "doc,customer,status,day,cleared,amount\n".to_owned() + lines);
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    let found = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    let shown: Vec<[&str; 3]> =
        found.iter().map(|row| ["item_id", "kind", "open_amount"].map(|column| row[column].as_str())).collect();
    assert_eq!(shown, [["A", "invoice", "10.00"], ["B", "credit_note", "-2.50"], ["C", "credit_note", "-1.00"]]);
}
