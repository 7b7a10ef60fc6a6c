//! Measures duecast against DuckDB itself on generated ledgers, and prints a table of ratios; see benches/README.md.
//!
//! `cargo bench -- 0.1 1 10` takes sizes in millions of items; without sizes, 0.1 and 1. `cargo bench -- targets` measures how
//! good the chances to reach targets are instead, `cargo bench -- forecast` how good forecasts are.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

mod forecast;
mod targets;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use duckdb::Connection;
use duecast::catalog::bind::Run;
use duecast::ledger::store::Ledger;
use duecast::reports::{Context, pack};

/// As the program has, so that the yardsticks run on the same memory.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The day asked for: three quarters through the generated two years.
const AS_OF: &str = "2024-06-30";
const FROM: &str = "2024-05-31";

/// Loads of which the best counts.
const LOADS: usize = 3;

/// Rounds of reports of which the best counts.
const ROUNDS: usize = 5;

/// What a run of duecast took.
struct Measured {
    took: Duration,
    peak_mib: u64,
}

impl Measured {
    /// Keeps the shorter time and the higher peak of this and another run.
    fn take(&mut self, other: &Self) {
        self.took = self.took.min(other.took);
        self.peak_mib = self.peak_mib.max(other.peak_mib);
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "targets") {
        return targets::run();
    }
    if std::env::args().any(|argument| argument == "forecast") {
        return forecast::run();
    }
    if let Some(folder) = std::env::args().skip_while(|argument| argument != HAND_WRITTEN).nth(1) {
        return hand_written(Path::new(&folder));
    }
    let sizes: Vec<f64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![0.1, 1.0] } else { sizes };
    let mut tables = Vec::new();
    for millions in sizes {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tables.push((millions, measure(folder.path(), millions)));
    }
    print(&tables);
}

/// Measures one size: rows of what, seconds, ratio to the yardstick, target, peak memory.
fn measure(folder: &Path, millions: f64) -> Vec<[String; 5]> {
    let count = format!("{}", (millions * 1e6) as u64);
    let (csv, parquet) = (folder.join("csv"), folder.join("parquet"));
    duecast(folder, &["generate", "--items", &count, "--seed", "1", "--out", "all"]);
    for (made, ending) in [(&csv, "csv"), (&parquet, "parquet")] {
        std::fs::create_dir(made).expect("a folder");
        for table in ["item", "application"] {
            let to = made.join(format!("{table}.{ending}"));
            let from = folder.join(format!("all/{table}.csv"));
            if ending == "csv" {
                std::fs::rename(from, to).expect("a move")
            } else {
                as_parquet(&csv.join(format!("{table}.csv")), &to)
            }
        }
    }
    let mut rows = Vec::new();
    for (files, ending, names, target) in [
        (&csv, "csv", ["DuckDB reads the two CSVs", "load from CSV"], "≤ 2"),
        (&parquet, "parquet", ["DuckDB reads the two Parquet files", "load from Parquet"], ""),
    ] {
        let (plain, load) = loads(folder, files, ending);
        rows.push(row(names[0], plain, plain, "", None));
        rows.push(row(names[1], load.took, plain, target, Some(load.peak_mib)));
    }
    rows.extend(reports(folder));
    rows
}

/// What each report is run as, and what its time is to reach.
const REPORTS: [(&str, &[&str], &str); 6] = [
    ("aging --by customer", &["aging", "--by", "customer", "--as-of", AS_OF], "≤ 0.5"),
    (
        "aging --by customer, as known at the day",
        &["aging", "--by", "customer", "--as-of", AS_OF, "--known-at", AS_OF],
        "",
    ),
    ("forecast, 13 weeks", &["forecast", "--as-of", AS_OF], "≤ 5 × aging"),
    ("dso, all methods", &["dso", "--as-of", AS_OF], ""),
    ("kpi", &["kpi", "--from", FROM, "--as-of", AS_OF], ""),
    ("report, the whole pack", &["report", "--out", "pack", "--from", FROM, "--as-of", AS_OF], "≤ 10 + files"),
];

