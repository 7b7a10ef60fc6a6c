//! `generate`: a synthetic ledger.

use super::args::GenerateArgs;
use super::cmd_pack::make_folder;
use super::output::say;
use super::{options, progress::Progress};
use crate::error::{Error, Outcome};
use crate::generate::{self, Options, TableCount};

pub(super) fn run(args: &GenerateArgs) -> Result<Outcome, Error> {
    make_folder(&args.out)?;
    let options = Options {
        start_on: options::day(&args.start)?,
        day_count: args.days,
        fraud_rate: args.fraud_rate,
        ..Options::new(args.items, args.seed)
    };
    let progress = Progress::start();
    let summary = generate::generate(&options, &args.out, &mut |written| progress.step(&format!("{written} items")))?;
    drop(progress);
    for TableCount { table, row_count } in &summary.tables {
        say(&format!("{table}: {row_count} rows"));
    }
    say(&format!("written to {0}; load it with: duecast load {0}", args.out.display()));
    Ok(Outcome::Done)
}
