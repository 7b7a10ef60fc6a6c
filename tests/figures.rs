//! Every figure of the dictionary, on the sample: what `explain` shows of it is what the rows behind it sum to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use duecast::catalog::bind::Run;
use duecast::domain::dimension::Dimension;
use duecast::ledger::store::Ledger;
use duecast::load::{LoadOptions, load};
use duecast::metrics::dictionary::{self, Entry};
use duecast::reports::{Context, figure, rows_behind};
use duecast::sheet::{Cell, Sheet};

use crate::support::{Dir, rows};

/// Figures that are no quotient of their two sums, though the rows behind them sum to both.
const NO_QUOTIENT: &[(&str, &str)] = &[
    ("days_late_median_censored", "a day read from the curve of what was still unpaid"),
    ("dispute_cycle_days", "a day read from the curve of what was still open"),
    ("dispute_cycle_p90_days", "a day read from the curve of what was still open"),
    ("dso_count_back", "each month's sales are taken from the balance in turn"),
    ("dso_sales_weighted", "each month has a quotient of its own"),
    ("dso_true", "each month has a quotient of its own"),
];

const DAYS_OF_WINDOW: f64 = 90.0;
const DAYS_OF_PERIOD: f64 = 92.0;

fn sample() -> Ledger {
    let ledger = Ledger::in_memory().expect("a ledger");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    load(&ledger, &[folder], &LoadOptions::default(), &mut |_| {}).expect("a load");
    ledger
}

fn run(by: Vec<Dimension>) -> Run {
    let date = |month, day| NaiveDate::from_ymd_opt(2024, month, day).expect("a date");
    Run { by, ..Run::on(date(12, 31), Some(date(9, 30))) }
}