/// The yardstick of reports and the reports, taken in turn round by round, so that both meet the machine as it is: the best of
/// five rounds of each.
fn reports(folder: &Path) -> Vec<[String; 5]> {
    let mut by_hand = [Duration::MAX; 2];
    let mut pack = [Duration::MAX; 2];
    let mut best = [const { Measured { took: Duration::MAX, peak_mib: 0 } }; REPORTS.len()];
    for _ in 0..ROUNDS {
        by_hand = shorter(by_hand, hand_written_times(folder));
        for (best, (_, arguments, _)) in best.iter_mut().zip(REPORTS) {
            let arguments: Vec<&str> =
                ["--ledger", "csv.duckdb"].into_iter().chain(arguments.iter().copied()).collect();
            best.take(&duecast(folder, &arguments));
        }
        pack = shorter(pack, pack_parts(folder));
    }
    let yardstick = by_hand[0];
    let plain = |name: &str, took: Duration, target: &str| row(name, took, yardstick, target, None);
    let mut rows = vec![
        plain("hand-written ageing query", yardstick, ""),
        plain("the same, asked again in one process", by_hand[1], ""),
    ];
    for (best, (name, _, target)) in best.iter().zip(REPORTS) {
        rows.push(row(name, best.took, yardstick, target, Some(best.peak_mib)));
    }
    rows.extend([plain("of the pack: its reports", pack[0], "≤ 10"), plain("of the pack: its files", pack[1], "")]);
    rows
}

/// The shorter of each of two times.
fn shorter(one: [Duration; 2], other: [Duration; 2]) -> [Duration; 2] {
    [one[0].min(other[0]), one[1].min(other[1])]
}

/// What the engine's own load takes and what duecast's does, taken in turn: the best of three runs of each, and the highest peak.
fn loads(folder: &Path, files: &Path, ending: &str) -> (Duration, Measured) {
    let ledger = format!("{ending}.duckdb");
    let (mut plain, mut best) = (Duration::MAX, Measured { took: Duration::MAX, peak_mib: 0 });
    for _ in 0..LOADS {
        plain = plain.min(plain_load(folder, files, ending));
        std::fs::remove_file(folder.join(&ledger)).ok();
        best.take(&duecast(folder, &["--ledger", &ledger, "load", ending]));
    }
    (plain, best)
}

/// What a pack takes until its reports are made, and from then until its files are written.
fn pack_parts(folder: &Path) -> [Duration; 2] {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let started = Instant::now();
    let ledger = Ledger::open(&folder.join("csv.duckdb")).expect("the ledger");
    let context = Context { ledger: &ledger, run: Run::on(day(AS_OF), Some(day(FROM))), show_all: false };
    let made = pack::make(&context, &|_| {}).expect("the reports");
    let made_at = Instant::now();
    for file in made.files(&[], &|_| {}).expect("the files") {
        std::fs::write(folder.join("pack").join(file.name), file.bytes).expect("a file");
    }
    [made_at - started, made_at.elapsed()]
}

fn row(name: &str, took: Duration, yardstick: Duration, target: &str, peak_mib: Option<u64>) -> [String; 5] {
    let ratio = took.as_secs_f64() / yardstick.as_secs_f64();
    let peak = peak_mib.map_or(String::new(), |mib| format!("{mib}"));
    [name.to_owned(), format!("{:.2}", took.as_secs_f64()), format!("{ratio:.2}"), target.to_owned(), peak]
}

/// Runs duecast and watches its memory. Exit code 1 is an answer with findings.
fn duecast(folder: &Path, arguments: &[&str]) -> Measured {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_duecast"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("duecast starts");
    let mut peak_mib = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        peak_mib = peak_mib.max(high_water_mib(child.id()));
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.code().is_some_and(|code| code < 2), "duecast {arguments:?}: {status}");
    Measured { took: started.elapsed(), peak_mib }
}

/// Peak resident memory of a running process, from Linux; 0 elsewhere.
fn high_water_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}

