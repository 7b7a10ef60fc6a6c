//! How late the bills of a period were paid.

use super::{
    Context, Part, Report, Spec, column, filter_note, missing_notes, needs_period, retitle, titled_over_period,
};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "days_late", answers: "how early or late were the bills of the period paid", make };

const SPEC: Spec = Spec {
    name: "days_late",
    view: "days_late_band",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("band_no", Kind::Count),
        column("band", Kind::Text),
        Part::Column("item_count", "item_count", Kind::Count, true),
        // Nine decimals of a ratio are the same on every machine.
        Part::Column("item_rate", "round(item_rate, 9)", Kind::Rate, false),
        Part::Column("amount", "amount", Kind::Amount, true),
        Part::Column("amount_rate", "round(amount_rate, 9)", Kind::Rate, false),
    ],
    order: "as_of, band_no",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    needs_period(context, "days_late")?;
    let mut sheet = SPEC
        .sheet(context, &titled_over_period("Days late of bills paid", context))?
        .charted(Chart::StackedBars { category: "band".to_owned(), series: None, value: "amount".to_owned() });
    retitle(
        &mut sheet,
        &[
            ("band", "Days late"),
            ("item_count", "Bills"),
            ("item_rate", "Share of bills"),
            ("amount", "Amount of bills"),
            ("amount_rate", "Share of amount"),
        ],
    );
    sheet.notes.push("Bills cleared in the period at least in part by money, as in the average days late. Bills still open are not in it, however late: the key figures count those too.".to_owned());
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
