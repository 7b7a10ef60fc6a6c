//! The shipped sample: it loads clean, gives the totals its README states, and its reports are as recorded.
//!
//! A recorded report is written anew where `DUECAST_BLESS=1` is set; read it before it is committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Dir, rows, units};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A fresh ledger of the sample.
fn sample_ledger() -> Dir {
    let dir = Dir::new();
    let samples = repository("data-samples");
    let run = dir.run(&["load", samples.to_str().expect("a path in UTF-8")]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.lines().filter(|line| line.contains(" rejected")).all(|line| line.contains(" 0 rejected")),
        "{run:?}"
    );
    dir
}

/// A table of the README under a heading: its rows, each a map from column to text.
fn readme_table(heading: &str) -> Vec<BTreeMap<String, String>> {
    let readme = std::fs::read_to_string(repository("data-samples/README.md")).expect("the README");
    let section = readme.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("no section {heading}"));
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace(',', "")).collect::<Vec<_>>();
    let mut lines = section.lines().filter(|line| line.starts_with('|')).map(cells);
    let columns = lines.next().expect("a heading line");
    lines.skip(1).map(|row| columns.iter().cloned().zip(row).collect()).collect()
}

/// Amounts of a README row by currency, in ten-thousandths; an empty cell is nothing.
fn amounts(row: &BTreeMap<String, String>) -> BTreeMap<String, i128> {
    let is_currency = |column: &String| column.len() == 3 && column.bytes().all(|b| b.is_ascii_uppercase());
    let filled = row.iter().filter(|(column, cell)| is_currency(column) && !cell.is_empty());
    filled.map(|(currency, cell)| (currency.clone(), units(cell))).collect()
}

#[test]
fn the_sample_holds_the_rows_and_sums_its_readme_states() {
    let dir = sample_ledger();
    let tables = readme_table("Rows");
    assert!(!tables.is_empty());
    let counts: Vec<String> =
        tables.iter().map(|r| format!("select '{0}' as name, count(*) as n from {0}", r["table"])).collect();
    let found: BTreeMap<_, _> = rows(&dir.ok(&["sql", &counts.join(" union all ")]))
        .into_iter()
        .map(|r| (r["name"].clone(), r["n"].clone()))
        .collect();
    let stated: BTreeMap<_, _> = tables.into_iter().map(|r| (r["table"].clone(), r["rows"].clone())).collect();
    assert_eq!(found, stated);

    let query = "select kind, currency, count(*) as n, sum(amount) as amount from item group by all";
    let mut found: BTreeMap<String, (i128, BTreeMap<String, i128>)> = BTreeMap::new();
    for r in rows(&dir.ok(&["sql", query])) {
        for kind in [r["kind"].as_str(), "all"] {
            let sum = found.entry(kind.to_owned()).or_default();
            sum.0 += units(&r["n"]) / 10_000;
            *sum.1.entry(r["currency"].clone()).or_default() += units(&r["amount"]);
        }
    }
    let stated = readme_table("Items by kind and currency");
    let stated: BTreeMap<_, _> =
        stated.iter().map(|r| (r["kind"].clone(), (units(&r["items"]) / 10_000, amounts(r)))).collect();
    assert_eq!(found, stated);
}

#[test]
fn the_sample_balance_is_the_stated_one_at_every_month_end_and_ties() {
    let dir = sample_ledger();
    let stated = readme_table("Open balance at month ends");
    let days: Vec<&str> = stated.iter().map(|r| r["on"].as_str()).collect();
    let last = days.last().expect("a month end");
    dir.ok(&["report", "--out", "pack", "--as-of", last]);
    // The pack holds the last 13 month ends; the ones before are asked for.
    let trend = std::fs::read_to_string(dir.path().join("pack/aging_trend.csv")).expect("the trend");
    let mut aging = rows(&trend);
    let shown = |on: &str| aging.iter().any(|r| r["as_of"] == on);
    let missing: Vec<&str> = days.iter().copied().filter(|on| !shown(on)).collect();
    aging.extend(missing.into_iter().flat_map(|on| rows(&dir.ok(&["aging", "--as-of", on]))));
    for row in &stated {
        let mut found: BTreeMap<String, i128> = BTreeMap::new();
        for r in aging.iter().filter(|r| r["as_of"] == row["on"]) {
            *found.entry(r["currency"].clone()).or_default() += units(&r["open_amount"]);
        }
        assert_eq!(found, amounts(row), "{}", row["on"]);
    }
    let run = dir.run(&["aging", "--as-of", last]);
    let ties = run.stderr.lines().filter(|line| line.contains(" ties: open items "));
    assert_eq!(ties.count(), 5, "one proof a currency: {run:?}");
    assert!(run.stderr.contains("The general ledger's control balances are met"), "{run:?}");
    let lines = rows(&dir.ok(&["rollforward", "--from", days[0], "--as-of", last]));
    assert!(lines.iter().filter(|r| r["line"] == "difference").all(|r| units(&r["amount"]) == 0), "{lines:?}");
}

#[test]
fn the_reports_of_the_sample_are_as_recorded() {
    let dir = sample_ledger();
    let (on, from) = (["--as-of", "2024-12-31"], ["--from", "2024-11-30"]);
    let reports: [(&str, &[&str]); 8] = [
        ("aging_by_segment.csv", &["aging", "--by", "segment"]),
        ("dso.csv", &["dso"]),
        ("rollforward.csv", &["rollforward", from[0], from[1]]),
        ("kpi.csv", &["kpi", from[0], from[1]]),
        ("overdue_bridge.csv", &["bridge", from[0], from[1], "--metric", "overdue"]),
        ("dso_bridge_customers.csv", &["bridge", from[0], from[1], "--metric", "dso", "--customers", "3"]),
        ("aging.txt", &["aging", "-f", "table"]),
        ("aging.json", &["aging", "-f", "json"]),
    ];
    let mut changed = String::new();
    for (name, arguments) in reports {
        let found = dir.ok(&[arguments, &on].concat());
        let golden = repository("tests/golden").join(name);
        if std::env::var_os("DUECAST_BLESS").is_some_and(|bless| bless == "1") {
            std::fs::write(&golden, &found).expect("the recorded report is written");
        }
        let recorded = std::fs::read_to_string(&golden).unwrap_or_default();
        if found != recorded {
            changed.push_str(&format!("--- {name} as recorded\n{recorded}\n--- {name} now\n{found}\n"));
        }
    }
    assert!(changed.is_empty(), "set DUECAST_BLESS=1 to record these anew:\n{changed}");
}