fn yardstick_path(folder: &Path) -> PathBuf {
    folder.join("yardstick.duckdb")
}

fn as_parquet(from: &Path, to: &Path) {
    let engine = Connection::open_in_memory().expect("the engine");
    let sql = format!("copy (select * from read_csv('{}')) to '{}' (format parquet)", from.display(), to.display());
    engine.execute_batch(&sql).expect("a Parquet file");
}

/// The yardstick of a load: the engine's own reader into its own file, nothing checked.
fn plain_load(folder: &Path, files: &Path, ending: &str) -> Duration {
    std::fs::remove_file(yardstick_path(folder)).ok();
    let started = Instant::now();
    let engine = Connection::open(yardstick_path(folder)).expect("the engine");
    for table in ["item", "application"] {
        let file = files.join(format!("{table}.{ending}"));
        let sql = format!("create table {table} as select * from read_{ending}('{}')", file.display());
        engine.execute_batch(&sql).expect("a load");
    }
    drop(engine);
    started.elapsed()
}

/// The argument with which this program answers the hand-written query alone.
const HAND_WRITTEN: &str = "hand-written";

/// The yardstick of a report, taken as a report's time is: a program that is started, opens its file, answers and ends. Beside it
/// the time of the query alone where the file is open and its rows are in memory already.
fn hand_written_times(folder: &Path) -> [Duration; 2] {
    let started = Instant::now();
    let program = std::env::current_exe().expect("this program");
    let answer = Command::new(program).arg(HAND_WRITTEN).arg(folder).output().expect("this program runs");
    let again: u64 = String::from_utf8_lossy(&answer.stdout).trim().parse().expect("microseconds");
    let again = Duration::from_micros(again);
    [started.elapsed().saturating_sub(again), again]
}

/// Answers the hand-written query twice and prints how many microseconds the second answer took.
fn hand_written(folder: &Path) {
    let engine = Connection::open(yardstick_path(folder)).expect("the engine");
    let sql = format!(
        "with debit as (select debit_item_id as item_id, sum(amount) as amount from application
           where applied_on <= date '{AS_OF}' group by 1),
         credit as (select credit_item_id as item_id, sum(coalesce(credit_amount, amount)) as amount from application
           where applied_on <= date '{AS_OF}' group by 1),
         open as (select i.*, i.amount - coalesce(d.amount, 0) + coalesce(c.amount, 0) as open_amount
           from item i left join debit d using (item_id) left join credit c using (item_id)
           where i.posted_on <= date '{AS_OF}')
         select customer_id, currency,
           case when amount < 0 then 'unapplied' when due_on is null then 'no_due_date'
             when due_on >= date '{AS_OF}' then 'not_due' when due_on >= date '{AS_OF}' - 30 then '1-30'
             when due_on >= date '{AS_OF}' - 60 then '31-60' when due_on >= date '{AS_OF}' - 90 then '61-90'
             else '91+' end as bucket,
           count(*), sum(open_amount)
         from open where open_amount <> 0 group by all order by all"
    );
    let answer = || {
        let started = Instant::now();
        let mut statement = engine.prepare(&sql).expect("a query");
        let rows: usize = statement.query_arrow([]).expect("an answer").map(|batch| batch.num_rows()).sum();
        assert!(rows > 0);
        started.elapsed()
    };
    answer();
    println!("{}", answer().as_micros());
}

fn print(tables: &[(f64, Vec<[String; 5]>)]) {
    println!("| what | items | seconds | × yardstick | to reach | peak MiB | growth |");
    println!("|---|---|---|---|---|---|---|");
    for (at, (millions, rows)) in tables.iter().enumerate() {
        for (no, [name, seconds, ratio, target, peak]) in rows.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| tables[before].1[no][1].parse::<f64>().ok());
            let growth =
                before.zip(seconds.parse::<f64>().ok()).map_or(String::new(), |(b, s)| format!("× {:.1}", s / b));
            println!("| {name} | {millions} M | {seconds} | {ratio} | {target} | {peak} | {growth} |");
        }
    }
}
