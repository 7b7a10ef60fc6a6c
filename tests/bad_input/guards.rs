//! What would change figures without a word: numbers that lose digits, days that are none, files that take others' places.

use duckdb::Connection;
use rust_xlsxwriter::Workbook;

use super::{APPLICATIONS, HEADER, ids, invoices, loaded, open_items, refused};
use crate::support::{Dir, rows};

/// Writes the rows of a query of the engine's as `item.parquet`.
fn parquet(dir: &Dir, select: &str) {
    let path = dir.path().join("item.parquet");
    let engine = Connection::open_in_memory().expect("the engine");
    engine.execute_batch(&format!("copy ({select}) to '{}' (format parquet)", path.display())).expect("written");
}

#[test]
fn a_day_of_a_parquet_file_with_which_days_cannot_be_counted_is_refused() {
    for day in ["date 'infinity'", "date '-infinity'", "date '200000-01-01'", "timestamp 'infinity'"] {
        let dir = Dir::new();
        parquet(
            &dir,
            &format!(
                "select 'A' as item_id, 'C1' as customer_id, 'invoice' as kind, date '2024-01-05' as issued_on, {day} as due_on,
                   'EUR' as currency, cast(10 as decimal(18, 2)) as amount
                 union all select 'B', 'C1', 'invoice', date '2024-01-05', date '2024-02-04', 'EUR', 20"
            ),
        );
        let (read, kept, refused) = loaded(&dir, &["item.parquet"]);
        assert_eq!((read, kept), (2, 1), "{day}");
        assert_eq!(
            (&refused[0]["column_name"], refused[0]["reason"].as_str().map(|r| r.starts_with("is not a date"))),
            (&"due_on".into(), Some(true)),
            "{day}"
        );
        assert_eq!(ids(&dir), ["B"], "{day}");
    }
}

#[test]
fn an_amount_of_single_precision_that_has_lost_its_cents_is_refused() {
    let dir = Dir::new();
    let row = |id: &str, amount: &str| {
        format!(
            "select '{id}' as item_id, 'C1' as customer_id, 'invoice' as kind, date '2024-01-05' as issued_on, 'EUR' as currency,
               cast({amount} as float) as amount"
        )
    };
    parquet(&dir, &[row("A", "131071.99"), row("B", "1234567.89")].join(" union all "));
    let (read, kept, refused) = loaded(&dir, &["item.parquet"]);
    assert_eq!((read, kept), (2, 1));
    assert!(refused[0]["reason"].as_str().is_some_and(|r| r.contains("below 131072 in single precision")));
    assert_eq!(open_items(&dir), [("A".to_owned(), "131071.99".to_owned())]);
}

#[test]
fn a_large_number_of_a_parquet_file_keeps_its_cents() {
    let dir = Dir::new();
    let amounts = ["276693203953.03", "70368744177664.25", "12345678901234.5", "0.1", "1234.56"];
    let row = |(at, amount): (usize, &&str)| {
        format!(
            "select 'I{at}' as item_id, 'C1' as customer_id, 'invoice' as kind, date '2024-01-05' as issued_on, 'EUR' as currency, cast('{amount}' as double) as amount"
        )
    };
    parquet(&dir, &amounts.iter().enumerate().map(row).collect::<Vec<_>>().join(" union all "));
    dir.ok(&["load", "item.parquet"]);
    let mut open = open_items(&dir);
    open.sort();
    let open: Vec<&str> = open.iter().map(|(_, amount)| amount.as_str()).collect();
    assert_eq!(open, ["276693203953.03", "70368744177664.25", "12345678901234.50", "0.10", "1234.56"]);
}

