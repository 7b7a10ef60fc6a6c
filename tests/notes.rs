//! What reports, packs and loads say beside their figures: what is missing, what is not drawn, what was probably meant.

use crate::support::{Dir, rows};

const ITEMS: &str = "item_id,company,customer_id,kind,issued_on,due_on,currency,amount\n";

/// Two companies with an invoice each in EUR.
fn book(more: &str) -> Dir {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        format!(
            "{ITEMS}I1,DE01,C1,invoice,2024-01-10,2024-02-09,EUR,100.00\nI2,HU01,C2,invoice,2024-05-05,2024-06-04,EUR,50.00\n{more}"
        ),
    );
    dir
}

#[test]
fn a_bridge_from_a_day_without_dso_is_not_drawn_and_says_why() {
    let dir = book("");
    dir.ok(&["load", "item.csv"]);
    let bridge = ["bridge", "--metric", "dso", "--from", "2023-12-31", "--as-of", "2024-05-31"];
    let run = dir.run(&[&bridge[..], &["-f", "csv"]].concat());
    let why = "EUR: no bridge, as DSO is undefined on 2023-12-31: no sales in the window.";
    assert!(run.stderr.contains(why) && !run.stderr.contains("with nothing left over"), "{run:?}");
    dir.ok(&[&bridge[..], &["-o", "chart.svg"]].concat());
    let chart = std::fs::read_to_string(dir.path().join("chart.svg")).expect("a chart");
    assert!(chart.contains("Nothing to draw"), "{chart}");
    let run = dir.run(&["bridge", "--metric", "dso", "--from", "2024-01-31", "--as-of", "2024-02-29", "-f", "csv"]);
    assert!(run.stderr.contains("with nothing left over") && !run.stderr.contains("no bridge"), "{run:?}");
}

#[test]
fn a_window_that_begins_before_the_ledger_is_said_to_lack_sales() {
    let dir = book("");
    dir.ok(&["load", "item.csv"]);
    let lacks = |day: &str| dir.run(&["dso", "--as-of", day, "-f", "csv"]).stderr.contains("lacks sales");
    // The window of 90 days up to 2024-04-08 begins on the day of the first item.
    assert!(lacks("2024-04-07") && !lacks("2024-04-08"));
}

#[test]
fn roll_rates_of_a_quarter_say_that_items_pass_buckets_in_it() {
    let dir = book("");
    dir.ok(&["load", "item.csv"]);
    let said =
        |from: &str| dir.run(&["show", "roll_rate", "--from", from, "--as-of", "2024-06-30", "-f", "csv"]).stderr;
    assert!(said("2024-03-31").contains("The period has 91 days and bucket 1-30 is 30 wide"));
    assert!(!said("2024-05-31").contains("wide"));
}

#[test]
fn a_filter_that_no_row_has_is_named_with_what_may_have_been_meant() {
    let dir = book("");
    dir.ok(&["load", "item.csv"]);
    let run = dir.run(&["aging", "--as-of", "2024-05-31", "--currency", "eur", "--company", "HU01", "-f", "csv"]);
    assert!(run.stderr.contains("--currency eur: the ledger has none; did you mean \"EUR\"?"), "{run:?}");
    assert!(!run.stderr.contains("--company"), "{run:?}");
    let run = dir.run(&["report", "--out", "pack", "--as-of", "2024-05-31", "--customer", "C9"]);
    assert!(run.stderr.contains("--customer C9: the ledger has none"), "{run:?}");
    let run = dir.run(&["explain", "DSO"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean \"dso_"), "{run:?}");
}

#[test]
fn control_balances_of_some_companies_are_not_said_to_be_met_for_all() {
    let dir = book("");
    dir.file("gl_balance.csv", "company,on_date,currency,amount\nDE01,2024-05-31,EUR,100\n");
    let run = dir.run(&["load", "item.csv", "gl_balance.csv"]);
    assert!(run.code == 0, "{run:?}");
    let said = |day: &str| dir.run(&["aging", "--as-of", day, "-f", "csv"]).stderr;
    assert!(said("2024-05-31").contains("there is one of 1 of 2 companies and currencies"), "{}", said("2024-05-31"));
    let found = rows(&dir.run(&["check", "gl_balance_absent", "-f", "csv"]).stdout);
    assert!(found[0]["finding"].contains("company HU01 has 1 item in EUR and no control balance"), "{found:?}");
    dir.file("gl_balance.csv", "company,on_date,currency,amount\nDE01,2024-05-31,EUR,100\nHU01,2024-05-31,EUR,50\n");
    dir.ok(&["load", "gl_balance.csv"]);
    assert!(said("2024-05-31").contains("control balances are met, 2024-05-31 among them"));
}

#[test]
fn a_book_that_is_paid_up_proves_its_movements_too() {
    let dir = book("R1,DE01,C1,receipt,2024-02-09,,EUR,-100.00\nR2,HU01,C2,receipt,2024-06-04,,EUR,-50.00\n");
    dir.file(
        "application.csv",
        "application_id,credit_item_id,debit_item_id,amount,applied_on\n1,R1,I1,100,2024-02-09\n2,R2,I2,50,2024-06-04\n",
    );
    dir.ok(&["load", "item.csv", "application.csv"]);
    dir.ok(&["report", "--out", "pack", "--as-of", "2024-12-31"]);
    let page = std::fs::read_to_string(dir.path().join("pack/index.html")).expect("a page");
    assert!(page.contains("Opening 0.00 + movements 0.00 = closing 0.00"), "{}", &page[..3000]);
}

#[test]
fn a_file_without_rows_says_so_when_it_is_loaded() {
    let dir = Dir::new();
    dir.file("item.csv", ITEMS);
    let report = dir.ok(&["load", "item.csv", "-f", "json"]);
    assert!(report.contains("it has no rows"), "{report}");
}
