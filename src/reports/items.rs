//! Every open item.

use super::{Context, Part, Report, Spec, aged, column, filter_note, titled};
use crate::error::Error;
use crate::sheet::{Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "items", answers: "which items make up the balance", make };

const PARTS: &[Part] = &[
    column("item_id", Kind::Text),
    column("document_no", Kind::Text),
    column("company", Kind::Text),
    column("customer_id", Kind::Text),
    column("kind", Kind::Text),
    column("issued_on", Kind::Date),
    column("posted_on", Kind::Date),
    column("due_on", Kind::Date),
    column("currency", Kind::Text),
    Part::Column("amount", "amount", Kind::Amount, true),
    Part::Column("open_amount", "open_amount", Kind::Amount, true),
    column("past_due_days", Kind::Days),
    column("bucket", Kind::Text),
    column("reference", Kind::Text),
    Part::By,
];

const OPEN: Spec =
    Spec { name: "items", view: "item_listing", parts: PARTS, order: "customer_id, due_on nulls last, item_id" };
const ALL: Spec = Spec { view: "item_listing_all", ..OPEN };

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let (spec, what) = if context.show_all { (ALL, "Items posted") } else { (OPEN, "Open items") };
    let mut sheet = spec.sheet(context, &titled(&aged(what, context), context))?;
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