#[test]
fn a_number_of_a_workbook_keeps_the_digits_it_holds_or_is_refused() {
    let dir = Dir::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, column) in HEADER.trim_end().split(',').enumerate() {
        sheet.write(0, at as u16, column).expect("a cell");
    }
    let lines = [(4_000_000_000_000_001.0, 12_345_678_901_234.25), (4_000_000_000_000_002.0, 1.0), (2e19, 3.0)];
    for (row, (id, amount)) in (1..).zip(lines) {
        for (at, text) in ["C1", "invoice", "2024-01-05", "2024-02-04", "EUR"].into_iter().enumerate() {
            sheet.write(row, at as u16 + 1, text).expect("a cell");
        }
        sheet.write(row, 0, id).expect("a cell").write(row, 6, amount).expect("a cell");
    }
    workbook.save(dir.path().join("item.xlsx")).expect("a workbook");
    let (_, _, refused) = loaded(&dir, &["item.xlsx"]);
    assert_eq!(
        refused[0]["reason"],
        "cell A4: the number 2e19 has more digits than a cell of numbers keeps; write the column as text"
    );
    let open = [("4000000000000001", "12345678901234.25"), ("4000000000000002", "1.00")];
    assert_eq!(open_items(&dir), open.map(|(id, amount)| (id.to_owned(), amount.to_owned())));
}

#[test]
fn an_export_that_is_cut_off_or_empty_does_not_take_the_place_of_a_good_one() {
    let dir = Dir::new();
    let whole = invoices(&[("A", "10"), ("B", "20")]);
    dir.file("item.csv", whole.clone());
    dir.file("application.csv", APPLICATIONS);
    dir.ok(&["load", "item.csv", "application.csv"]);
    dir.file("item.csv", &whole[..whole.len() - 20]);
    refused(&dir.run(&["load", "item.csv"]), &["item.csv", "ends within line 3", "gave 2 rows", "--as NAME"]);
    dir.file("item.csv", HEADER);
    refused(&dir.run(&["load", "item.csv"]), &["item.csv", "gives no row", "gave 2 rows"]);
    assert_eq!(ids(&dir), ["A", "B"]);
    dir.file("cut.csv", &whole[..whole.len() - 20]);
    let first = dir.run(&["load", "cut.csv", "--table", "item", "--ledger", "first.duckdb"]);
    assert!(
        first.code == 1 && first.stdout.contains("the file ends within line 3, as one that was cut off"),
        "{first:?}"
    );
    dir.file("item.csv", invoices(&[("A", "10")]));
    let gone = dir.ok(&["load", "item.csv"]);
    assert!(gone.contains("1 of the 2 items that it gave is not in this file") && gone.contains("--as NAME"), "{gone}");
    assert_eq!(ids(&dir), ["A"]);
}

#[test]
fn another_file_of_the_same_name_does_not_take_the_place_of_the_first() {
    let dir = Dir::new();
    dir.file("2024-01/item.csv", invoices(&[("A", "10"), ("B", "20")]));
    dir.file("2024-02/item.csv", invoices(&[("C", "30")]));
    dir.ok(&["load", "2024-01"]);
    let said = |fault| ["item.csv", fault, "gave 2 rows", "the ledger is as it was", "--as NAME"];
    refused(&dir.run(&["load", "2024-02"]), &said("has none of the same items"));
    dir.file("customer.csv", "customer_id\nC1\n");
    refused(&dir.run(&["load", "customer.csv", "--as", "item.csv"]), &said("gives no item"));
    assert_eq!(ids(&dir), ["A", "B"]);
    dir.ok(&["load", "2024-02", "--as", "2024-02"]);
    assert_eq!(ids(&dir), ["A", "B", "C"]);
    // What gave no items can be replaced by anything.
    dir.ok(&["load", "customer.csv"]);
    dir.file("customer.csv", "customer_id\nC2\n");
    dir.ok(&["load", "customer.csv"]);
}

#[test]
fn the_same_file_under_another_name_changes_nothing() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("A", "10")]));
    dir.file("copy.csv", invoices(&[("A", "10")]));
    dir.ok(&["load", "item.csv"]);
    let before = std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger");
    for again in [&["load", "copy.csv", "--table", "item"][..], &["load", "item.csv", "--as", "other"]] {
        assert!(dir.ok(again).contains("loaded before as load 1; nothing to do"), "{again:?}");
    }
    assert!(std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger") == before, "the ledger changed");
    // Where the name stands for other rows, the file takes their place.
    dir.file("other.csv", invoices(&[("B", "20")]));
    dir.ok(&["load", "other.csv", "--table", "item", "--as", "other"]);
    refused(&dir.run(&["load", "item.csv", "--as", "other"]), &["gives no row", "would take the place of other"]);
}

