//! Days and amounts as exports write them: what stands for none, and what tells one mark from another.

use super::{loaded, refused};
use crate::support::{Dir, rows};

const SAP: &str = "Company Code\tAccount\tDocument Number\tFiscal Year\tLine item\tDocument Type\tDocument Date\tPosting Date\tNet due date\tClearing date\tAmount in doc. curr.\tDocument currency\n";

fn sap(lines: &[(&str, &str)]) -> String {
    let line = |(at, (amount, currency)): (usize, &(&str, &str))| {
        format!("1000\t1001\t{at}\t2024\t1\tRV\t15.01.2024\t15.01.2024\t14.02.2024\t\t{amount}\t{currency}\n")
    };
    SAP.to_owned() + &lines.iter().enumerate().map(line).collect::<String>()
}

fn amounts(dir: &Dir) -> Vec<String> {
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    items.iter().map(|row| row["amount"].clone()).collect()
}

#[test]
fn the_marks_of_a_sap_list_follow_from_its_amounts_and_not_from_its_language() {
    let european = [("1.234,50", "EUR"), ("50.000", "HUF"), ("7,25-", "EUR")];
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&european[..2]));
    let report = dir.ok(&["load", "fbl5n.txt", "--source", "sap_fbl5n", "-f", "json"]);
    assert!(report.contains("decimal mark \\\",\\\" and the thousands mark \\\".\\\""), "{report}");
    assert_eq!(amounts(&dir), ["1234.50", "50000.00"]);
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&[("1,234.50", "EUR"), ("50,000", "HUF")]));
    dir.ok(&["load", "fbl5n.txt", "--source", "sap_fbl5n"]);
    assert_eq!(amounts(&dir), ["1234.50", "50000.00"]);
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&[("50.000", "HUF"), ("812.500", "HUF")]));
    refused(&dir.run(&["load", "fbl5n.txt", "--source", "sap_fbl5n"]), &["50.000", "decimal mark", "[values]"]);
}

#[test]
fn a_day_that_stands_for_none_is_none_however_it_is_written() {
    let dir = Dir::new();
    let mapping = "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\ndate_formats = [\"DD.MM.YYYY\"]\n[[table]]\ntable = \"item\"\n\
         [table.columns]\nitem_id = \"No\"\ncustomer_id = \"Customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"Date\"\n\
         due_on = \"Due\"\namount = \"Amount\"\n";
    dir.file("list.toml", mapping);
    let ends = ["31.12.9999", "00.00.0000", "9999-12-31", "31.12.4712", ""];
    let line = |(at, due): (usize, &&str)| format!("{at},C1,15.01.2024,{due},10\n");
    let lines: String = ends.iter().enumerate().map(line).collect();
    dir.file("list.csv", format!("No,Customer,Date,Due,Amount\n{lines}"));
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert!(items.len() == ends.len() && items.iter().all(|row| row["bucket"] == "no_due_date"), "{items:?}");
}

#[test]
fn days_to_add_are_whole_and_a_refused_amount_is_shown_as_it_is_written() {
    let dir = Dir::new();
    let mapping = "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\n[[table]]\ntable = \"item\"\n\
         [table.columns]\nitem_id = \"No\"\ncustomer_id = \"Customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"Date\"\n\
         due_on = { column = \"Date\", plus_days = \"Days\" }\namount = \"Amount\"\n";
    dir.file("list.toml", mapping);
    dir.file(
        "list.csv",
        "No,Customer,Date,Days,Amount\n1,A,2024-01-15,30,10\n2,A,2024-01-15,14.0,10\n3,A,2024-01-15,2.5,10\n\
         4,A,2024-01-15,1e2,10\n5,A,2024-01-15,30,12'34x\n6,A,2024-01-15,30,\"1,23,456.50\"\n",
    );
    let run = dir.run(&["load", "list.csv", "--source", "list.toml"]);
    assert!(run.code == 1 && run.stderr.contains("\"12'34x\""), "{run:?}");
    assert!(run.stderr.contains("due_on \"2024-01-15 + 2.5 days\" is not a date"), "{run:?}");
    assert!(
        run.stderr.contains("currency_marks, negative_suffix and positive_suffix (CR, DR), decimal_mark"),
        "{run:?}"
    );
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    let due: Vec<&str> = items.iter().map(|row| row["due_on"].as_str()).collect();
    assert_eq!(due, ["2024-01-29", "2024-02-14", "2024-02-14"]);
    assert_eq!(amounts(&dir), ["10.00", "10.00", "123456.50"]);
}