fn text(sheet: &Sheet, row: &[Cell<'_>], column: &str) -> String {
    match sheet.column_index(column).map(|at| row[at]) {
        Some(Cell::Text(text)) => text.to_owned(),
        _ => String::new(),
    }
}

fn units(sheet: &Sheet, row: &[Cell<'_>], column: &str) -> Option<i128> {
    match row[sheet.column_index(column).expect("a column")] {
        Cell::Amount(amount) => Some(amount.units()),
        _ => None,
    }
}

/// Currency, company and detail: what a figure has one line of.
fn key(sheet: &Sheet, row: &[Cell<'_>]) -> [String; 3] {
    ["currency", "company", "detail"].map(|column| text(sheet, row, column))
}

/// What a figure does with the quotient of its sums.
fn factor(entry: &Entry) -> f64 {
    match (entry.metric.as_str(), entry.report.as_str(), entry.unit.as_str()) {
        ("ddo" | "ddo_resolved" | "turnover_days", _, _) => DAYS_OF_PERIOD,
        (_, "dso", _) => DAYS_OF_WINDOW,
        (_, _, "percent") => 100.0,
        _ => 1.0,
    }
}

/// The faults of one figure, and whether it had a value at all.
fn faults(context: &Context<'_>, entry: &Entry) -> (Vec<String>, bool) {
    let figures = figure::make(context, entry).expect("a figure");
    let behind = rows_behind::make(context, entry).expect("its rows");
    let mut sums: BTreeMap<[String; 3], BTreeMap<String, i128>> = BTreeMap::new();
    for row in behind.rows() {
        let of_line = sums.entry(key(&behind, &row)).or_default();
        *of_line.entry(text(&behind, &row, "part")).or_default() += units(&behind, &row, "amount").expect("an amount");
    }
    let (mut faults, mut has_value) = (Vec::new(), false);
    for row in figures.rows() {
        let line = key(&figures, &row);
        let summed = sums.remove(&line).unwrap_or_default();
        let [top, bottom] = ["numerator", "denominator"].map(|part| {
            let (shown, rows) = (units(&figures, &row, part), summed.get(part).copied().unwrap_or(0));
            if shown.unwrap_or(0) != rows {
                faults.push(format!("{} {line:?}: {part} {shown:?}, its rows {rows}", entry.metric));
            }
            shown
        });
        let Cell::Number(value) = row[figures.column_index("value").expect("a column")] else { continue };
        has_value = true;
        if NO_QUOTIENT.iter().all(|(metric, _)| *metric != entry.metric) {
            let quotient = top.expect("a numerator") as f64 / bottom.unwrap_or(10_000) as f64 * factor(entry);
            if (quotient - value).abs() > 1e-6 * value.abs().max(1.0) {
                faults.push(format!("{} {line:?}: {value} is not {quotient}", entry.metric));
            }
        }
    }
    faults.extend(sums.into_keys().map(|line| format!("{} {line:?}: rows without a figure", entry.metric)));
    (faults, has_value)
}

#[test]
fn every_figure_is_what_its_rows_sum_to() {
    let ledger = sample();
    for by in [Vec::new(), vec![Dimension::Company]] {
        let context = Context { ledger: &ledger, run: run(by), show_all: true };
        for entry in dictionary::entries() {
            let (faults, has_value) = faults(&context, &entry);
            assert!(faults.is_empty(), "{faults:#?}");
            assert!(has_value, "the sample has no {}", entry.metric);
        }
    }
    let names: BTreeSet<String> = dictionary::entries().into_iter().map(|entry| entry.metric).collect();
    let gone: Vec<&str> = NO_QUOTIENT.iter().map(|(metric, _)| *metric).filter(|m| !names.contains(*m)).collect();
    assert!(gone.is_empty(), "no figures any more: {gone:?}");
}

#[test]
fn explain_answers_in_prose_or_in_the_form_asked_for() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\n\
         I1,C1,invoice,2024-01-05,2024-02-04,EUR,100.00\nI2,C2,invoice,2024-03-05,2024-04-06,USD,70.00\n",
    );
    dir.ok(&["load", "item.csv"]);

    let prose = dir.ok(&["explain", "overdue_rate"]);
    for part in [
        "Overdue share (overdue_rate; unit: rate)",
        "Formula\n  ",
        "Source\n  ",
        "misleads\n  ",
        "queries/metrics/open_share",
    ] {
        assert!(prose.contains(part), "{part} is not in {prose}");
    }
    let dictionary = rows(&dir.ok(&["explain", "overdue_rate", "-f", "csv"]));
    assert_eq!((dictionary.len(), dictionary[0]["metric"].as_str()), (1, "overdue_rate"));

    for (metric, table) in [("promise_kept_rate", "promise"), ("ddo", "dispute")] {
        for rows in [&[][..], &["--rows"]] {
            let none = dir.run(&[&["explain", metric, "--as-of", "2024-03-31"], rows].concat());
            let missing = format!("No {table} table: {table}s not available.");
            assert!(none.stdout.contains(&missing) || none.stderr.contains(&missing), "{none:?}");
        }
    }

    let figure = ["explain", "overdue_rate", "--as-of", "2024-03-31"];
    let prose = dir.ok(&figure);
    assert!(prose.contains("Formula\n  ") && prose.contains("as of 2024-03-31"), "{prose}");
    let values: Vec<(String, String)> = rows(&dir.ok(&[&figure[..], &["-f", "csv"]].concat()))
        .iter()
        .map(|row| (row["currency"].clone(), row["value"].clone()))
        .collect();
    assert_eq!(values, [("EUR", "1"), ("USD", "0")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let json = dir.ok(&[&figure[..], &["-f", "json"]].concat());
    assert!(json.starts_with('{') && json.contains("Formula: "), "{json}");

    let behind = rows(&dir.ok(&[&figure[..], &["--rows", "--currency", "EUR"]].concat()));
    assert!(behind.len() == 2 && behind.iter().all(|row| row["row_id"] == "I1"), "{behind:?}");

    let unknown = dir.run(&["explain", "overdue_rat"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("did you mean \"overdue_rate\""), "{unknown:?}");
    let no_day = dir.run(&["explain", "overdue_rate", "--rows"]);
    assert!(no_day.code == 2 && no_day.stderr.contains("--as-of"), "{no_day:?}");
}

#[test]
fn the_demo_does_not_take_a_ledger_of_yours() {
    let dir = Dir::new();
    for arguments in [["--ledger", "mine.duckdb", "demo"], ["demo", "--ledger", "mine.duckdb"]] {
        let run = dir.run(&arguments);
        assert!(run.code == 2 && run.stderr.contains("--ledger") && run.stderr.contains("--out"), "{run:?}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("the folder").count(), 0);
}

#[test]
fn rows_by_customer_name_the_customer_of_the_figure_and_that_of_the_row() {
    let dir = Dir::new();
    dir.ok(&["load", concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples")]);
    let asked = ["--as-of", "2024-12-31", "--by", "customer", "-f", "csv"];
    let found = dir.ok(&[&["explain", "hhi", "--rows"], &asked[..]].concat());
    let heading: Vec<&str> = found.lines().next().unwrap_or_default().split(',').collect();
    assert_eq!(heading.iter().collect::<BTreeSet<_>>().len(), heading.len(), "{heading:?}");
    let found = rows(&found);
    assert!(found.iter().all(|row| !row["customer_id"].is_empty()) && found[0].contains_key("row_customer_id"));
}

#[test]
fn items_are_listed_by_any_dimension() {
    let dir = Dir::new();
    dir.ok(&["load", concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples")]);
    let listed = |by: &str| rows(&dir.ok(&["items", "--as-of", "2024-12-31", "--by", by, "-f", "csv"]));
    let plain = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"])).len();
    for (by, column) in [
        ("parent", "parent_id"),
        ("country", "country"),
        ("segment", "segment"),
        ("business_unit", "business_unit"),
        ("collector", "collector_id"),
        ("customer", "customer_id"),
        ("kind", "kind"),
    ] {
        let found = listed(by);
        assert_eq!(found.len(), plain, "{by}");
        assert!(found.iter().any(|row| !row[column].is_empty()), "{by}");
    }
}

#[test]
fn a_reversal_finds_what_it_reverses_in_whichever_order_they_are_loaded() {
    let header = "item_id,customer_id,kind,issued_on,currency,amount,reversal_of\n";
    let files = [
        ("item_a.csv", "R1,A,adjustment,2024-05-10,EUR,40,W1\n"),
        ("item_b.csv", "W1,A,write_off,2024-05-05,EUR,-40,\nI1,A,invoice,2024-05-01,EUR,100,\n"),
    ];
    let figures = [[0, 1], [1, 0]].map(|order| {
        let dir = Dir::new();
        for (name, lines) in order.map(|at| files[at]) {
            dir.file(name, format!("{header}{lines}"));
            dir.run(&["load", name]);
        }
        assert_eq!(dir.ok(&["check", "reversal_of_unknown", "-f", "csv"]).lines().count(), 1);
        let kpi = dir.ok(&["kpi", "--as-of", "2024-05-31", "--from", "2024-04-30", "-f", "csv"]);
        rows(&kpi).into_iter().find(|row| row["metric"] == "bad_debt_rate").expect("a row")["numerator"].clone()
    });
    assert_eq!(figures, ["0.00", "0.00"]);
}

#[test]
fn customers_in_credit_are_named_beside_the_curve() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\n\
         I1,C1,invoice,2024-01-05,2024-02-04,EUR,100.00\nR1,C2,receipt,2024-01-05,,EUR,-5.50\n\
         R2,C3,receipt,2024-01-05,,EUR,-7000\nR3,C4,receipt,2024-01-05,,EUR,-1\nR4,C5,receipt,2024-01-05,,EUR,-2\n\
         I2,C1,invoice,2024-01-05,2024-02-04,USD,100.00\nR5,C2,receipt,2024-01-05,,USD,-3\n",
    );
    dir.ok(&["load", "item.csv"]);
    let said = dir.run(&["show", "concentration", "--as-of", "2024-03-31", "-f", "csv"]).stderr;
    let note = "they owe nothing on balance: EUR: 4 (C3 -7,000.00, C2 -5.50, C5 -2.00 and others); USD: 1 (C2 -3.00).";
    assert!(said.contains(note), "{said}");
}

#[test]
fn a_filter_gives_a_promise_no_currency_that_it_has_not() {
    let dir = Dir::new();
    let items = "I1,A,invoice,2024-01-10,2024-02-09,EUR,100\nI2,B,invoice,2024-01-10,2024-02-29,EUR,200\n\
                 I3,A,invoice,2024-01-10,2024-02-09,USD,50\nR1,A,receipt,2024-02-20,,EUR,-100\n";
    let items = items.replace(",A,", ",A,C1,").replace(",B,", ",B,C1,");
    dir.file("item.csv", format!("item_id,company,customer_id,kind,issued_on,due_on,currency,amount\n{items}"));
    dir.file("application.csv", "credit_item_id,debit_item_id,amount,applied_on\nR1,I1,100,2024-02-20\n");
    let promises =
        "P1,2024-02-12,2024-02-20,C1,100,EUR\nP2,2024-02-12,2024-02-21,C1,50,\nP3,2024-02-12,2024-02-22,C1,50,USD\n";
    dir.file("promise.csv", format!("promise_id,created_on,promised_on,customer_id,amount,currency\n{promises}"));
    assert!(dir.run(&["load", "item.csv", "application.csv", "promise.csv"]).code < 2);
    let kept = |filter: &[&str]| {
        let asked = ["kpi", "--from", "2024-01-31", "--as-of", "2024-02-29", "-f", "csv"];
        let found = rows(&dir.run(&[&asked[..], filter].concat()).stdout);
        let of_metric =
            found.into_iter().filter(|row| row["metric"] == "promise_kept_rate" && !row["currency"].is_empty());
        of_metric
            .map(|row| format!("{} {}/{}", row["currency"], row["numerator"], row["denominator"]))
            .collect::<Vec<_>>()
    };
    let of_all = kept(&[]);
    assert_eq!(of_all.len(), 2, "{of_all:?}");
    assert_eq!(kept(&["--currency", "EUR"]), of_all[..1]);
    assert_eq!(
        kept(&["--company", "B"]),
        of_all[..1],
        "a promise counts wherever its customer has an item of its currency"
    );
}
