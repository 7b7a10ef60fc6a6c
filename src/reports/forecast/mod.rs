//! What cash comes in which week, item by item and in all, and how good such forecasts have been.

mod backtest;
mod compare;
mod convert;
mod curve;
mod fan;
mod freeze;
mod items;
mod learnt;
pub mod read;
mod scenario;
mod weeks;

use chrono::NaiveDate;

pub use self::backtest::{Every, backtest, points};
pub use self::compare::{Compare, compare};
pub use self::convert::Convert;
pub use self::curve::curve;
pub use self::freeze::freeze;
pub use self::items::items;
pub use self::learnt::Learnt;
pub use self::scenario::{ScenarioForm, scenario};
pub use self::weeks::{weeks, weeks_of};
use super::{Context, Report, by_columns};
use crate::catalog::bind::KEY_SEPARATOR;
use crate::domain::money::Money;
use crate::error::Error;
use crate::models::forecast::Settings;
use crate::models::forecast::book::{Book, Day, Origin};
use crate::models::forecast::horizon::WeekStart;
use crate::sheet::{Cell, Column, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "forecast", answers: "what cash comes in which week, and how far can that be trusted", make };

/// Days of history that behaviour is learnt from: three years, so that each season is seen more than twice.
pub(super) const HISTORY_DAYS: u64 = 1096;

/// How a forecast is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Number of weeks.
    pub weeks: usize,
    /// When weeks start.
    pub start: WeekStart,
    /// How it is drawn.
    pub settings: Settings,
    /// The currency in which there is a total of all, and its rates.
    pub convert: Option<Convert>,
}

/// Weeks that are looked ahead unless asked otherwise: a quarter.
pub(super) const USUAL_WEEKS: usize = 13;

impl Default for Asked {
    fn default() -> Self {
        Self { weeks: USUAL_WEEKS, start: WeekStart::Monday, settings: Settings::default(), convert: None }
    }
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    weeks(context, &Asked::default())
}

/// What to say where nothing could be learnt from payments.
fn unlearnt(book: &Book, origin: Origin) -> Option<String> {
    let has_items = book.items.iter().any(|item| item.amount > 0.0 && origin.sees(item.posted, item.known));
    (has_items && !book.has_payment(origin)).then(|| {
        format!(
            "No item that is asked for was paid in the {HISTORY_DAYS} days up to then, so when items are paid is assumed, not learnt: load settled items and their receipts too."
        )
    })
}

/// Currency and the columns of the dimensions asked for.
fn scope_columns(context: &Context<'_>) -> impl Iterator<Item = Column> {
    let by = by_columns(&context.run.by).map(|(_, dimension)| Column::new(dimension.column(), Kind::Text));
    std::iter::once(Column::new("currency", Kind::Text)).chain(by)
}

/// The cells of [`scope_columns`] for one scope.
fn scope_cells<'a>(context: &Context<'_>, (currency, key): &'a (String, String)) -> Vec<Cell<'a>> {
    let values: Vec<&str> = key.split(KEY_SEPARATOR).collect();
    let by = by_columns(&context.run.by)
        .map(|(place, _)| values.get(place).filter(|t| !t.is_empty()).map_or(Cell::Empty, |text| Cell::Text(text)));
    std::iter::once(Cell::Text(currency)).chain(by).collect()
}

/// Scopes in the order of the answer.
fn in_order(scopes: &[(String, String)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scopes.len()).collect();
    order.sort_by_key(|at| &scopes[*at]);
    order
}

/// An amount of a model, to a hundredth: more digits would promise what a forecast cannot hold.
pub(super) fn amount(value: f64) -> Cell<'static> {
    Cell::Amount(Money::from_units((value * 100.0).round() as i128 * 100))
}

pub(super) fn date(day: Day) -> Cell<'static> {
    NaiveDate::from_epoch_days(day).map_or(Cell::Empty, Cell::Date)
}

fn rate(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Number)
}
