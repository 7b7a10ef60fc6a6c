//! How good forecasts are: cash by week of two books of real items, the billing forecaster on the weekly series of M4, and a
//! generated book with all tables, each beside what people forecast with today.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{Days, Months, NaiveDate};
use duckdb::Connection;
use duecast::catalog::bind::Run;
use duecast::ledger::store::Ledger;
use duecast::models::forecast::backtest::{Method, Replay, Scored, stated_by_all};
use duecast::models::forecast::baselines::Baseline;
use duecast::models::forecast::book::{Day, Origin};
use duecast::models::forecast::horizon::WeekStart;
use duecast::models::forecast::new_billing;
use duecast::models::forecast::score::{Point, Score};
use duecast::models::forecast::{Band, Settings};
use duecast::reports::forecast::read::{self, Reading, day_number};

/// Days of history that the reports read.
const HISTORY_DAYS: u64 = 1096;
/// Days after posting that the items of highradius are taken to be due: the file has no posting dates.
const TERMS_DAYS: u32 = 15;
const GENERATED_ITEMS: &str = "100000";
const SEEDS: [u64; 2] = [7, 8];
/// Groups of weeks that are scored together.
const HORIZONS: [(usize, usize); 3] = [(1, 4), (5, 8), (9, 13)];
/// Weeks that M4 forecasts of each weekly series, and weeks of a year.
const M4_WEEKS: usize = 13;
const YEAR_WEEKS: usize = 52;

/// Measures and prints.
pub(crate) fn run() {
    println!("| what | forecasts | duecast | to reach | due date | mean delay | cohort curve |");
    println!("|---|---|---|---|---|---|---|");
    let mut stated = Vec::new();
    stated.extend(real_book("highradius", Marks::LeftOut, "2019-03-31", 7, "≤ 0.075"));
    stated.extend(real_book("ibm", Marks::LeftOut, "2012-09-30", 12, "≤ 0.155"));
    real_book("ibm", Marks::Kept, "2012-09-30", 12, "≤ 0.155");
    if !stated.is_empty() {
        let coverage = Score::of(&stated).coverage.map_or(String::new(), |share| format!("{:.1}%", 100.0 * share));
        println!("| coverage of the 80% interval, both | {} | {coverage} | 72–88% | | | |", stated.len());
    }
    m4();
    println!("\n| seed | weeks | score | duecast | best baseline | which | ratio | to reach |");
    println!("|---|---|---|---|---|---|---|---|");
    SEEDS.into_iter().for_each(generated);
}

/// A folder of real data, beside the repository; says so where it is not there.
fn real_data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.is_dir() {
        println!("| {folder}: not on this machine | | | | | | |");
        return None;
    }
    Some(path)
}

/// Prints the row of a book of real items and gives duecast's weeks.
fn real_book(name: &str, marks: Marks, first: &str, month_ends: u32, to_reach: &str) -> Vec<Point> {
    let Some(source) = real_data(name) else { return Vec::new() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_items(name, &source, folder.path(), marks);
    duecast(folder.path(), &["load", "item.csv", "application.csv"]);
    let settings = Settings { is_open_only: true, ..Settings::default() };
    let (_, scored) = replayed(folder.path(), first, month_ends, 4, settings);
    let of = |method| points(&scored, method, |_| true, |_| 1.0);
    let wape = |method| Score::of(&of(method)).wape.map_or(String::new(), |wape| format!("{wape:.3}"));
    let ours = of(Method::Duecast);
    let others = [Baseline::DueDate, Baseline::MeanDelay, Baseline::CohortCurve].map(|m| wape(Method::Baseline(m)));
    let (count, measured, others) = (ours.len(), wape(Method::Duecast), others.join(" | "));
    let name = if marks == Marks::Kept { format!("{name} with its dispute marks") } else { name.to_owned() };
    println!("| {name}, WAPE of weeks 1–4, open items | {count} | {measured} | {to_reach} | {others} |");
    ours
}

/// Whether a book has the dispute marks of its source, which tell on every past day what was found out later.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    LeftOut,
    Kept,
}

