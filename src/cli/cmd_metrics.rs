//! `metrics`: the data dictionary.

use super::args::MetricsArgs;
use super::cmd_report;
use super::output::Output;
use crate::error::{Error, Outcome};
use crate::metrics::dictionary;
use crate::sheet::{Cell, Column, Kind, Sheet};

pub(super) fn run(args: &MetricsArgs) -> Result<Outcome, Error> {
    let output = Output::resolve(&args.output)?;
    let names = ["metric", "unit", "report", "definition", "source", "caveat", "query"];
    let columns = names.iter().map(|name| Column::new(name, Kind::Text)).collect();
    let entries = dictionary::entries();
    let rows: Vec<Vec<Cell<'_>>> = entries
        .iter()
        .map(|e| {
            let query = &e.query_path;
            let cells = [&e.metric, &e.unit, &e.report, &e.definition, &e.source, &e.caveat, query];
            cells.map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text(text) }).to_vec()
        })
        .collect();
    cmd_report::finish(&Sheet::from_rows("metrics", "Figures and what they mean", columns, &rows)?, &output)?;
    Ok(Outcome::Done)
}
