//! The manifest: which files the ledger was made from, and what each gave.

use super::{Context, Report};
use crate::error::Error;
use crate::sheet::{Column, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "loads", answers: "which files is the ledger made from", make };

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let columns = vec![
        Column::new("load_no", Kind::Count),
        Column::new("file", Kind::Text),
        Column::new("sha256", Kind::Text).titled("SHA-256").aside(),
        Column::new("table_name", Kind::Text),
        Column::new("rows_read", Kind::Count),
        Column::new("rows_loaded", Kind::Count),
        Column::new("rows_rejected", Kind::Count),
        Column::new("rows_derived", Kind::Count),
        Column::new("mapping", Kind::Text),
        Column::new("status", Kind::Text),
    ];
    let frame = context.ledger.query(
        "select l.load_no, l.file, l.sha256, c.table_name, c.rows_read, c.rows_loaded, c.rows_rejected, c.rows_derived,
           l.mapping, l.status
         from load l left join load_count c on c.load_no = l.load_no order by l.load_no, c.table_name",
    )?;
    Sheet::new("loads", "Files loaded", columns, frame.batches)
}
