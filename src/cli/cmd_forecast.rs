//! `forecast` and `backtest`.

use std::path::Path;

use chrono::{Local, Timelike};

use super::args::{BacktestArgs, ForecastArgs, HorizonArgs};
use super::cmd_report::{proved, proved_on};
use super::options;
use super::output::Output;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::models::forecast::Settings;
use crate::models::forecast::horizon::WeekStart;
use crate::reports::Context;
use crate::reports::forecast::{self, Asked, Compare, Convert, Every, ScenarioForm};

pub(super) fn forecast(ledger: &Path, args: &ForecastArgs) -> Result<Outcome, Error> {
    let convert = args.convert_to.as_deref().map(|to| Convert::new(to, &args.rate)).transpose()?;
    let asked = Asked { convert, ..asked(&args.horizon, WeekStart::Monday)? };
    let run = options::run(&args.report.scope, None)?;
    let output = Output::resolve(&args.report.output)?;
    let compare = args.compare.as_deref().map(Compare::parse).transpose()?;
    let scenario = args.scenario.as_deref().map(read_scenario).transpose()?;
    let frozen_at = Local::now().naive_local().with_nanosecond(0).unwrap_or_default();
    let make = |context: &Context<'_>| match (&scenario, compare) {
        (_, Some(what)) => forecast::compare(context, what, args.forecast_no.map(i64::from)),
        (Some(scenario), _) => forecast::scenario(context, &asked, scenario),
        _ if args.items => forecast::items(context),
        _ if args.freeze => forecast::freeze(context, &asked, frozen_at),
        _ => forecast::weeks(context, &asked),
    };
    let ledger = if args.freeze { Ledger::open_for_change(ledger) } else { Ledger::open(ledger) }?;
    let outcome = proved_on(&ledger, "forecast", run, false, &output, make)?;
    ledger.keep()?;
    Ok(outcome)
}

fn read_scenario(path: &Path) -> Result<ScenarioForm, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::file(path, "cannot be read as a scenario"))?;
    ScenarioForm::parse(&text, path)
}

pub(super) fn backtest(ledger: &Path, args: &BacktestArgs) -> Result<Outcome, Error> {
    let asked = asked(&args.horizon, WeekStart::Next)?;
    let from = options::day(&args.from)?;
    let run = options::run_on(&args.to, None, &args.settings)?;
    let every = match args.every.as_str() {
        "month" => Every::Month,
        "week" => Every::Week,
        other => return Err(Error::usage(format!("--every {other}: there are month and week"))),
    };
    let output = Output::resolve(&args.output)?;
    let make = |context: &Context<'_>| {
        let made = if args.points { forecast::points } else { forecast::backtest };
        made(context, from, every, &asked)
    };
    proved(ledger, "backtest", run, false, &output, make)
}

fn asked(args: &HorizonArgs, default: WeekStart) -> Result<Asked, Error> {
    let start = match args.week_start.as_deref() {
        None => default,
        Some("monday") => WeekStart::Monday,
        Some("next") => WeekStart::Next,
        Some(other) => return Err(Error::usage(format!("--week-start {other}: there are monday and next"))),
    };
    if !(0.01..=0.99).contains(&args.level) {
        return Err(Error::usage(format!(
            "--level {}: the share of outcomes the interval should hold, from 0.01 to 0.99",
            args.level
        )));
    }
    let settings = Settings { seed: args.seed, level: args.level, is_open_only: args.open_only, ..Settings::default() };
    Ok(Asked { weeks: usize::from(args.weeks), start, settings, convert: None })
}
