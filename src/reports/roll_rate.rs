//! Where what was owed at the start of a period ended up.

use super::{
    Context, Part, Report, Spec, aged, column, filter_note, missing_notes, needs_period, retitle, titled_over_period,
};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "roll_rate", answers: "what became of what was open, and late, at the start of the period", make };

const SPEC: Spec = Spec {
    name: "roll_rate",
    view: "roll_cell",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("start_bucket", Kind::Text),
        column("end_state", Kind::Text),
        Part::Column("amount", "amount", Kind::Amount, true),
        // Nine decimals of a ratio are the same on every machine.
        Part::Column("amount_rate", "round(amount_rate, 9)", Kind::Rate, false),
        Part::Column("item_count", "item_count", Kind::Count, true),
        Part::Column("item_rate", "round(item_rate, 9)", Kind::Rate, false),
        // The order of buckets and states, where a part lacks some of them.
        Part::Column("start_bucket_no", "start_no", Kind::Count, false),
        Part::Column("end_state_no", "end_no", Kind::Count, false),
    ],
    order: "as_of, start_no, end_no",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    needs_period(context, "roll_rate")?;
    let mut sheet = SPEC.sheet(context, &titled_over_period(&aged("Roll rates", context), context))?;
    retitle(
        &mut sheet,
        &[
            ("start_bucket", "Bucket at the start"),
            ("end_state", "At the end"),
            ("amount", "Opening amount"),
            ("amount_rate", "Share of amount"),
            ("item_rate", "Share of items"),
        ],
    );
    let (row, column) = ("start_bucket".to_owned(), "end_state".to_owned());
    sheet.chart = Some(Chart::Heat { row, column, value: "amount_rate".to_owned() });
    sheet.notes.push("The rows of a bucket sum to what was open in it at the start, debit items only; bills of the period are not in it. A part receipt is received, the rest stands in its bucket. The step from a bucket to the next is the roll rate by item of the key figures.".to_owned());
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
