//! The collection effectiveness index of each of the last months.

use chrono::NaiveDate;

use super::month_end::{self, Length};
use super::{Context, Part, Report, Spec, column, titled};
use crate::error::Error;
use crate::sheet::{Cell, Chart, Kind, Sheet};

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
        Part::Column("cei_percent", "round(value, 9)", Kind::Number, false),
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
    let last = trend.run.days.last().filter(|day| Length::of(day) == Some(Length::PartOfMonth));
    if let Some(last) = last {
        let note =
            format!("The month up to {} is not over: it is in the table, not among these whole months.", last.as_of);
        sheet.chart_rows = Some(Box::new(without_day(&sheet, last.as_of)?.noted(note)));
    }
    Ok(sheet.charted(Chart::Lines {
        day: "as_of".to_owned(),
        series: "metric".to_owned(),
        value: "cei_percent".to_owned(),
    }))
}

fn without_day(sheet: &Sheet, day: NaiveDate) -> Result<Sheet, Error> {
    let at = sheet.column_index("as_of");
    let is_kept = |row: &Vec<Cell<'_>>| at.is_none_or(|at| row[at] != Cell::Date(day));
    let rows: Vec<Vec<Cell<'_>>> = sheet.rows().filter(is_kept).collect();
    Sheet::from_rows(&sheet.name, &sheet.title, sheet.columns.clone(), &rows)
}

/// What each point is of, where it is more or less than the month up to its day.
fn over(trend: &Context<'_>) -> String {
    match trend.run.days.last().and_then(Length::of) {
        Some(Length::Months(count)) if count > 1 => format!("CEI of {count} months at month ends"),
        Some(Length::Days(1)) => "CEI of 1 day up to each month end".to_owned(),
        Some(Length::Days(count)) => format!("CEI of {count} days up to each month end"),
        Some(Length::Months(_) | Length::PartOfMonth) | None => "CEI at month ends".to_owned(),
    }
}
