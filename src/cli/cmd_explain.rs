//! `explain METRIC`: what a figure means; with `--rows`, the rows behind it.

use std::path::Path;

use super::args::ExplainArgs;
use super::output::{Output, answer};
use super::{cmd_report, options};
use crate::catalog::bind::Run;
use crate::domain::dimension::Dimension;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::metrics::dictionary::{self, Entry};
use crate::reports::{Context, rows_behind};

pub(super) fn run(ledger: &Path, args: &ExplainArgs) -> Result<Outcome, Error> {
    let entry = dictionary::find(&args.metric).ok_or_else(|| unknown(&args.metric))?;
    if !args.rows {
        answer(described(&entry).as_bytes())?;
        return Ok(Outcome::Done);
    }
    let output = Output::resolve(&args.output)?;
    let as_of = args.as_of.as_deref().ok_or_else(|| Error::usage("--rows needs the day: --as-of DATE"))?;
    let from_on = args.from.as_deref().map(options::day).transpose()?;
    let by = args.by.as_deref().map(Dimension::parse_list).transpose()?.unwrap_or_default();
    let ledger = Ledger::open(ledger)?;
    let run = Run { by, ..Run::on(options::day(as_of)?, from_on) };
    let context = Context { ledger: &ledger, run, show_all: true };
    let sheet = rows_behind::make(&context, &entry)?;
    if sheet.row_count() == 0 && from_on.is_none() {
        return Err(Error::usage(format!(
            "{}: no rows on that day; a figure over a period needs its start: --from DATE",
            entry.metric
        )));
    }
    cmd_report::finish(&sheet, &output)?;
    Ok(Outcome::Done)
}

fn unknown(metric: &str) -> Error {
    let near: Vec<String> = dictionary::entries()
        .into_iter()
        .map(|entry| entry.metric)
        .filter(|name| name.contains(metric) || metric.split('_').any(|word| word.len() > 2 && name.contains(word)))
        .collect();
    let hint = if near.is_empty() {
        "duecast metrics lists them all".to_owned()
    } else {
        format!("near it: {}", near.join(", "))
    };
    Error::usage(format!("{metric}: no such figure; {hint}"))
}

fn described(entry: &Entry) -> String {
    let mut text = format!("{} ({})\n\n{}\n", entry.metric, entry.unit, entry.definition);
    let parts = [
        ("Formula and source", entry.source.as_str()),
        ("When it misleads", entry.caveat.as_str()),
        ("Shown by", entry.report.as_str()),
        ("Computed in", entry.query_path.as_str()),
    ];
    for (heading, said) in parts.into_iter().filter(|(_, said)| !said.is_empty()) {
        text.push_str(&format!("\n{heading}: {said}\n"));
    }
    text.push_str(&format!(
        "\nThe rows behind it: duecast explain {} --rows --as-of DATE (and --from DATE for a figure over a period)\n",
        entry.metric
    ));
    text
}
