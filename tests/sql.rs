//! Each shipped query from given rows: the `.slt` files of `tests/sql`, each on a ledger of its own.

use std::path::{Path, PathBuf};

use arrow::datatypes::DataType;
use duecast::catalog::bind::{self, Run};
use duecast::catalog::queries;
use duecast::error::Error;
use duecast::ledger::settle;
use duecast::ledger::store::Ledger;
use sqllogictest::{DBOutput, DefaultColumnType};

/// A ledger in memory, as a test file finds it.
struct Engine(Ledger);

/// A ledger with the views that a test file names, and what they read.
fn engine(test: &str) -> Result<Engine, Error> {
    let ledger = Ledger::in_memory()?;
    let is_named = |name: &str| test.contains(name);
    let names: Vec<&str> =
        queries().values().filter(|q| q.folder != "settle" && is_named(&q.name)).map(|q| q.name.as_str()).collect();
    // With a day of knowledge, so that every view reads when rows were keyed; the test inserts its own.
    let run = Run {
        known_at: chrono::NaiveDate::from_ymd_opt(9999, 12, 30).and_then(|day| day.and_hms_opt(0, 0, 0)),
        ..Run::at_the_end()
    };
    bind::bind(&ledger, &run, &names)?;
    // A test gives the days, periods, settings and buckets itself.
    ledger.run("delete from run_date; delete from run_period; delete from run_setting; delete from bucket")?;
    Ok(Engine(ledger))
}

impl sqllogictest::DB for Engine {
    type Error = Error;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Error> {
        if sql.trim() == "settle" {
            settle::settle_in_place(&self.0)?;
            return Ok(DBOutput::StatementComplete(0));
        }
        let is_query =
            ["select", "with", "from", "describe"].iter().any(|word| sql.trim_start().to_lowercase().starts_with(word));
        if !is_query {
            self.0.run(sql)?;
            return Ok(DBOutput::StatementComplete(0));
        }
        let frame = self.0.query(sql)?;
        let types = vec![DefaultColumnType::Any; frame.schema.fields().len()];
        let is_number: Vec<bool> =
            frame.schema.fields().iter().map(|f| matches!(f.data_type(), DataType::Float64)).collect();
        let shown = |(at, cell): (usize, Option<String>)| match cell {
            None => "NULL".to_owned(),
            Some(text) if text.is_empty() => "(empty)".to_owned(),
            Some(text) if is_number[at] => rounded(&text),
            Some(text) => text,
        };
        let rows = frame.texts()?.into_iter().map(|row| row.into_iter().enumerate().map(shown).collect()).collect();
        Ok(DBOutput::Rows { types, rows })
    }
}

/// A floating-point cell as the files write it: at most 12 significant digits.
fn rounded(text: &str) -> String {
    let number: f64 = text.parse().unwrap_or(f64::NAN);
    let short = format!("{number:.11e}").parse::<f64>().unwrap_or(number);
    short.to_string()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("tests/sql").map(|e| e.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "slt"));
    files.sort();
    files
}

#[test]
fn every_query_gives_the_expected_rows() {
    let files = files();
    assert!(!files.is_empty());
    let mut failed = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a test file");
        let mut runner = sqllogictest::Runner::new(|| async { engine(&text) });
        if let Err(error) = runner.run_file(file) {
            failed.push(error.display(false).to_string());
        }
    }
    assert!(failed.is_empty(), "{} of {} files failed:\n{}", failed.len(), files.len(), failed.join("\n\n"));
}
