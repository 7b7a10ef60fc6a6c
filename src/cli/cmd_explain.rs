//! `explain METRIC`: what a figure means; with `--as-of`, the figure; with `--rows`, the rows behind it.

use std::path::Path;

use super::args::ExplainArgs;
use super::output::{self, Output};
use super::{cmd_metrics, cmd_report, options};
use crate::domain::period::last_month_end;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::metrics::dictionary::{self, Entry};
use crate::render::{Format, RenderOptions, render, wrapped};
use crate::reports::{Context, figure, forecast, rows_behind};
use crate::sheet::Sheet;
use crate::staging::mapping::near;

/// Widest line of prose.
const PROSE_WIDTH: usize = 100;
const INDENT: &str = "  ";

/// What is explained besides the figures.
const PAYMENT_CURVE: &str = "payment_curve";

pub(super) fn run(ledger: &Path, args: &ExplainArgs) -> Result<Outcome, Error> {
    if args.metric == PAYMENT_CURVE {
        return payment_curve(ledger, args);
    }
    let entry = dictionary::find(&args.metric).ok_or_else(|| unknown(&args.metric))?;
    let output = Output::resolve(&args.output)?;
    // What a figure means is prose, in a pipe too, unless a form is asked for.
    let is_prose = output.format == Format::Table || (args.output.format.is_none() && args.output.output.is_none());
    let Some(as_of) = &args.as_of else {
        if is_prose {
            let rows = format!("\nThe rows behind it\n{INDENT}duecast explain {} --as-of DATE --rows\n", entry.metric);
            output.write_bytes((described(&entry) + &rows).as_bytes())?;
        } else {
            cmd_report::finish(&cmd_metrics::sheet(&[entry])?, &output)?;
        }
        return Ok(Outcome::Done);
    };
    let from = args.from.clone().map_or_else(|| options::day(as_of).map(last_month_end), |from| options::day(&from))?;
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

/// When a customer pays, against its segment and the book.
fn payment_curve(ledger: &Path, args: &ExplainArgs) -> Result<Outcome, Error> {
    let (Some(as_of), [customer]) = (&args.as_of, args.settings.customer.as_slice()) else {
        return Err(Error::usage(
            "explain payment_curve shows when one customer pays: --customer ID --as-of DATE; docs/forecast.md says how curves are made",
        ));
    };
    let output = Output::resolve(&args.output)?;
    let ledger = Ledger::open(ledger)?;
    let run = options::run_on(as_of, None, &args.settings)?;
    let context = Context { ledger: &ledger, run, show_all: false };
    cmd_report::finish(&forecast::curve(&context, customer)?, &output)?;
    Ok(Outcome::Done)
}

fn unknown(metric: &str) -> Error {
    let entries = dictionary::entries();
    // The headline has two amounts that are no figure of their own.
    let hint = match metric {
        "balance" | "overdue" => {
            "; duecast aging has it, and explain overdue_rate tells what of it is overdue".to_owned()
        }
        _ => near::hint(metric, entries.iter().map(|entry| entry.metric.as_str())),
    };
    Error::usage(format!("{metric}: no such figure (duecast metrics lists them all){hint}"))
}

/// What is said of a figure, under its headings.
fn parts(entry: &Entry) -> [(&'static str, Vec<&str>); 6] {
    [
        ("What it is", vec![&entry.definition]),
        ("Formula", vec![&entry.formula]),
        ("Source", vec![&entry.source]),
        ("When it misleads", entry.caveats.iter().map(String::as_str).collect()),
        ("Report", vec![&entry.report]),
        ("Computed in", vec![&entry.query_path]),
    ]
}

fn described(entry: &Entry) -> String {
    let width = output::terminal_width().unwrap_or(PROSE_WIDTH).min(PROSE_WIDTH);
    let mut text = format!("{} ({}; unit: {})\n", entry.title, entry.metric, entry.unit);
    for (heading, said) in parts(entry) {
        text.push_str(&format!("\n{heading}\n"));
        let (first, rest) = if said.len() > 1 { ("- ", "  ") } else { ("", "") };
        for said in said {
            for (at, line) in wrapped(said, width.saturating_sub(INDENT.len() + first.len())).iter().enumerate() {
                text.push_str(&format!("{INDENT}{}{line}\n", if at == 0 { first } else { rest }));
            }
        }
    }
    text
}

/// The same beside a figure in a form of data.
fn noted(sheet: Sheet, entry: &Entry) -> Sheet {
    parts(entry)
        .into_iter()
        .fold(sheet, |sheet, (heading, said)| sheet.noted(format!("{heading}: {}", said.join("; "))))
}
