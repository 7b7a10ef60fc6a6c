//! `sql`: a query of the user's own.

use std::path::Path;

use super::args::SqlArgs;
use super::output::Output;
use super::{cmd_report, options};
use crate::catalog::bind::{self, Run};
use crate::catalog::queries;
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::sheet::Sheet;

pub(super) fn run(ledger: &Path, args: &SqlArgs) -> Result<Outcome, Error> {
    let output = Output::resolve(&args.output)?;
    let from_on = args.from.as_deref().map(options::day).transpose()?;
    let run = Run::on(options::day(&args.as_of)?, from_on);
    let ledger = Ledger::open(ledger)?;
    ledger.refuse_other_statements(&args.query)?;
    let asked = args.query.to_lowercase();
    let is_named = |name: &str| asked.contains(name);
    let views: Vec<&str> =
        queries().values().filter(|q| q.folder != "settle" && is_named(&q.name)).map(|q| q.name.as_str()).collect();
    bind::bind(&ledger, &run, &views)?;
    let frame = ledger.query_of_user(&args.query)?;
    let columns = frame.columns();
    for (column, field) in columns.iter().zip(frame.schema.fields()) {
        if !arrow::compute::can_cast_types(field.data_type(), &column.kind.data_type()) {
            return Err(Error::usage(format!(
                "the column {} of the result holds several values in one (a struct or a map); ask for its parts, or for cast(… as string)",
                column.name
            )));
        }
    }
    let sheet = Sheet::new("sql", "Result", columns, frame.batches)?;
    cmd_report::finish(&sheet, &output)?;
    Ok(Outcome::Done)
}
