//! `items`, `aging`, `rollforward`, `dso`, `kpi`, `show`, `bridge`: one report.

use std::path::Path;

use super::args::{BridgeArgs, ItemsArgs, PeriodArgs, ReportArgs, ShowArgs};
use super::output::{Output, say};
use super::{filter_values, options, progress::Progress};
use crate::catalog::bind::Run;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::models::parallel::both;
use crate::reports::proof::{self, Proof};
use crate::reports::{self, Context, bridge};
use crate::sheet::Sheet;

pub(super) fn run(ledger: &Path, name: &str, args: &ReportArgs) -> Result<Outcome, Error> {
    report(ledger, name, options::run(&args.scope, None)?, false, &Output::resolve(&args.output)?)
}

pub(super) fn period(ledger: &Path, name: &str, args: &PeriodArgs) -> Result<Outcome, Error> {
    let run = options::run(&args.report.scope, Some(&args.from))?;
    report(ledger, name, run, false, &Output::resolve(&args.report.output)?)
}

pub(super) fn items(ledger: &Path, args: &ItemsArgs) -> Result<Outcome, Error> {
    let run = options::run(&args.report.scope, None)?;
    report(ledger, "items", run, args.all, &Output::resolve(&args.report.output)?)
}

pub(super) fn show(ledger: &Path, args: &ShowArgs) -> Result<Outcome, Error> {
    let run = options::run_of_pack(&args.report.scope, args.from.as_deref())?;
    report(ledger, &args.name, run, false, &Output::resolve(&args.report.output)?)
}

pub(super) fn bridge(ledger: &Path, args: &BridgeArgs) -> Result<Outcome, Error> {
    let metric = bridge::Metric::parse(&args.metric)?;
    let PeriodArgs { from, report } = &args.period;
    let run = options::run(&report.scope, Some(from))?;
    let make = |context: &Context<'_>| bridge::make(context, metric, args.customers.map(usize::from));
    proved(ledger, "bridge", run, false, &Output::resolve(&report.output)?, make)
}

fn report(ledger: &Path, name: &str, run: Run, show_all: bool, output: &Output) -> Result<Outcome, Error> {
    let report = reports::find(name).ok_or_else(|| Error::internal(format!("no report {name}")))?;
    proved(ledger, name, run, show_all, output, report.make)
}

/// Makes a report, puts the proof of the ledger before it and writes it.
pub(super) fn proved(
    ledger: &Path,
    name: &str,
    run: Run,
    show_all: bool,
    output: &Output,
    make: impl Fn(&Context<'_>) -> Result<Sheet, Error>,
) -> Result<Outcome, Error> {
    proved_on(&Ledger::open(ledger)?, name, run, show_all, output, make)
}

/// As [`proved`], on a ledger that is open already. What it is proved with is read while it is made.
pub(super) fn proved_on(
    ledger: &Ledger,
    name: &str,
    run: Run,
    show_all: bool,
    output: &Output,
    make: impl Fn(&Context<'_>) -> Result<Sheet, Error>,
) -> Result<Outcome, Error> {
    let is_of_balance = proof::is_of_balance(name, &run);
    let (beside, beside_run) = (ledger.beside()?, run.clone());
    let context = Context { ledger, run, show_all };
    let progress = Progress::start();
    progress.step(name);
    let grounds = move || proof::grounds(&Context { ledger: &beside, run: beside_run, show_all }, is_of_balance);
    let (grounds, sheet) = both(grounds, || make(&context));
    drop(progress);
    let mut sheet = with_chart(sheet?, output)?;
    sheet.notes.splice(0..0, filter_values::unknown(ledger, &context.run.filters)?);
    let proof = grounds?.prove(&context.run, is_of_balance.then_some(&sheet)).led_by(&sheet);
    write(sheet, proof, output)
}

/// A sheet, if a chart is asked for one that has it.
fn with_chart(sheet: Sheet, output: &Output) -> Result<Sheet, Error> {
    if output.is_chart() && sheet.chart.is_none() { Err(no_chart(&sheet.name)) } else { Ok(sheet) }
}

fn write(mut sheet: Sheet, proof: Proof, output: &Output) -> Result<Outcome, Error> {
    sheet.alerts = proof.alerts;
    sheet.notes.splice(0..0, proof.lines);
    finish(&sheet, output)?;
    Ok(if proof.holds { Outcome::Done } else { Outcome::Findings })
}

/// What to ask for instead of a chart that is not there.
fn no_chart(name: &str) -> Error {
    if reports::CHARTED.contains(&name) {
        return Error::usage(format!(
            "{name} has a chart only where it is not split: leave out --by, or use -f table, csv, json, parquet or xlsx"
        ));
    }
    let charted = reports::CHARTED.join(", ");
    let by_day = if name == "targets" { " (duecast targets --days has one)" } else { "" };
    Error::usage(format!(
        "{name} has no chart{by_day}: use -f table, csv, json, parquet or xlsx. With a chart there are {charted}"
    ))
}

/// Writes a sheet, its notes beside it where the format has no place for them.
pub(super) fn finish(sheet: &Sheet, output: &Output) -> Result<(), Error> {
    if !output.shows_notes() {
        for note in sheet.alerts.iter().chain(&sheet.notes) {
            say(note);
        }
    }
    output.write(sheet)
}
