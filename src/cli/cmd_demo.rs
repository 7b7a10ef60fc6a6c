//! `demo`: the main job on the sample.

use super::args::DemoArgs;
use super::output::say;
use super::{cmd_load, cmd_pack};
use crate::catalog::bind::Run;
use crate::domain::period::{end_of_day, parse_day};
use crate::embedded::SAMPLES;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::load::{self, LoadOptions};

/// The sample's last day, and the start of its last month.
const SAMPLE_END: &str = "2024-12-31";
const SAMPLE_MONTH: &str = "2024-11-30";

pub(super) fn run(args: &DemoArgs) -> Result<Outcome, Error> {
    cmd_pack::make_folder(&args.out)?;
    let path = args.out.join("ledger.duckdb");
    if path.exists() {
        std::fs::remove_file(&path).map_err(Error::file(&path, "cannot be replaced"))?;
    }
    let sample = tempfile::tempdir().map_err(Error::file(&args.out, "cannot be written"))?;
    let mut files = Vec::new();
    for (name, text) in SAMPLES.iter().filter(|(name, _)| !name.starts_with("truth")) {
        let file = sample.path().join(name);
        std::fs::write(&file, text).map_err(Error::file(&file, "cannot be written"))?;
        files.push(file);
    }
    let as_of = parse_day(SAMPLE_END)?;
    let options = LoadOptions { loaded_at: end_of_day(as_of), ..LoadOptions::default() };
    let ledger = Ledger::open_for_load(&path)?;
    let report = load::load(&ledger, &files, &options, &mut |_| {})?;
    ledger.keep()?;
    cmd_load::print(&report)?;
    let ledger = Ledger::open(&path)?;
    let outcome = cmd_pack::write_pack(&ledger, Run::on(as_of, Some(parse_day(SAMPLE_MONTH)?)), &[], &args.out)?;
    say(&format!(
        "The ledger is {0}; ask it more, such as:\n  duecast --ledger {0} aging --by segment --as-of {SAMPLE_END}",
        path.display()
    ));
    Ok(outcome.max(report.outcome()))
}
