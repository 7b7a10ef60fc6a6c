//! The promises the generator makes about its books.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tables::CONTRACT;
use super::*;

type Row = BTreeMap<String, String>;

fn made(item_count: u64, seed: u64) -> (tempfile::TempDir, Summary) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let options = Options { fraud_rate: 0.2, ..Options::new(item_count, seed) };
    let summary = generate(&options, folder.path(), &mut |_| ()).expect("a book");
    (folder, summary)
}

fn rows(folder: &Path, table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).expect("the table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Hundredths of an amount as the files have it.
fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    format!("{whole}{part:0<2}").parse().expect("an amount with at most two decimals")
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file"));
    files.map(|f| (f.file_name().to_string_lossy().into_owned(), std::fs::read(f.path()).expect("its bytes"))).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_does_not() {
    let ((first, _), (again, _), (other, _)) = (made(1_500, 7), made(1_500, 7), made(1_500, 8));
    assert!(bytes(first.path()) == bytes(again.path()));
    assert!(bytes(first.path())["item.csv"] != bytes(other.path())["item.csv"]);
}

#[test]
fn every_table_of_the_contract_has_rows_and_the_truth_counts_them() {
    let (folder, summary) = made(8_000, 1);
    assert!((7_200..9_200).contains(&summary.tables[0].row_count), "{}", summary.tables[0].row_count);
    for ((table, _), count) in CONTRACT.iter().zip(&summary.tables) {
        let found = rows(folder.path(), table).len() as u64;
        assert_eq!((*table, found), (count.table, count.row_count));
        assert!(found > 0, "{table} is empty");
    }
    assert_eq!(bytes(folder.path()).len(), CONTRACT.len() + 3);
}

#[test]
fn ids_are_unique_and_signs_agree_with_kinds() {
    let (folder, summary) = made(5_000, 2);
    let items = rows(folder.path(), "item");
    let ids: BTreeSet<&str> = items.iter().map(|item| item["item_id"].as_str()).collect();
    assert_eq!(ids.len(), items.len());
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for item in &items {
        let (kind, amount) = (item["kind"].as_str(), cents(&item["amount"]));
        let is_credit = ["receipt", "credit_note", "write_off", "down_payment"].contains(&kind);
        assert!(if is_credit { amount < 0 } else { amount > 0 }, "{item:?}");
        assert!(is_credit || item["due_on"] >= item["issued_on"], "{item:?}");
        assert!(item["posted_on"] >= item["issued_on"], "{item:?}");
        *sums.entry((kind, item["currency"].as_str())).or_default() += amount;
    }
    for sum in &summary.sums {
        assert_eq!(i128::from(sums[&(sum.kind, sum.currency)]) * 100, sum.amount.units(), "{sum:?}");
    }
}

#[test]
fn an_item_is_handed_on_once_to_each_stage() {
    // Books in which items paid in parts stop being paid part by part.
    for seed in [2, 9, 17] {
        let (folder, _) = made(5_000, seed);
        let placements = rows(folder.path(), "placement");
        let stages: BTreeSet<(&str, &str)> =
            placements.iter().map(|row| (row["item_id"].as_str(), row["stage"].as_str())).collect();
        assert_eq!(stages.len(), placements.len(), "seed {seed}");
    }
}

#[test]
fn nothing_is_applied_over_or_before_it_is_posted() {
    let (folder, _) = made(5_000, 3);
    let items = rows(folder.path(), "item");
    let items: BTreeMap<&str, &Row> = items.iter().map(|item| (item["item_id"].as_str(), item)).collect();
    let mut applications = rows(folder.path(), "application");
    applications.sort_by(|a, b| a["applied_on"].cmp(&b["applied_on"]));
    let mut left: BTreeMap<&str, i64> = items.iter().map(|(id, item)| (*id, cents(&item["amount"]).abs())).collect();
    let mut days: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
    for row in &applications {
        let (credit, debit) = (items[row["credit_item_id"].as_str()], items[row["debit_item_id"].as_str()]);
        assert!(row["applied_on"] >= credit["posted_on"] && row["applied_on"] >= debit["posted_on"], "{row:?}");
        assert_eq!(row["credit_amount"].is_empty(), credit["currency"] == debit["currency"], "{row:?}");
        let credit_amount = if row["credit_amount"].is_empty() { &row["amount"] } else { &row["credit_amount"] };
        for (id, amount) in [(&credit["item_id"], credit_amount), (&debit["item_id"], &row["amount"])] {
            days.entry(id.as_str()).or_default().push((row["applied_on"].as_str(), cents(amount)));
        }
    }
    for (id, of_item) in days {
        for of_day in of_item.chunk_by(|a, b| a.0 == b.0) {
            let left = left.get_mut(id).expect("an item of the book");
            *left -= of_day.iter().map(|(_, cents)| cents).sum::<i64>();
            assert!(*left >= 0, "{id} on {}", of_day[0].0);
        }
    }
}

#[test]
fn control_balances_tie_to_the_open_amounts() {
    let (folder, summary) = made(2_000, 4);
    let items = rows(folder.path(), "item");
    let applications = rows(folder.path(), "application");
    let items: BTreeMap<&str, &Row> = items.iter().map(|item| (item["item_id"].as_str(), item)).collect();
    for balance in rows(folder.path(), "gl_balance") {
        let is_in = |item: &Row| item["company"] == balance["company"] && item["currency"] == balance["currency"];
        let posted = items.values().filter(|item| is_in(item) && item["posted_on"] <= balance["on_date"]);
        let mut open: i64 = posted.map(|item| cents(&item["amount"])).sum();
        for row in applications.iter().filter(|row| row["applied_on"] <= balance["on_date"]) {
            let credit_amount = if row["credit_amount"].is_empty() { &row["amount"] } else { &row["credit_amount"] };
            open -= if is_in(items[row["debit_item_id"].as_str()]) { cents(&row["amount"]) } else { 0 };
            open += if is_in(items[row["credit_item_id"].as_str()]) { cents(credit_amount) } else { 0 };
        }
        assert_eq!(open, cents(&balance["amount"]), "{balance:?}");
    }
    assert!(summary.balances.iter().any(|balance| balance.on_date == "2024-12-31"));
}

#[test]
fn invoice_numbers_rise_with_their_day_and_only_planted_ones_are_missing() {
    let (folder, _) = made(8_000, 5);
    let mut lost: BTreeSet<String> = BTreeSet::new();
    for case in rows(folder.path(), "truth_fraud").into_iter().filter(|case| case["pattern"] == "number_gap") {
        lost.insert(case["note"].clone());
    }
    let mut by_company: BTreeMap<String, BTreeMap<u32, String>> = BTreeMap::new();
    for item in rows(folder.path(), "item").into_iter().filter(|item| item["kind"] == "invoice") {
        let (company, number) = item["document_no"].split_once('-').expect("a company before the number");
        if let Ok(number) = number.parse() {
            by_company.entry(company.to_owned()).or_default().insert(number, item["issued_on"].clone());
        }
    }
    for (company, numbers) in by_company {
        let first = 90_000_001;
        let last = *numbers.keys().next_back().expect("an invoice");
        for number in (first..=last).filter(|number| !numbers.contains_key(number)) {
            assert!(lost.contains(&format!("{company}-{number}")), "{company}-{number} is missing");
        }
        assert!(numbers.values().is_sorted(), "{company}");
    }
}

#[test]
fn options_out_of_range_say_what_is_expected() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let refused = |options: Options| {
        let result = generate(&options, folder.path(), &mut |_| ());
        result.expect_err("options out of range").to_string()
    };
    assert!(refused(Options::new(0, 1)).starts_with("--items 0:"));
    assert!(refused(Options { day_count: 3, ..Options::new(10, 1) }).contains("31 to 7305"));
    assert!(refused(Options { start_on: NaiveDate::MAX, ..Options::new(10, 1) }).contains("1971 to 2199"));
    assert!(refused(Options { fraud_rate: f64::NAN, ..Options::new(10, 1) }).contains("0.02"));
}

#[test]
fn a_book_of_one_item_or_one_month_or_twenty_years_is_a_book() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (item_count, day_count, fraud_rate) in [(1, 31, 1.0), (300, 31, 1.0), (300, 7_305, 0.5), (2_000, 90, 0.0)] {
        let options = Options { day_count, fraud_rate, ..Options::new(item_count, 9) };
        let summary = generate(&options, folder.path(), &mut |_| ()).expect("a book");
        assert!(summary.tables[0].row_count >= item_count / 2, "{item_count} items in {day_count} days");
    }
}

#[test]
fn progress_is_told_up_to_the_last_item() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut told = Vec::new();
    let summary = generate(&Options::new(1_000, 1), folder.path(), &mut |count| told.push(count)).expect("a book");
    assert_eq!(told.last(), Some(&summary.tables[0].row_count));
}
