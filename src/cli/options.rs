//! From what was written to what a run needs: dates read, buckets validated, dimensions known.

use chrono::{Local, NaiveDate};

use super::args::{ScopeArgs, SettingArgs};
use crate::catalog::bind::{Run, RunDay};
use crate::domain::bucket;
use crate::domain::dimension::{Dimension, Filter};
use crate::domain::period::{last_month_end, parse_day, parse_known_at};
use crate::error::Error;

/// A day, or `today`: the only place that asks the clock for a report's day.
pub(super) fn day(text: &str) -> Result<NaiveDate, Error> {
    if text.trim().eq_ignore_ascii_case("today") { Ok(Local::now().date_naive()) } else { parse_day(text) }
}

/// The run a report's arguments ask for.
pub(super) fn run(args: &ScopeArgs, from: Option<&str>) -> Result<Run, Error> {
    run_on(&args.as_of, from, &args.settings)
}

/// The run of a day, in the words of the command line.
pub(super) fn run_on(as_of: &str, from: Option<&str>, args: &SettingArgs) -> Result<Run, Error> {
    let as_of = day(as_of)?;
    let from_on = from.map(day).transpose()?;
    if let Some(from) = from_on
        && from >= as_of
    {
        return Err(Error::usage(format!(
            "--from {from} is not before --as-of {as_of}; the period runs from the end of --from to the end of --as-of"
        )));
    }
    let is_invoice_basis = match args.basis.as_str() {
        "due" => false,
        "invoice" => true,
        other => return Err(Error::usage(format!("--basis {other}: there are due and invoice"))),
    };
    let default = if is_invoice_basis { bucket::BY_DOCUMENT_DATE } else { bucket::BY_DUE_DATE };
    let by = args.by.as_deref().map(Dimension::parse_list).transpose()?.unwrap_or_default();
    Ok(Run {
        days: vec![RunDay { as_of, from_on }],
        known_at: args.known_at.as_deref().map(parse_known_at).transpose()?,
        window_days: args.window,
        grace_days: args.grace_days,
        is_net: args.net,
        is_invoice_basis,
        buckets: bucket::parse(args.buckets.as_deref().unwrap_or(default), is_invoice_basis)?,
        by,
        filters: filters(args),
        ..Run::on(as_of, from_on)
    })
}

/// The run of a pack: its period starts at the end of the month before where no start is given.
pub(super) fn run_of_pack(args: &ScopeArgs, from: Option<&str>) -> Result<Run, Error> {
    let default = last_month_end(day(&args.as_of)?).to_string();
    run(args, Some(from.unwrap_or(&default)))
}

fn filters(args: &SettingArgs) -> Vec<Filter> {
    let named = [
        (Dimension::Currency, &args.currency),
        (Dimension::Company, &args.company),
        (Dimension::Customer, &args.customer),
        (Dimension::Collector, &args.collector),
        (Dimension::BusinessUnit, &args.business_unit),
    ];
    let given = named.into_iter().filter(|(_, values)| !values.is_empty());
    given.map(|(dimension, values)| Filter { dimension, values: values.clone() }).collect()
}
