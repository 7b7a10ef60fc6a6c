//! Where what was owed at the start of a period ended up.

use super::{
    Context, Part, Report, Spec, aged, column, filter_note, missing_notes, needs_period, retitle, titled_over_period,
};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "roll_rate", answers: "what became of what was open, and late, at the start of the period", make };

/// A month is up to three days longer or shorter than a bucket of 30 days or of 31.
const MONTH_VARIES_DAYS: i64 = 3;

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
    sheet.notes.extend(width_note(context));
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// That the period is not as long as a bucket is wide, which a roll rate is read as (METRICS 14).
fn width_note(context: &Context<'_>) -> Option<String> {
    let day = context.run.days.last()?;
    let period_days = (day.as_of - day.from_on?).num_days();
    let mut widths =
        context.run.buckets.iter().filter_map(|bucket| Some((&bucket.name, i64::from(bucket.width_days()?))));
    let (name, wide_days) = widths.find(|(_, wide_days)| (period_days - wide_days).abs() > MONTH_VARIES_DAYS)?;
    let effect =
        if period_days > wide_days { "items pass buckets within it" } else { "most items stay where they were" };
    Some(format!(
        "The period has {period_days} days and bucket {name} is {wide_days} wide: {effect}, and the rates are not those from one bucket to the next. Choose a period as long as a bucket is wide."
    ))
}
