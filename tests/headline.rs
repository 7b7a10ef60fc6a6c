//! The headline is the figures of the same names in the reports, on its two days.

use std::collections::BTreeMap;

use crate::support::{Dir, rows, units};

type Row = BTreeMap<String, String>;

fn pack(dir: &Dir, as_of: &str, from: &str, file: &str) -> Vec<Row> {
    dir.ok(&["report", "--out", as_of, "--as-of", as_of, "--from", from]);
    rows(&std::fs::read_to_string(dir.path().join(as_of).join(file)).expect("a file of the pack"))
}

/// The figures of a day as the reports have them, by currency and metric: text of a value, units of an amount.
fn reported(dir: &Dir, as_of: &str, from: &str) -> BTreeMap<(String, String), String> {
    let mut figures = BTreeMap::new();
    let key = |row: &Row, metric: &str| (row["currency"].clone(), metric.to_owned());
    let mut balance: BTreeMap<_, i128> = BTreeMap::new();
    for row in rows(&dir.ok(&["aging", "--as-of", as_of, "-f", "csv"])) {
        *balance.entry(key(&row, "balance")).or_default() += units(&row["open_amount"]);
    }
    figures.extend(balance.into_iter().map(|(key, amount)| (key, amount.to_string())));
    for row in rows(&dir.ok(&["kpi", "--as-of", as_of, "--from", from, "-f", "csv"])) {
        match row["metric"].as_str() {
            "overdue_rate" => {
                figures.insert(key(&row, "overdue"), units(&row["numerator"]).to_string());
                figures.insert(key(&row, "overdue_rate"), row["value"].clone());
            }
            "cei" => drop(figures.insert(key(&row, "cei"), row["value"].clone())),
            _ => {}
        }
    }
    for row in rows(&dir.ok(&["dso", "--as-of", as_of, "-f", "csv"])).iter().filter(|row| row["method"] == "simple") {
        figures.insert(key(row, "dso_simple"), row["dso_days"].clone());
    }
    figures
}

#[test]
fn the_headline_has_the_figures_of_the_reports_on_both_days() {
    let dir = Dir::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples");
    dir.ok(&["load", samples]);
    let headline = pack(&dir, "2024-12-31", "2024-11-30", "headline.csv");
    let now = reported(&dir, "2024-12-31", "2024-11-30");
    let before = reported(&dir, "2024-11-30", "2024-10-31");
    assert_eq!(headline.len(), now.len(), "five figures a currency");
    for row in &headline {
        let key = (row["currency"].clone(), row["metric"].clone());
        let shown = |column: &str| match row["unit"].as_str() {
            "amount" => units(&row[&format!("{column}amount")]).to_string(),
            _ => row[&format!("{column}value")].clone(),
        };
        assert_eq!((shown(""), shown("previous_")), (now[&key].clone(), before[&key].clone()), "{row:?}");
        if row["unit"] == "amount" {
            assert_eq!(units(&row["change_amount"]), units(&row["amount"]) - units(&row["previous_amount"]), "{row:?}");
        } else {
            let number = |column: &str| row[column].parse::<f64>().expect("a number");
            let difference = number("value") - number("previous_value") - number("change_value");
            assert!(difference.abs() < 1e-8, "{row:?}");
        }
    }
}

#[test]
fn a_currency_opened_or_settled_since_has_an_amount_of_nothing_and_no_ratio_of_it() {
    let dir = Dir::new();
    dir.file(
        "item.csv",
        "item_id,customer_id,kind,issued_on,due_on,currency,amount\n\
         I1,C1,invoice,2023-01-05,2023-02-04,EUR,100.00\nR1,C1,receipt,2024-03-20,,EUR,-100.00\n\
         I2,C2,invoice,2024-03-05,2024-03-20,USD,70.00\n",
    );
    dir.file("application.csv", "credit_item_id,debit_item_id,amount,applied_on\nR1,I1,100,2024-03-20\n");
    dir.ok(&["load", "item.csv", "application.csv"]);
    let headline = pack(&dir, "2024-03-31", "2024-02-29", "headline.csv");
    let found: Vec<String> = headline
        .iter()
        .filter(|row| row["metric"].starts_with("overdue") || row["metric"] == "balance")
        .map(|row| {
            let of = |columns: [&str; 3]| columns.map(|column| row[column].as_str()).join(" ");
            let amounts = of(["amount", "previous_amount", "change_amount"]);
            let values = of(["value", "previous_value", "change_value"]);
            format!("{} {}: {amounts} | {values}", row["currency"], row["metric"])
        })
        .collect();
    assert_eq!(
        found,
        [
            "EUR balance: 0.00 100.00 -100.00 |   ",
            "EUR overdue: 0.00 100.00 -100.00 |   ",
            "EUR overdue_rate:    |  1 ",
            "USD balance: 70.00 0.00 70.00 |   ",
            "USD overdue: 70.00 0.00 70.00 |   ",
            "USD overdue_rate:    | 1  ",
        ]
    );
}

#[test]
fn a_part_of_a_month_is_not_compared_with_a_whole_one() {
    let dir = Dir::new();
    let line = |no: u32, month: u32| {
        format!(
            "I{no},A,invoice,2024-{month:02}-01,2024-{month:02}-20,EUR,100\nR{no},A,receipt,2024-{month:02}-25,,EUR,-60\n"
        )
    };
    let items: String = (1..=12).map(|month| line(month, month)).collect();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,due_on,currency,amount\n{items}"));
    dir.ok(&["load", "item.csv"]);
    let cei = |as_of: &str| {
        let run = dir.run(&["show", "headline", "--as-of", as_of, "-f", "csv"]);
        (rows(&run.stdout).into_iter().find(|row| row["metric"] == "cei").expect("CEI"), run.stderr)
    };
    let (row, said) = cei("2024-12-15");
    assert!(!row["value"].is_empty() && !row["previous_value"].is_empty() && row["change_value"].is_empty(), "{row:?}");
    assert!(
        said.contains("CEI is of 2024-12-01 to 2024-12-15, part of a month, and not compared with that of"),
        "{said}"
    );
    assert!(!cei("2024-12-31").0["change_value"].is_empty());
    let trend = |arguments: &[&str]| {
        let run = dir.run(&[&["show", "cei_trend", "-f", "svg"], arguments].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout
    };
    let part = trend(&["--as-of", "2024-12-15"]);
    assert!(part.contains("The month up to 2024-12-15 is not over") && part.contains(" on 2024-11-30."), "{part}");
    let days = rows(&dir.ok(&["show", "cei_trend", "--as-of", "2024-12-15", "--from", "2024-11-15", "-f", "csv"]));
    let length = |row: &Row| {
        let day = |name: &str| row[name].parse::<chrono::NaiveDate>().expect("a day");
        (day("as_of") - day("from")).num_days()
    };
    assert!(days.iter().all(|row| length(row) == 30), "{days:?}");
    assert!(trend(&["--as-of", "2024-12-15", "--from", "2024-11-15"]).contains("CEI of 30 days up to each month end"));
    assert!(trend(&["--as-of", "2024-12-31", "--from", "2024-09-30"]).contains("CEI of 3 months at month ends"));
}