/// The items of a source with their receipts, one for each: what is settled came that day in full.
fn write_items(name: &str, source: &Path, to: &Path, marks: Marks) {
    let engine = Connection::open_in_memory().expect("the engine");
    let (file, columns) = match name {
        "highradius" => (
            "closed_dev_32000.csv",
            format!(
                "ltrim(cust_number, '0') as customer, cast(total_open_amount as decimal(18,2)) as amount,
                cast(due_in_date as date) as due_on, cast(due_in_date as date) - {TERMS_DAYS} as posted_on,
                cast(clear_date as date) as paid_on, false as is_marked"
            ),
        ),
        _ => (
            "WA_Fn-UseC_-Accounts-Receivable.csv",
            "customerID as customer, cast(InvoiceAmount as decimal(18,2)) as amount,
            cast(strptime(DueDate, '%m/%d/%Y') as date) as due_on,
            cast(strptime(InvoiceDate, '%m/%d/%Y') as date) as posted_on,
            cast(strptime(SettledDate, '%m/%d/%Y') as date) as paid_on, Disputed = 'Yes' as is_marked"
                .to_owned(),
        ),
    };
    let (file, to) = (source.join(file), to.display());
    let is_disputed = if marks == Marks::Kept { "is_marked" } else { "false" };
    let sql = format!(
        "create table bill as select row_number() over () as no, {columns}
            from read_csv('{}', all_varchar = true);
        delete from bill where amount = 0;
        copy (select * from (
            select 'I' || no as item_id, customer as customer_id, 'invoice' as kind, posted_on as issued_on, posted_on, due_on,
                'USD' as currency, amount, {is_disputed} as is_disputed from bill
            union all
            select 'R' || no, customer, 'receipt', paid_on, paid_on, null, 'USD', -amount, false from bill
        ) order by item_id) to '{to}/item.csv' (header);
        copy (select 'A' || no as application_id, 'R' || no as credit_item_id, 'I' || no as debit_item_id, amount,
            paid_on as applied_on from bill order by no) to '{to}/application.csv' (header);",
        file.display()
    );
    engine.execute_batch(&sql).expect("the items");
}

/// Forecasts made at month ends, as the book was known then, and what came in so many weeks.
fn replayed(folder: &Path, first: &str, month_ends: u32, weeks: usize, settings: Settings) -> (Reading, Vec<Scored>) {
    let first: NaiveDate = first.parse().expect("a day");
    let month_end = |months| first + Days::new(1) + Months::new(months) - Days::new(1);
    let origins: Vec<NaiveDate> = (0..month_ends).map(month_end).collect();
    let last = origins[origins.len() - 1] + Days::new(7 * weeks as u64);
    let span = (last - first).num_days().unsigned_abs();
    let ledger = Ledger::open(&folder.join("ledger.duckdb")).expect("the ledger");
    let reading = read::read(&ledger, &Run::on(last, None), HISTORY_DAYS + span).expect("the book");
    let replay = Replay {
        last: day_number(last),
        seen: Origin::with_hindsight(day_number(last)),
        weeks,
        start: WeekStart::Next,
        settings,
    };
    let origins: Vec<Day> = origins.into_iter().map(day_number).collect();
    let scored = replay.run(&reading.book, &origins);
    (reading, scored)
}

/// The totals that a method forecast for some weeks, each scope's at a rate.
fn points(
    scored: &[Scored],
    method: Method,
    is_meant: impl Fn(&Scored) -> bool,
    rate: impl Fn(usize) -> f64,
) -> Vec<Point> {
    let of_method = scored.iter().filter(|s| s.method == method && s.line.is_none() && is_meant(s));
    let converted = |s: &Scored| {
        let (rate, Band { mean, p10, p50, p90, .. }) = (rate(s.scope), s.point.band);
        let band = Band { mean: rate * mean, p10: rate * p10, p50: rate * p50, p90: rate * p90, ..Band::default() };
        Point { actual: rate * s.point.actual, band, ..s.point }
    };
    of_method.map(converted).collect()
}