#[test]
fn words_that_the_engine_takes_for_days_are_none() {
    let dir = Dir::new();
    let line = |(at, due): (usize, &&str)| format!("{at},C1,invoice,15.01.2024,{due},EUR,10\n");
    let words = ["infinity", "-infinity", "Epoch", "14.02.2024"];
    let lines: String = words.iter().enumerate().map(line).collect();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,due_on,currency,amount\n{lines}"));
    let (read, kept, refused) = loaded(&dir, &["item.csv", "--date-format", "DD.MM.YYYY"]);
    assert_eq!((read, kept), (4, 1));
    assert!(refused.iter().all(|row| row["column_name"] == "due_on"), "{refused:?}");
}

#[test]
fn a_draft_reads_zero_dates_day_numbers_and_percents_for_what_they_are() {
    let dir = Dir::new();
    dir.file("due.csv", "No,Customer,Date,Due,Amount,Doc. Curr\n1,A,15.01.2024,14.02.2024,10.50,EUR\n2,A,16.01.2024,00.00.0000,5.25,JPY\n");
    let drafted = dir.ok(&["load", "due.csv", "--draft-mapping"]);
    for line in ["due_on = \"Due\"", "currency = \"Doc. Curr\""] {
        assert!(drafted.contains(line), "{line}: {drafted}");
    }
    dir.file("serial.csv", "No,Customer,Date,Amount,Currency\n1,A,45306,10%,EUR\n2,A,45307,5.25,EUR\n");
    let drafted = dir.ok(&["load", "serial.csv", "--draft-mapping"]);
    assert!(drafted.contains("date_formats = [\"EXCEL\"]") && !drafted.contains("currency_marks"), "{drafted}");
    dir.file(
        "sides.csv",
        "No,Customer,Date,Soll,Haben,Currency\n1,A,2024-01-15,10.50,,EUR\n2,A,2024-01-16,,5.25,EUR\n",
    );
    let drafted = dir.ok(&["load", "sides.csv", "--draft-mapping"]);
    dir.file("sides.toml", &drafted);
    let run = dir.run(&["load", "sides.csv", "--source", "sides.toml"]);
    refused(&run, &["sides.csv", "where amount of item is", "[table.columns]", "Soll, Haben"]);
    assert!(
        drafted.contains("amounts stand in two columns") && drafted.contains("column = \"Haben\", negate = true"),
        "{drafted}"
    );
}

const INVOICES: &str = "Invoice No;Customer;Invoice Date;Due Date;Amount;Currency\n";

#[test]
fn what_makes_an_amount_a_credit_is_no_mark_of_a_currency() {
    let draft = |lines: &str| {
        let dir = Dir::new();
        dir.file("list.csv", format!("{INVOICES}{lines}"));
        dir.ok(&["load", "list.csv", "--draft-mapping"])
    };
    let line = |no: u8, amount: &str| format!("A{no};C1;2026-01-13;2026-02-12;{amount};EUR\n");
    let letters = draft(&(line(1, "1.000,00 T") + &line(2, "400,00 K")));
    assert!(letters.contains("negative_suffix = \"K\"") && letters.contains("positive_suffix = \"T\""), "{letters}");
    let dashes = draft(&(line(1, "1.000,00") + &line(2, "–400,00") + &line(3, "30,00–")));
    assert!(!dashes.contains("currency_marks") && dashes.contains("decimal_mark = \",\""), "{dashes}");
    let thousands = draft(&(line(1, "6,00 TEUR") + &line(2, "7,00 k€")));
    assert!(thousands.contains("# missing: \"TEUR\"") && !thousands.contains("\ncurrency_marks"), "{thousands}");
    let dir = Dir::new();
    dir.file("list.csv", "No,Customer,Date,Amount\n1,A,2024-01-15,10 EUR\n2,A,2024-01-16,20 USD\n");
    let several = dir.ok(&["load", "list.csv", "--draft-mapping"]);
    assert!(several.contains("# missing: amounts in several currencies (EUR, USD)"), "{several}");
    let mapping = letters.replace("[values]\n", "[values]\ncurrency_marks = [\"K\"]\n");
    dir.file("list.toml", mapping);
    refused(&dir.run(&["load", "list.csv", "--source", "list.toml"]), &["\"K\" of currency_marks", "negative_suffix"]);
}

