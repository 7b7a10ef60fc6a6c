//! `metrics`: the data dictionary.

use super::args::MetricsArgs;
use super::cmd_report;
use super::output::Output;
use crate::error::{Error, Outcome};
use crate::metrics::dictionary::{self, Entry};
use crate::sheet::{Cell, Column, Kind, Sheet};

pub(super) fn run(args: &MetricsArgs) -> Result<Outcome, Error> {
    let output = Output::resolve(&args.output)?;
    cmd_report::finish(&sheet(&dictionary::entries())?, &output)?;
    Ok(Outcome::Done)
}

/// Figures, a row each: first what a narrow terminal has room for.
pub(super) fn sheet(entries: &[Entry]) -> Result<Sheet, Error> {
    let names = ["metric", "unit", "question", "title", "report", "definition", "formula", "source", "caveat", "query"];
    let columns = names.iter().map(|name| Column::new(name, Kind::Text)).collect();
    let caveats: Vec<String> = entries.iter().map(|entry| entry.caveats.join("; ")).collect();
    let mut rows = Vec::new();
    for (e, caveat) in entries.iter().zip(&caveats) {
        let short = [&e.metric, &e.unit, &e.question, &e.title, &e.report];
        let long = [&e.definition, &e.formula, &e.source, caveat, &e.query_path];
        rows.push(short.into_iter().chain(long).map(|text| Cell::Text(text)).collect::<Vec<_>>());
    }
    Sheet::from_rows("metrics", "Figures and what they mean", columns, &rows)
}