/// Prints the mean sMAPE of the weekly series of M4.
fn m4() {
    let Some(source) = real_data("m4_weekly") else { return };
    let [past, future] = ["train", "test"].map(|part| series(&source.join(format!("Weekly-{part}.csv"))));
    let smape = |(past, came): (&Vec<f64>, &Vec<f64>)| {
        let made = new_billing::forecast(past, M4_WEEKS, Some(YEAR_WEEKS));
        let error = |(made, came): (&f64, &f64)| 200.0 * (made - came).abs() / (made.abs() + came.abs());
        made.mean.iter().zip(came).map(error).sum::<f64>() / came.len() as f64
    };
    let all: Vec<f64> = past.iter().zip(&future).map(smape).collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    println!("| billing forecaster on M4 weekly, sMAPE | {} | {mean:.2} | ≤ 8.7 | | | |", all.len());
}

fn series(file: &Path) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(file).expect("the series");
    let values = |line: &str| line.split(',').skip(1).filter_map(|cell| cell.trim_matches('"').parse().ok()).collect();
    text.lines().skip(1).map(values).collect()
}

/// Prints the scores of a generated book by horizon, all currencies in one at the book's last rates.
fn generated(seed: u64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let number = seed.to_string();
    duecast(folder.path(), &["generate", "--items", GENERATED_ITEMS, "--seed", &number, "--out", "book"]);
    duecast(folder.path(), &["load", "book"]);
    let (reading, scored) = replayed(folder.path(), "2023-10-31", 12, 13, Settings::default());
    let rates = rates(&folder.path().join("book/fx_rate.csv"));
    let rate = |scope: usize| rates.get(&reading.scopes[scope].0).copied().unwrap_or(1.0);
    let totals: Vec<&Scored> = scored.iter().filter(|s| s.line.is_none()).collect();
    let alike = stated_by_all(&totals);
    for (from, to) in HORIZONS {
        let is_meant = |s: &Scored| (from..=to).contains(&(s.week + 1));
        let is_alike = |s: &Scored| is_meant(s) && alike.contains(&(s.origin, s.scope, s.week));
        let of = |method| {
            let pinball = Score::of(&points(&scored, method, is_alike, rate)).pinball;
            Score { pinball, ..Score::of(&points(&scored, method, is_meant, rate)) }
        };
        let ours = of(Method::Duecast);
        let others = Baseline::ALL.map(|baseline| (baseline, of(Method::Baseline(baseline))));
        for (name, score) in [("WAPE", (|s| s.wape) as fn(&Score) -> Option<f64>), ("pinball", |s| s.pinball)] {
            let best = others.iter().filter_map(|(baseline, s)| Some((score(s)?, baseline.name())));
            let Some((best, which)) = best.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let own = score(&ours).unwrap_or(f64::NAN);
            println!("| {seed} | {from}–{to} | {name} | {own:.4} | {best:.4} | {which} | {:.2} | < 1 |", own / best);
        }
    }
    let ours = Score::of(&points(&scored, Method::Duecast, |_| true, rate)).coverage.unwrap_or_default();
    println!("| {seed} | 1–13 | coverage of the 80% interval | {:.1}% | | | | |", 100.0 * ours);
}

/// Euro for one unit of each currency on the last day.
fn rates(file: &Path) -> BTreeMap<String, f64> {
    let engine = Connection::open_in_memory().expect("the engine");
    let sql = format!(
        "select from_currency, arg_max(rate, on_date) from read_csv('{}') where to_currency = 'EUR' group by 1",
        file.display()
    );
    let mut statement = engine.prepare(&sql).expect("a query");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("the rates");
    rows.map(|row| row.expect("a rate")).collect()
}

/// Runs duecast. Exit code 1 is an answer with findings.
fn duecast(folder: &Path, arguments: &[&str]) {
    let run = Command::new(env!("CARGO_BIN_EXE_duecast")).args(arguments).current_dir(folder).output();
    let run = run.expect("duecast starts");
    assert!(run.status.code().is_some_and(|code| code < 2), "duecast {arguments:?}: {run:?}");
}
