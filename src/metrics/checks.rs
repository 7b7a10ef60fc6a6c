//! The checks: queries that must return no rows, run when the ledger changes and kept with it.

use crate::catalog::bind::{self, Run};
use crate::catalog::{header::Query, in_folder};
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sql_text::literal;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// Name of the check.
    pub name: String,
    /// `error` or `warning`.
    pub severity: String,
    /// Number of findings; 0 where all is well.
    pub finding_count: u64,
    /// The first finding, with its file and line where it has one.
    pub example: Option<String>,
}

impl CheckResult {
    /// Whether it must not be, and is.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == "error" && self.finding_count > 0
    }
}

/// The findings of a check, each with the file and line of the row it is about.
#[must_use]
pub fn findings_sql(check: &Query) -> String {
    format!(
        "select case when l.file is null then f.finding else l.file || ':' || f.line_no || ': ' || f.finding end as finding,
           f.table_name, f.load_no, f.line_no
         from \"{}\" f left join load l on l.load_no = f.load_no",
        check.name
    )
}

/// Runs every check and keeps what each found in `check_result`.
///
/// # Errors
/// [`Error::Internal`] where a check is not a query the engine runs.
pub fn store(ledger: &Ledger) -> Result<(), Error> {
    let checks: Vec<&Query> = in_folder("checks").collect();
    let names: Vec<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    bind::bind(ledger, &Run::at_the_end(), &names)?;
    ledger.run("delete from check_result")?;
    for check in checks {
        ledger.run(&format!(
            "insert into check_result select {}, {}, count(*), min(finding) from ({})",
            literal(&check.name),
            literal(&check.severity),
            findings_sql(check)
        ))?;
    }
    Ok(())
}

/// What the checks found at the last load.
///
/// # Errors
/// [`Error::Internal`] where the ledger has no such table.
pub fn stored(ledger: &Ledger) -> Result<Vec<CheckResult>, Error> {
    let rows = ledger
        .texts("select check_name, severity, finding_count, example from check_result order by severity, check_name")?;
    let result = |row: Vec<Option<String>>| CheckResult {
        name: row[0].clone().unwrap_or_default(),
        severity: row[1].clone().unwrap_or_default(),
        finding_count: row[2].as_deref().and_then(|n| n.parse().ok()).unwrap_or(0),
        example: row[3].clone(),
    };
    Ok(rows.into_iter().map(result).collect())
}
