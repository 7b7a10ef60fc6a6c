//! What is wrong with the data.

use super::{Context, Report, words};
use crate::catalog::queries;
use crate::error::Error;
use crate::metrics::checks::stored;
use crate::sheet::{Cell, Column, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "checks", answers: "what is wrong with the data", make };

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let columns = vec![
        Column { words: words::of("check_name"), ..Column::new("check_name", Kind::Text) }.titled("Check"),
        Column::new("severity", Kind::Text),
        Column::new("finding_count", Kind::Count).titled("Findings"),
        Column::new("example", Kind::Text),
        Column::new("answers", Kind::Text).titled("Looks for"),
        Column::new("fix", Kind::Text).titled("What to do"),
    ];
    let mut results = stored(context.ledger)?;
    // What was found stands before what was looked for in vain.
    results.sort_by_key(|result| result.finding_count == 0);
    let header = |name: &str| queries().get(name).map_or(("", ""), |q| (q.answers.as_str(), q.fix.as_str()));
    let rows: Vec<Vec<Cell<'_>>> = results
        .iter()
        .map(|result| {
            let (answers, fix) = header(&result.name);
            vec![
                Cell::Text(&result.name),
                Cell::Text(&result.severity),
                Cell::Count(i64::try_from(result.finding_count).unwrap_or(i64::MAX)),
                result.example.as_deref().map_or(Cell::Empty, Cell::Text),
                Cell::Text(answers),
                Cell::Text(fix),
            ]
        })
        .collect();
    Sheet::from_rows("checks", "Checks of the ledger", columns, &rows)
}
