//! `targets`.

use std::path::Path;

use super::args::TargetsArgs;
use super::cmd_report::proved;
use super::options;
use super::output::Output;
use crate::error::{Error, Outcome};
use crate::models::forecast::Settings;
use crate::reports::Context;
use crate::reports::targets::{self, Asked};

pub(super) fn run(ledger: &Path, args: &TargetsArgs) -> Result<Outcome, Error> {
    let asked = Asked {
        scope: args.scope.as_ref().map(|scope| scope.replace('-', "_")),
        scope_ids: args.scope_id.clone(),
        period_start: args.period_start.as_deref().map(options::day).transpose()?,
        is_all: args.all,
        settings: Settings { seed: args.seed, ..Settings::default() },
    }
    .checked()?;
    let run = options::run(&args.report.scope, None)?;
    let output = Output::resolve(&args.report.output)?;
    let make = |context: &Context<'_>| match (args.items, args.days) {
        (true, _) => targets::items(context, &asked),
        (_, true) => targets::days(context, &asked),
        _ => targets::table(context, &asked),
    };
    proved(ledger, "targets", run, false, &output, make)
}
