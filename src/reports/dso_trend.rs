//! DSO at each of the last month ends.

use super::{Context, Report, dso, month_end, titled};
use crate::error::Error;
use crate::sheet::{Chart, Sheet};

pub(super) const REPORT: Report = Report { name: "dso_trend", answers: "is DSO rising, and for which reason", make };

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let trend = context.with_run(month_end::run(context));
    let mut sheet = dso::sheet(&trend, "dso_trend", &titled(&dso::of_sales("DSO at month ends", &trend), &trend))?;
    sheet.notes.extend(dso::before_first_note(&trend, trend.run.days.iter().map(|day| day.as_of))?);
    Ok(sheet.charted(Chart::Lines {
        day: "as_of".to_owned(),
        series: "method".to_owned(),
        value: "dso_days".to_owned(),
    }))
}
