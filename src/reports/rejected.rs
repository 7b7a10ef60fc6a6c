//! Rows that were read and not loaded.

use super::{Context, Report};
use crate::error::Error;
use crate::sheet::{Column, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "rejected_rows", answers: "which rows were refused, and why", make };

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let columns = vec![
        Column::new("file", Kind::Text),
        Column::new("line", Kind::Count),
        Column::new("table_name", Kind::Text),
        Column::new("column_name", Kind::Text),
        Column::new("value", Kind::Text),
        Column::new("reason", Kind::Text),
        Column::new("content", Kind::Text),
        Column::new("load_no", Kind::Count),
    ];
    let frame = context.ledger.query(
        "select r.file, r.line_no, r.table_name, r.column_name, r.value, r.reason, r.content, r.load_no
         from rejected_row r join load l on l.load_no = r.load_no
         where l.status = 'current' order by r.load_no, r.line_no, r.table_name, r.column_name",
    )?;
    Sheet::new("rejected_rows", "Rejected rows", columns, frame.batches)
}
