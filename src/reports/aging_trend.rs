//! Ageing at each of the last month ends.

use super::{Context, Part, Report, Spec, column, titled};
use crate::catalog::bind::{Run, RunDay};
use crate::domain::period::month_ends_until;
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "aging_trend", answers: "is what is owed getting older", make };

/// Month ends shown: a year and the same month of the year before.
pub(super) const MONTH_COUNT: u32 = 13;

const SPEC: Spec = Spec {
    name: "aging_trend",
    view: "aging_by_bucket",
    parts: &[
        column("as_of", Kind::Date),
        column("currency", Kind::Text),
        Part::By,
        column("bucket_no", Kind::Count),
        column("bucket", Kind::Text),
        column("item_count", Kind::Count),
        column("open_amount", Kind::Amount),
    ],
    order: "as_of, bucket_no",
};

/// The run on each of the last month ends, without a period.
pub(super) fn trend_run(context: &Context<'_>) -> Run {
    let day = |as_of| RunDay { as_of, from_on: None };
    Run { days: month_ends_until(context.as_of(), MONTH_COUNT).into_iter().map(day).collect(), ..context.run.clone() }
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let trend = context.with_run(trend_run(context));
    Ok(SPEC.sheet(&trend, &titled("Ageing at month ends", &trend))?.charted(Chart::StackedBars {
        category: "as_of".to_owned(),
        series: Some("bucket".to_owned()),
        value: "open_amount".to_owned(),
    }))
}
