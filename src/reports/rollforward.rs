//! From one balance to the next, kind by kind.

use super::{Context, Part, Report, Spec, column, filter_note, missing_notes, titled_over_period};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "rollforward", answers: "how did the balance get from the start to the end", make };

const SPEC: Spec = Spec {
    name: "rollforward",
    view: "rollforward_line",
    parts: &[
        column("currency", Kind::Text),
        Part::By,
        column("line", Kind::Text),
        column("amount", Kind::Amount),
        column("line_no", Kind::Count),
        Part::Column("from", "from_on", Kind::Date, false),
        column("as_of", Kind::Date),
        Part::Column("is_total", "line in ('opening', 'closing')", Kind::Flag, false),
    ],
    order: "line_no",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    if context.run.days.iter().any(|day| day.from_on.is_none()) {
        return Err(Error::usage(
            "rollforward needs the start of its period: --from DATE (the balance at the end of that day opens it)",
        ));
    }
    let mut sheet = SPEC.sheet(context, &titled_over_period("Roll-forward", context))?;
    let [step, value, total] = ["line", "amount", "is_total"].map(str::to_owned);
    sheet.chart = Some(Chart::Waterfall { step, value, total });
    sheet.notes.push("Opening and closing are sums of open items; the lines between are items posted in the period. The difference is always 0.".to_owned());
    sheet.notes.extend(missing_notes(context, &[])?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}
