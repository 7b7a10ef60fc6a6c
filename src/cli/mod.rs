//! The command line: arguments, then options, then one command.

pub mod args;
mod cmd_check;
mod cmd_demo;
mod cmd_explain;
mod cmd_forecast;
mod cmd_generate;
mod cmd_load;
mod cmd_metrics;
mod cmd_pack;
mod cmd_report;
mod cmd_sql;
mod cmd_targets;
mod filter_values;
mod options;
mod output;
mod progress;

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches};

use crate::error::{Error, Outcome};
use args::{Args, Command};

/// Runs the program with the arguments of a command line, the program's name first.
///
/// Answers go to standard output; progress, notes and errors to standard error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    let parsed = Args::command().try_get_matches_from(arguments).and_then(|matches| {
        let is_ledger_named = matches.value_source("ledger") == Some(ValueSource::CommandLine);
        Ok((Args::from_arg_matches(&matches)?, is_ledger_named))
    });
    let (args, is_ledger_named) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let is_help = !error.use_stderr();
            error.print().ok();
            return if is_help { Outcome::Done } else { Outcome::Failed };
        }
    };
    match dispatch(args, is_ledger_named) {
        Ok(outcome) => outcome,
        Err(Error::File { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Done,
        Err(error) => {
            output::say(&format!("error: {error}"));
            Outcome::Failed
        }
    }
}

fn dispatch(args: Args, is_ledger_named: bool) -> Result<Outcome, Error> {
    let ledger = args.ledger;
    match args.command {
        Command::Demo(args) if is_ledger_named => Err(Error::usage(format!(
            "demo makes a ledger of its own, {}, and leaves yours alone: leave --ledger out, or name another folder with --out",
            args.out.join("ledger.duckdb").display()
        ))),
        Command::Demo(args) => cmd_demo::run(&args),
        Command::Load(args) => cmd_load::run(&ledger, &args),
        Command::Check(args) => cmd_check::run(&ledger, &args),
        Command::Items(args) => cmd_report::items(&ledger, &args),
        Command::Aging(args) => cmd_report::run(&ledger, "aging", &args),
        Command::Rollforward(args) => cmd_report::period(&ledger, "rollforward", &args),
        Command::Dso(args) => cmd_report::run(&ledger, "dso", &args),
        Command::Kpi(args) => cmd_report::period(&ledger, "kpi", &args),
        Command::Show(args) => cmd_report::show(&ledger, &args),
        Command::Bridge(args) => cmd_report::bridge(&ledger, &args),
        Command::Forecast(args) => cmd_forecast::forecast(&ledger, &args),
        Command::Backtest(args) => cmd_forecast::backtest(&ledger, &args),
        Command::Targets(args) => cmd_targets::run(&ledger, &args),
        Command::Report(args) => cmd_pack::run(&ledger, &args),
        Command::Sql(args) => cmd_sql::run(&ledger, &args),
        Command::Metrics(args) => cmd_metrics::run(&args),
        Command::Explain(args) => cmd_explain::run(&ledger, &args),
        Command::Generate(args) => cmd_generate::run(&args),
    }
}
