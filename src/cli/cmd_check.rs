//! `check`: what is wrong with the data.

use std::path::Path;

use super::args::CheckArgs;
use super::cmd_report;
use super::output::Output;
use crate::catalog::bind::{self, Run};
use crate::catalog::{header::Query, in_folder};
use crate::error::{Error, Outcome};
use crate::ledger::store::Ledger;
use crate::metrics::checks::{findings_sql, stored};
use crate::reports::{self, Context};
use crate::sheet::{Column, Kind, Sheet};
use crate::sql_text::literal;

pub(super) fn run(ledger: &Path, args: &CheckArgs) -> Result<Outcome, Error> {
    let output = Output::resolve(&args.output)?;
    let chosen = args.names.iter().map(|name| known(name)).collect::<Result<Vec<_>, _>>()?;
    let ledger = Ledger::open(ledger)?;
    let sheet = if chosen.is_empty() {
        let name = if args.rejected { "rejected_rows" } else { "checks" };
        let report = reports::find(name).ok_or_else(|| Error::internal(format!("no report {name}")))?;
        (report.make)(&Context { ledger: &ledger, run: Run::at_the_end(), show_all: true })?
    } else {
        findings(&ledger, &chosen)?
    };
    cmd_report::finish(&sheet, &output)?;
    let found = if chosen.is_empty() && !args.rejected {
        stored(&ledger)?.iter().any(|result| result.finding_count > 0)
    } else {
        sheet.row_count() > 0
    };
    Ok(if found { Outcome::Findings } else { Outcome::Done })
}

fn known(name: &str) -> Result<&'static Query, Error> {
    in_folder("checks").find(|check| check.name == name).ok_or_else(|| {
        let names: Vec<&str> = in_folder("checks").map(|check| check.name.as_str()).collect();
        Error::usage(format!("{name}: no such check; there are {}", names.join(", ")))
    })
}

fn findings(ledger: &Ledger, checks: &[&Query]) -> Result<Sheet, Error> {
    let names: Vec<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    bind::bind(ledger, &Run::at_the_end(), &names)?;
    let parts: Vec<String> = checks
        .iter()
        .map(|check| {
            format!(
                "select {} as check_name, {} as severity, finding, line_no from ({})",
                literal(&check.name),
                literal(&check.severity),
                findings_sql(check)
            )
        })
        .collect();
    let sql = format!(
        "select check_name, severity, finding from ({}) order by check_name, line_no nulls last, finding",
        parts.join(" union all ")
    );
    let columns = vec![
        Column::new("check_name", Kind::Text).titled("Check"),
        Column::new("severity", Kind::Text),
        Column::new("finding", Kind::Text),
    ];
    Sheet::new("findings", "Findings", columns, ledger.query(&sql)?.batches)
}
