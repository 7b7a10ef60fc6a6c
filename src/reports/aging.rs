//! What is owed, by how late it is.

use super::{Context, Part, Report, Spec, aged, column, filter_note, missing_notes, titled};
use crate::catalog::bind::Run;
use crate::domain::dimension::Dimension;
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "aging", answers: "what is owed, and how late is it", make };

const SPEC: Spec = Spec {
    name: "aging",
    view: "aging_by_bucket",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("bucket_no", Kind::Count),
        column("bucket", Kind::Text),
        Part::Column("item_count", "item_count", Kind::Count, true),
        Part::Column("open_amount", "open_amount", Kind::Amount, true),
    ],
    order: "bucket_no",
};

const BY_CUSTOMER: Spec = Spec {
    name: "aging_by_customer",
    view: "aging_by_bucket",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        Part::Column(
            "customer_name",
            "(select max(c.name) from customer_as_of c where c.as_of = aging_by_bucket.as_of and c.customer_id = aging_by_bucket.scope_key)",
            Kind::Text,
            false,
        ),
        column("bucket_no", Kind::Count),
        column("bucket", Kind::Text),
        Part::Column("item_count", "item_count", Kind::Count, true),
        Part::Column("open_amount", "open_amount", Kind::Amount, true),
    ],
    order: "bucket_no",
};

/// Ageing of each customer, whatever else it is split by.
pub(super) fn by_customer(context: &Context<'_>) -> Result<Sheet, Error> {
    let run = Run { by: vec![Dimension::Customer], ..context.run.clone() };
    let context = context.with_run(run);
    BY_CUSTOMER.sheet(&context, &titled(&aged("Ageing", &context), &context))
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let mut sheet = SPEC.sheet(context, &titled(&aged("Ageing", context), context))?.charted(Chart::StackedBars {
        category: "bucket".to_owned(),
        series: None,
        value: "open_amount".to_owned(),
    });
    let basis = if context.run.is_invoice_basis { "document date" } else { "due date" };
    sheet.notes.push(format!(
        "Days run from the {basis}. An item due on the day is not late. Open credits stand apart as unapplied, and so do items without a due date."
    ));
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
