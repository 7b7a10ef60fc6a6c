//! The rows behind one figure: they sum to its numerator and its denominator.

use super::{Context, Part, Spec, column, filter_note, missing_of, titled_over_period};
use crate::catalog::bind;
use crate::domain::dimension::Dimension;
use crate::error::Error;
use crate::metrics::dictionary::Entry;
use crate::sheet::{Kind, Sheet};
use crate::sql_text::literal;

const SPEC: Spec = Spec {
    name: "rows",
    view: "chosen_row",
    parts: &parts("customer_id"),
    order: "detail, part desc, on_date, row_id, customer_id, amount",
};
/// Of figures by customer: the customer of a row need not be the one whose figure it is in, as with groups of customers.
const BY_CUSTOMER: Spec = Spec { parts: &parts("row_customer_id"), ..SPEC };

const fn parts(customer: &'static str) -> [Part; 10] {
    [
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("metric", Kind::Text),
        column("detail", Kind::Text),
        column("part", Kind::Text),
        column("row_id", Kind::Text),
        Part::Column(customer, "customer_id", Kind::Text, false),
        column("on_date", Kind::Date),
        Part::Column("amount", "amount", Kind::Amount, false),
    ]
}

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
    let spec = if context.run.by.contains(&Dimension::Customer) { BY_CUSTOMER } else { SPEC };
    let mut sheet =
        spec.bound_sheet(context, &titled_over_period(&format!("Rows behind {}", entry.metric), context))?;
    sheet.notes.push(format!(
        "The rows of each part sum to the numerator and the denominator of the figure, in each currency. {}: {}.",
        entry.title, entry.formula
    ));
    let missing = missing_of(context, &entry.rows_view, &sheet)?;
    sheet.notes.extend(missing);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
