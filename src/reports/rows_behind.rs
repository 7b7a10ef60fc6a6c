//! The rows behind one figure: they sum to its numerator and its denominator.

use super::{Context, Part, Spec, column, filter_note, titled_over_period};
use crate::catalog::bind;
use crate::error::Error;
use crate::metrics::dictionary::Entry;
use crate::sheet::{Kind, Sheet};
use crate::sql_text::literal;

const SPEC: Spec = Spec {
    name: "rows",
    view: "chosen_row",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("metric", Kind::Text),
        column("detail", Kind::Text),
        column("part", Kind::Text),
        column("row_id", Kind::Text),
        column("customer_id", Kind::Text),
        column("on_date", Kind::Date),
        Part::Column("amount", "amount", Kind::Amount, false),
    ],
    order: "detail, part desc, on_date, row_id, customer_id, amount",
};

/// The rows behind a figure on the run's day.
///
/// # Errors
/// [`Error::Internal`] where its rows cannot be read.
pub fn make(context: &Context<'_>, entry: &Entry) -> Result<Sheet, Error> {
    bind::bind(context.ledger, &context.run, &[&entry.rows_view])?;
    context.ledger.run(&format!(
        "create or replace temp view chosen_row as select * from \"{}\" where metric = {}",
        entry.rows_view,
        literal(&entry.metric)
    ))?;
    let mut sheet =
        SPEC.bound_sheet(context, &titled_over_period(&format!("Rows behind {}", entry.metric), context))?;
    sheet.notes.push(format!(
        "The rows of each part sum to the numerator and the denominator of the figure, in each currency. {}: {}.",
        entry.title, entry.formula
    ));
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
