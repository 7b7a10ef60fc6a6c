//! Ageing at each of the last month ends.

use super::{Context, Part, Report, Spec, aged, column, month_end, titled};
use crate::error::Error;
use crate::sheet::{Chart, Kind, Sheet};

pub(super) const REPORT: Report = Report { name: "aging_trend", answers: "is what is owed getting older", make };

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

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let trend = context.with_run(month_end::run(context));
    Ok(SPEC.sheet(&trend, &titled(&aged("Ageing at month ends", &trend), &trend))?.charted(Chart::StackedBars {
        category: "as_of".to_owned(),
        series: Some("bucket".to_owned()),
        value: "open_amount".to_owned(),
    }))
}
