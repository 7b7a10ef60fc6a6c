//! How good the chance to reach a target is: each target of closed months of generated books, looked at on four days of its month as
//! it was known then, against whether it was reached.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
const ITEMS: &str = "60000";
/// Closed months of 2024, the second year of a generated book, and the days of each that are looked at.
const MONTHS: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const DAYS: [u32; 4] = [4, 11, 18, 25];
/// Ranges of the chance that are told apart, in hundredths.
const RANGES: [(u32, u32); 6] = [(0, 10), (10, 30), (30, 50), (50, 70), (70, 90), (90, 100)];

/// Scope, which one and currency.
type Key = (String, String, String);

/// A chance given on a day, whether the target was reached, and whether the end was within p10 and p90.
struct Given {
    day: u32,
    chance: f64,
    is_reached: bool,
    is_within: bool,
}

/// Measures and prints.
pub(crate) fn run() {
    let mut all = Vec::new();
    for seed in SEEDS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let seed = seed.to_string();
        duecast(folder.path(), &["generate", "--items", ITEMS, "--seed", &seed, "--out", "book"]);
        duecast(folder.path(), &["load", "book"]);
        for month in MONTHS {
            all.extend(of_month(folder.path(), month));
        }
    }
    print(&all);
}

fn of_month(folder: &Path, month: u32) -> Vec<Given> {
    let start = chrono::NaiveDate::from_ymd_opt(2024, month, 1).expect("a day");
    let end = start + chrono::Months::new(1) - chrono::Days::new(1);
    let ends = rows(folder, &["--as-of", &end.to_string()]);
    let mut given = Vec::new();
    for day in DAYS {
        let on = (start + chrono::Days::new(u64::from(day - 1))).to_string();
        for (key, row) in rows(folder, &["--as-of", &on, "--known-at", &on]) {
            let number = |row: &Value, name: &str| row[name].as_f64().or_else(|| row[name].as_str()?.parse().ok());
            let Some((chance, end)) = number(&row, "reach_probability").zip(ends.get(&key)) else { continue };
            let [target, collected] = ["target_amount", "collected"].map(|name| number(end, name).unwrap_or_default());
            let [p10, p90] = ["p10_end", "p90_end"].map(|name| number(&row, name).unwrap_or_default());
            let (is_reached, is_within) = (collected >= target, (p10..=p90).contains(&collected));
            given.push(Given { day, chance, is_reached, is_within });
        }
    }
    given
}

fn rows(folder: &Path, arguments: &[&str]) -> BTreeMap<Key, Value> {
    let answer = duecast(folder, &[&["targets", "-f", "json"], arguments].concat());
    let answer: Value = serde_json::from_slice(&answer).expect("an answer in JSON");
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.map(|row| ((text(row, "scope"), text(row, "scope_id"), text(row, "currency")), row.clone())).collect()
}

/// Runs duecast and gives what it says. Exit code 1 is an answer with findings.
fn duecast(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let run = Command::new(env!("CARGO_BIN_EXE_duecast")).args(arguments).current_dir(folder).output();
    let run = run.expect("duecast starts");
    assert!(run.status.code().is_some_and(|code| code < 2), "duecast {arguments:?}: {run:?}");
    run.stdout
}

fn print(all: &[Given]) {
    println!("| chance given | times | reached |");
    println!("|---|---|---|");
    let share = |some: &[&Given], holds: fn(&Given) -> bool| {
        some.iter().filter(|given| holds(given)).count() as f64 / some.len().max(1) as f64
    };
    for (from, to) in RANGES {
        let is_in = |given: &&Given| {
            let hundredths = given.chance * 100.0;
            hundredths >= f64::from(from) && (hundredths < f64::from(to) || to == 100)
        };
        let some: Vec<&Given> = all.iter().filter(is_in).collect();
        println!("| {from}–{to}% | {} | {:.1}% |", some.len(), 100.0 * share(&some, |given| given.is_reached));
    }
    println!("\n| looked at | times | reached | Brier score | of the base rate | within p10 and p90 |");
    println!("|---|---|---|---|---|---|");
    for day in DAYS.map(Some).into_iter().chain([None]) {
        let some: Vec<&Given> = all.iter().filter(|given| day.is_none_or(|day| given.day == day)).collect();
        let reached = share(&some, |given| given.is_reached);
        let miss = |given: &&Given| (given.chance - f64::from(u8::from(given.is_reached))).powi(2);
        let brier = some.iter().map(miss).sum::<f64>() / some.len().max(1) as f64;
        let name = day.map_or("all".to_owned(), |day| format!("day {day}"));
        let within = 100.0 * share(&some, |given| given.is_within);
        let (count, base) = (some.len(), reached * (1.0 - reached));
        println!("| {name} | {count} | {:.1}% | {brier:.4} | {base:.4} | {within:.1}% |", 100.0 * reached);
    }
}
