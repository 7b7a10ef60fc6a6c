//! One figure on a day, with what it was made from.

use super::{Context, Part, Spec, column, dso, filter_note, missing_of, titled};
use crate::catalog::bind;
use crate::error::Error;
use crate::metrics::dictionary::Entry;
use crate::sheet::{Kind, Sheet};
use crate::sql_text::literal;

const SPEC: Spec = Spec {
    name: "figure",
    view: "chosen_figure",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("detail", Kind::Text),
        // Sums of doubles differ in their last digits from run to run; nine decimals do not.
        Part::Column("value", "round(value, 9)", Kind::Number, false),
        column("unit", Kind::Text),
        column("numerator", Kind::Amount),
        column("denominator", Kind::Amount),
        column("note", Kind::Text),
    ],
    order: "try_cast(regexp_extract(detail, '^[0-9]+') as int) nulls first, detail",
};

/// A figure on the run's day, by currency.
///
/// # Errors
/// [`Error::Internal`] where it cannot be computed.
pub fn make(context: &Context<'_>, entry: &Entry) -> Result<Sheet, Error> {
    let (metric, unit) = (literal(&entry.metric), literal(&entry.unit));
    let figure = if entry.report == "dso" {
        // The report's own table: count-back is in no view.
        dso::sheet(context, "dso", "")?;
        format!(
            "select as_of, cast(null as date) as from_on, currency, scope_key, '' as detail, dso_days as value,
               {unit} as unit, receivable_amount as numerator, sales_amount as denominator, note
             from dso_table where 'dso_' || method = {metric}"
        )
    } else {
        bind::bind(context.ledger, &context.run, &[&entry.view])?;
        format!("select * from \"{}\" where metric = {metric}", entry.view)
    };
    context.ledger.run(&format!("create or replace temp view chosen_figure as {figure}"))?;
    let mut sheet = SPEC.bound_sheet(context, &titled(&entry.title, context))?;
    let missing = missing_of(context, &entry.view, &sheet)?;
    sheet.notes.extend(missing);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
