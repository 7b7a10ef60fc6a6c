//! The collection effectiveness index of each of the last months.

use super::{Context, Part, Report, Spec, column, month_end, titled};
use crate::domain::period::last_month_end;
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "cei_trend", answers: "is more or less of what could be collected being collected", make };

const SPEC: Spec = Spec {
    name: "cei_trend",
    view: "cei_kpi",
    parts: &[
        column("as_of", Kind::Date),
        Part::Column("from", "from_on", Kind::Date, false),
        column("currency", Kind::Text),
        Part::By,
        column("metric", Kind::Text),
        Part::Column("cei_percent", "value", Kind::Number, false),
        column("numerator", Kind::Amount),
        column("denominator", Kind::Amount),
        column("note", Kind::Text),
    ],
    order: "as_of, metric",
};

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let trend = context.with_run(month_end::run(context));
    let mut sheet = SPEC.sheet(&trend, &titled(&over(&trend), &trend))?;
    for column in sheet.columns.iter_mut().filter(|column| column.name == "cei_percent") {
        column.title = "CEI in percent".to_owned();
    }
    Ok(sheet.charted(Chart::Lines {
        day: "as_of".to_owned(),
        series: "metric".to_owned(),
        value: "cei_percent".to_owned(),
    }))
}

/// What each point is of, where it is more or less than the month up to its day.
fn over(trend: &Context<'_>) -> String {
    let last = trend.run.days.last();
    let days = last
        .and_then(|day| Some((day.as_of - day.from_on.filter(|from| *from != last_month_end(day.as_of))?).num_days()));
    days.map_or_else(|| "CEI at month ends".to_owned(), |days| format!("CEI of {days} days up to each month end"))
}
