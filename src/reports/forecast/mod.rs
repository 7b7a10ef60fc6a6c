//! What cash comes in which week.

mod read;

use super::{Context, Report, by_columns, titled};
use crate::catalog::bind::KEY_SEPARATOR;
use crate::error::Error;
use crate::models::forecast::book::Origin;
use crate::models::forecast::horizon::{Horizon, WeekStart};
use crate::models::forecast::outlook::Fit;
use crate::models::forecast::{Band, Forecast, Line, Settings};
use crate::sheet::{Cell, Column, Kind, Sheet};
use chrono::NaiveDate;
use read::{Reading, day_number};

pub(super) const REPORT: Report =
    Report { name: "forecast", answers: "what cash comes in which week, and how far can that be trusted", make };

/// Days of history that payment behaviour is learnt from: three years, so that each season is seen more than twice.
const HISTORY_DAYS: u64 = 1096;

/// How a forecast is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Number of weeks.
    pub weeks: usize,
    /// When weeks start.
    pub start: WeekStart,
    /// How it is drawn.
    pub settings: Settings,
}

impl Default for Asked {
    fn default() -> Self {
        Self { weeks: 13, start: WeekStart::Monday, settings: Settings::default() }
    }
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    weeks(context, &Asked::default())
}

/// The forecast by week and line.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn weeks(context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
    let reading = read::read(context.ledger, &context.run, HISTORY_DAYS)?;
    let origin = Origin::with_hindsight(day_number(context.as_of()));
    let fit = Fit::new(&reading.book, origin);
    let horizon = Horizon::weeks(origin.day, asked.weeks, asked.start);
    let forecast = Forecast::new(&reading.book, origin, &fit, horizon, &asked.settings);
    week_sheet(context, &reading, &forecast)
}

fn week_sheet(context: &Context<'_>, reading: &Reading, forecast: &Forecast) -> Result<Sheet, Error> {
    let mut columns = vec![
        Column::new("as_of", Kind::Date),
        Column::new("week_no", Kind::Count),
        Column::new("week_start", Kind::Date),
        Column::new("week_end", Kind::Date),
        Column::new("currency", Kind::Text),
    ];
    columns.extend(by_columns(&context.run.by).map(|(_, dimension)| Column::new(dimension.column(), Kind::Text)));
    columns.push(Column::new("line", Kind::Text));
    columns.extend(["p10", "p50", "p90", "mean"].map(|name| Column::new(name, Kind::Amount)));
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    let mut order: Vec<usize> = (0..reading.scopes.len()).collect();
    order.sort_by_key(|at| &reading.scopes[*at]);
    for at in order {
        let (currency, key) = &reading.scopes[at];
        let scope = &forecast.scopes[at];
        for (week, (start, end)) in forecast.horizon.spans().enumerate() {
            let lines = Line::ALL.iter().zip(&scope.lines).map(|(line, bands)| (line.name(), bands[week]));
            for (name, band) in lines.chain([("total", scope.total[week])]) {
                let mut row = vec![
                    Cell::Date(context.as_of()),
                    Cell::Count(week as i64 + 1),
                    Cell::Date(date(start)),
                    Cell::Date(date(end)),
                    Cell::Text(currency),
                ];
                let values: Vec<&str> = key.split(KEY_SEPARATOR).collect();
                row.extend(by_columns(&context.run.by).map(|(place, _)| {
                    values.get(place).filter(|text| !text.is_empty()).map_or(Cell::Empty, |text| Cell::Text(text))
                }));
                row.push(Cell::Text(name));
                let Band { p10, p50, p90, mean, .. } = band;
                row.extend([p10, p50, p90, mean].map(|amount| {
                    Cell::Amount(crate::domain::money::Money::from_units((amount * 10_000.0).round() as i128))
                }));
                rows.push(row);
            }
        }
    }
    Sheet::from_rows(REPORT.name, &titled("Cash forecast", context), columns, &rows)
}

fn date(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or(NaiveDate::MAX)
}
