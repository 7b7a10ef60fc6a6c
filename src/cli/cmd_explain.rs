//! `explain METRIC`: what a figure means; with `--as-of`, the figure; with `--rows`, the rows behind it.

use std::path::Path;

use super::args::ExplainArgs;
use super::output::Output;
use super::{cmd_metrics, cmd_report, options};
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::metrics::dictionary::{self, Entry};
use crate::render::{Format, RenderOptions, render};
use crate::reports::{Context, figure, rows_behind};
use crate::sheet::Sheet;
use crate::staging::mapping::near;

pub(super) fn run(ledger: &Path, args: &ExplainArgs) -> Result<Outcome, Error> {
    let entry = dictionary::find(&args.metric).ok_or_else(|| unknown(&args.metric))?;
    let output = Output::resolve(&args.output)?;
    // What a figure means is prose, in a pipe too, unless a form is asked for.
    let is_prose = output.format == Format::Table || (args.output.format.is_none() && args.output.output.is_none());
    let Some(as_of) = &args.as_of else {
        if is_prose {
            output.write_bytes(described(&entry).as_bytes())?;
        } else {
            cmd_report::finish(&cmd_metrics::sheet(&[entry])?, &output)?;
        }
        return Ok(Outcome::Done);
    };
    let from = args
        .from
        .clone()
        .map_or_else(|| options::day(as_of).map(options::last_month_end), |from| options::day(&from))?;
    let ledger = Ledger::open(ledger)?;
    let run = options::run_on(as_of, Some(&from.to_string()), &args.settings)?;
    let context = Context { ledger: &ledger, run, show_all: true };
    if args.rows {
        cmd_report::finish(&rows_behind::make(&context, &entry)?, &output)?;
    } else if is_prose {
        let shown = render(&figure::make(&context, &entry)?, Format::Table, &RenderOptions::default())?;
        output.write_bytes(&[described(&entry).as_bytes(), b"\n", &shown].concat())?;
    } else {
        cmd_report::finish(&noted(figure::make(&context, &entry)?, &entry), &output)?;
    }
    Ok(Outcome::Done)
}

fn unknown(metric: &str) -> Error {
    let entries = dictionary::entries();
    let hint = near::hint(metric, entries.iter().map(|entry| entry.metric.as_str()));
    Error::usage(format!("{metric}: no such figure{hint}; duecast metrics lists them all"))
}

/// What is said of a figure, under its headings.
fn parts(entry: &Entry) -> [(&'static str, String); 6] {
    [
        ("What it is", entry.definition.clone()),
        ("Formula", entry.formula.clone()),
        ("Source", entry.source.clone()),
        ("When it misleads", entry.caveats.join("; ")),
        ("Shown by", format!("duecast {}", entry.report)),
        ("Computed in", entry.query_path.clone()),
    ]
}

fn described(entry: &Entry) -> String {
    let mut text = format!("{} ({}, in {})\n", entry.title, entry.metric, entry.unit);
    for (heading, said) in parts(entry) {
        text.push_str(&format!("\n{heading}: {said}\n"));
    }
    text.push_str(&format!(
        "\nThe rows behind it: duecast explain {} --rows --as-of DATE (and --from DATE for a period that is not the month)\n",
        entry.metric
    ));
    text
}

fn noted(sheet: Sheet, entry: &Entry) -> Sheet {
    parts(entry).into_iter().fold(sheet, |sheet, (heading, said)| sheet.noted(format!("{heading}: {said}")))
}