#[test]
fn a_dash_of_any_kind_is_a_minus_and_a_price_without_cents_is_none() {
    let dir = Dir::new();
    let line = |(no, amount): (usize, &&str)| format!("A{no};C1;adjustment;2024-01-13;{amount};EUR\n");
    let amounts_of = ["–400,00", "\u{ff0d}30,00", "5,00\u{2212}", "12,-", "7,00-"];
    let lines: String = amounts_of.iter().enumerate().map(line).collect();
    dir.file("list.csv", format!("No;Customer;Type;Date;Amount;Currency\n{lines}"));
    dir.file(
        "list.toml",
        "name = \"list\"\nversion = 1\n[values]\ndecimal_mark = \",\"\n[[table]]\ntable = \"item\"\n[table.columns]\nitem_id = \"No\"\n\
         customer_id = \"Customer\"\nkind = \"Type\"\nissued_on = \"Date\"\namount = \"Amount\"\ncurrency = \"Currency\"\n",
    );
    let run = dir.run(&["load", "list.csv", "--source", "list.toml"]);
    assert!(run.code == 1 && run.stderr.contains("amount \"12,-\" is not an amount"), "{run:?}");
    assert_eq!(amounts(&dir), ["-400.00", "-30.00", "-5.00", "-7.00"]);
}

#[test]
fn a_draft_leaves_open_what_would_load_wrong_figures() {
    let draft = |text: &str| {
        let dir = Dir::new();
        dir.file("list.csv", text);
        dir.ok(&["load", "list.csv", "--draft-mapping"])
    };
    let local = draft(
        "Account;Document Number;Document Date;Document Currency;Amount in Local Currency;Local Currency\n\
         1;18001;13.01.2026;USD;920,00;EUR\n",
    );
    assert!(local.contains("currency = \"Local Currency\""), "{local}");
    let paid = draft(
        "Invoice No,Customer,Invoice Date,Amount,Amount Paid,Paid Date,Currency\nA1,C1,2026-01-13,120.00,20.00,2026-02-01,EUR\n",
    );
    assert!(paid.contains("# cleared_on = \"Paid Date\""), "{paid}");
    let due = draft(
        "Beleg;Kunde;Belegdatum;Fällig am;Betrag;Währung\n1;C1;13.01.2026;12.02.2026;1,00;EUR\n2;C1;14.01.2026;30.02.2026;2,00;EUR\n",
    );
    assert!(due.contains("due_on = \"Fällig am\""), "{due}");
    let swapped = draft(&format!(
        "{INVOICES}1;C1;2026-05-01;2026-04-02;10.50;EUR\n2;C1;15/01/2026;14/02/2026;10.50;EUR\n3;C1;2026-09-02;20/02/2026;1.50;EUR\n"
    ));
    assert!(
        swapped.contains("day and month of the dates are swapped") && !swapped.contains("\ndate_formats"),
        "{swapped}"
    );
    let twice =
        draft(&format!("{INVOICES}R1;C1;2026-01-13;2026-02-12;1.50;EUR\nR1;C1;2026-01-13;2026-03-12;1.50;EUR\n"));
    assert!(twice.contains("# missing: R1 stands in several rows"), "{twice}");
}