#[test]
fn more_undone_than_applied_fails_a_check() {
    let dir = Dir::new();
    let receipt = "R1,C1,receipt,2024-01-10,,EUR,-100\n";
    dir.file("item.csv", invoices(&[("A", "100")]) + receipt);
    dir.file("application.csv", APPLICATIONS.to_owned() + "1,R1,A,10,2024-01-12\n2,R1,A,-30,2024-01-15\n");
    let run = dir.run(&["load", "item.csv", "application.csv"]);
    assert!(run.code == 1 && run.stderr.contains("undone_more_than_applied"), "{run:?}");
}

#[test]
fn amounts_that_do_not_tell_their_decimal_mark_are_asked_for() {
    let dir = Dir::new();
    let mapping = "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\n[table.columns]\n\
                   item_id = \"Beleg\"\ncustomer_id = \"Konto\"\nkind = { constant = \"invoice\" }\nissued_on = \"Datum\"\namount = \"Betrag\"\n";
    dir.file("list.toml", mapping);
    let list = |amounts: &[&str]| {
        let line = |(at, amount): (usize, &&str)| format!("{at};1;2024-01-05;{amount}\n");
        dir.file(
            "list.csv",
            "Beleg;Konto;Datum;Betrag\n".to_owned() + &amounts.iter().enumerate().map(line).collect::<String>(),
        );
        dir.run(&["load", "list.csv", "--source", "list.toml"])
    };
    for open in [&["1.234", "5.000"][..], &["12,500", "7"], &["1.234", "5.25", "5,25"]] {
        refused(&list(open), &["Betrag", "do not tell the decimal mark", "decimal_mark", "[values]"]);
    }
    assert_eq!(list(&["1.234", "5.25"]).code, 0);
    assert_eq!(list(&["12.500", "7", "1,50"]).code, 0);
    assert_eq!(open_items(&dir)[0].1, "12500.00");
    dir.file("list.toml", mapping.replace("[values]\n", "[values]\ndecimal_mark = \",\"\nthousands_mark = \".\"\n"));
    assert_eq!(list(&["1.234", "5.000"]).code, 0);
    assert_eq!(open_items(&dir)[0].1, "1234.00");
    dir.file("list.toml", mapping.replace("[values]\n", "[values]\nthousands_mark = \".\"\n"));
    refused(&list(&["1.234"]), &["\".\" is both decimal_mark and thousands_mark"]);
}

#[test]
fn sql_does_not_read_the_ledgers_own_file_nor_is_a_card_number_kept_within_a_token() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&[("A", "10")]));
    dir.ok(&["load", "item.csv"]);
    for read in ["select * from read_blob('ledger.duckdb')", "select * from READ_TEXT('ledger.duckdb')"] {
        refused(&dir.run(&["sql", read]), &["sql reads the ledger's tables and views, no files"]);
    }
    let cards = "card_transaction_id,at,kind,amount,currency,token\n1,2024-01-05,capture,10,EUR,tok_4111111111111111\n2,2024-01-05,capture,10,EUR,tok_4111111111111112\n";
    dir.file("card_transaction.csv", cards);
    let run = dir.run(&["load", "card_transaction.csv"]);
    assert!(run.code == 1 && run.stderr.contains("is a card number") && !run.stderr.contains("4111"), "{run:?}");
    let kept = rows(&dir.ok(&["sql", "select token from card_transaction", "-f", "csv"]));
    assert_eq!(kept.len(), 1);
}

#[test]
fn a_file_read_with_a_corrected_mapping_may_have_other_identifiers() {
    let dir = Dir::new();
    let mapping = |item_id: &str| {
        format!(
            "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\n[table.columns]\nitem_id = {item_id}\n\
             customer_id = \"customer\"\nkind = {{ constant = \"invoice\" }}\nissued_on = \"date\"\namount = \"amount\"\n"
        )
    };
    dir.file("list.csv", "no,customer,date,amount\n0001,C1,2024-02-01,100.00\n");
    dir.file("list.toml", mapping("\"no\""));
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    dir.file("list.toml", mapping("{ column = \"no\", strip_zeros = true }"));
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    assert_eq!(ids(&dir), ["1"]);
}
