//! What became of the disputes raised in a period.

use super::{
    Context, Part, Report, Spec, column, filter_note, missing_notes, needs_period, retitle, titled_over_period,
};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "dispute_funnel", answers: "what became of the disputes raised in the period", make };

const SPEC: Spec = Spec {
    name: "dispute_funnel",
    view: "dispute_stage",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("stage", Kind::Text),
        column("dispute_count", Kind::Count),
        // Nine decimals of a ratio are the same on every machine.
        Part::Column("dispute_rate", "round(dispute_rate, 9)", Kind::Rate, false),
        column("disputed_amount", Kind::Amount),
        Part::Column("amount_rate", "round(amount_rate, 9)", Kind::Rate, false),
    ],
    order: "as_of, stage_no",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    needs_period(context, "dispute_funnel")?;
    let mut sheet = SPEC.sheet(context, &titled_over_period("Disputes raised", context))?.charted(Chart::Funnel {
        stage: "stage".to_owned(),
        value: "disputed_amount".to_owned(),
        apart: vec!["still open".to_owned()],
    });
    retitle(
        &mut sheet,
        &[("dispute_count", "Disputes"), ("dispute_rate", "Share of disputes"), ("amount_rate", "Share of amount")],
    );
    let missing = missing_notes(context, &[("dispute", "dispute outcomes")])?;
    if missing.is_empty() && sheet.row_count() == 0 {
        sheet.notes.push("No dispute was raised in the period.".to_owned());
    } else if missing.is_empty() {
        sheet.notes.push("Resolved and still open sum to raised; valid, partly valid, invalid and no outcome sum to resolved. Invalid is settled in our favour. Disputes raised before the period are not in it: the key figures count those too.".to_owned());
    }
    sheet.notes.extend(missing);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
