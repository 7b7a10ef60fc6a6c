//! How wide intervals must be so that they hold what they say: measured on the forecasts the same book would have had before.

use super::actual::Actual;
use super::book::{Book, Day, Origin};
use super::horizon::{Horizon, WeekStart};
use super::outlook::Fit;
use super::{Band, Forecast, Line, ScopeForecast, Settings};
use crate::models::parallel::in_parallel;

/// Past forecasts looked at, a week apart; the latest has four weeks to come true.
const ORIGINS: Day = 13;
const FIRST_BACK_DAYS: Day = 28;

/// Days of history a past forecast must have had.
const LEAST_HISTORY_DAYS: Day = 56;

/// Courses drawn for a past forecast: enough for its spread.
const DRAWS: usize = 120;

/// Past forecasts' worth of belief that the courses are as wide as they should be.
const PRIOR: f64 = 4.0;

/// A single miss counts as no more than so many times the stated spread.
const LARGEST_MISS: f64 = 4.0;

/// A book of more bills than this has enough of them in each past forecast: they are made four weeks apart, as misses of
/// neighbouring weeks are much the same, and what is learnt for the first of them serves all.
const MANY_BILLS: usize = 60_000;
const STEP_OF_MANY: usize = 4;

/// Bills of a book from which past forecasts are made of a part of the payers; fewer would hide what all of them do together.
const SAMPLE_BILLS: usize = 80_000;

/// Factor on the distance of each quantile from the mean, by week; the last holds for all later weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Widths {
    by_week: Vec<f64>,
    /// The same of each line.
    by_line: Vec<Vec<f64>>,
    /// Past forecasts it was learnt from.
    pub origins: usize,
}

impl Widths {
    /// Courses as they were drawn.
    #[must_use]
    pub const fn unchanged() -> Self {
        Self { by_week: Vec::new(), by_line: Vec::new(), origins: 0 }
    }

    /// These, by week.
    #[cfg(test)]
    pub(super) const fn of(by_week: Vec<f64>) -> Self {
        Self { by_week, by_line: Vec::new(), origins: 1 }
    }

    /// Of a week, counted from 0.
    #[must_use]
    pub fn of_week(&self, week: usize) -> f64 {
        self.by_week.get(week).or(self.by_week.last()).copied().unwrap_or(1.0)
    }

    /// Of a week of a line; that of the total where the line has none of its own.
    #[must_use]
    pub fn of_line(&self, line: usize, week: usize) -> f64 {
        let own = self.by_line.get(line).and_then(|weeks| weeks.get(week).or(weeks.last()));
        own.copied().unwrap_or_else(|| self.of_week(week))
    }

    /// Learns from past forecasts, as they would have been made and as far as `origin` knows what came of them.
    #[must_use]
    pub fn learn(book: &Book, origin: Origin, settings: &Settings, weeks: usize) -> Self {
        let sample = book.of_some_payers(SAMPLE_BILLS);
        let book = sample.as_ref().unwrap_or(book);
        let whole = book.by_currency();
        let book = whole.as_ref().unwrap_or(book);
        let Some(first) = book.items.iter().filter(|item| item.is_bill).map(|item| item.posted).min() else {
            return Self::unchanged();
        };
        let first = first.max(book.history_from);
        let has_many = book.items.iter().filter(|item| item.is_bill).count() > MANY_BILLS;
        let step = if has_many { STEP_OF_MANY } else { 1 };
        let days: Vec<Day> = (0..ORIGINS)
            .rev()
            .step_by(step)
            .map(|back| origin.day - FIRST_BACK_DAYS - 7 * back)
            .filter(|day| *day >= first + LEAST_HISTORY_DAYS)
            .collect();
        let fit_at = |day: Day| Fit::new(book, past(day, origin));
        let missed = |day: Day, fit: &Fit| misses(book, day, fit, origin, settings, weeks);
        let misses = match days.first().filter(|_| has_many).map(|first| fit_at(*first)) {
            Some(fit) => in_parallel(&days, |day| missed(*day, &fit)),
            None => in_parallel(&days, |day| missed(*day, &fit_at(*day))),
        };
        let origins = misses.len();
        let learnt =
            |part: &dyn Fn(&Misses) -> Vec<Vec<f64>>| widths(&misses.iter().flat_map(part).collect::<Vec<_>>(), weeks);
        let by_line = (0..Line::ALL.len()).map(|line| learnt(&|misses| misses.lines[line].clone())).collect();
        Self { by_week: learnt(&|misses| misses.total.clone()), by_line, origins }
    }
}

/// A day as it was known then.
fn past(day: Day, seen: Origin) -> Origin {
    Origin { day, known: day.min(seen.known) }
}

/// What each currency's weeks of a past forecast missed, in spreads.
struct Misses {
    total: Vec<Vec<f64>>,
    lines: Vec<Vec<Vec<f64>>>,
}

/// What a past forecast missed in the weeks that have come true.
fn misses(book: &Book, day: Day, fit: &Fit, seen: Origin, settings: &Settings, weeks: usize) -> Misses {
    let count = weeks.min(((seen.day - day) / 7) as usize);
    let horizon = Horizon::weeks(day, count, WeekStart::Next);
    let settings = Settings { draws: DRAWS, ..*settings };
    let forecast = Forecast::new(book, past(day, seen), fit, horizon, &settings, &Widths::unchanged());
    let actual = Actual::applied(book, &forecast.outlook, &forecast.horizon, book, seen);
    let missed = |bands: &[Band], came: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let miss = |(week, band): (usize, &Band)| {
            (band.spread > 0.0).then(|| ((came(week) - band.mean) / band.spread).clamp(-LARGEST_MISS, LARGEST_MISS))
        };
        bands.iter().enumerate().map_while(miss).collect()
    };
    let scopes = || forecast.scopes.iter().enumerate();
    let filled = |misses: &Vec<f64>| !misses.is_empty();
    let total = scopes()
        .map(|(at, scope)| missed(&scope.total, &|week| actual.total(at, week, settings.is_open_only)))
        .filter(filled)
        .collect();
    let of_line = |line: usize| {
        let of_scope =
            |(at, scope): (usize, &ScopeForecast)| missed(&scope.lines[line], &|week| actual.cash[at][line][week]);
        scopes().map(of_scope).filter(filled).collect()
    };
    Misses { total, lines: (0..Line::ALL.len()).map(of_line).collect() }
}

/// Root mean square of the misses of each week, drawn towards that of all weeks, and that towards 1.
fn widths(misses: &[Vec<f64>], weeks: usize) -> Vec<f64> {
    let all: Vec<f64> = misses.iter().flatten().map(|miss| miss * miss).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let count = misses.len() as f64;
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let pooled = (PRIOR + mean * count) / (PRIOR + count);
    let longest = misses.iter().map(Vec::len).max().unwrap_or(0).min(weeks);
    (0..longest)
        .map(|week| {
            let of_week: Vec<f64> =
                misses.iter().filter_map(|misses| misses.get(week)).map(|miss| miss * miss).collect();
            ((PRIOR * pooled + of_week.iter().sum::<f64>()) / (PRIOR + of_week.len() as f64)).sqrt()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_as_large_as_stated_leave_the_courses_as_they_are() {
        let widths = widths(&vec![vec![1.0, -1.0]; 10], 4);
        assert_eq!(widths, [1.0, 1.0]);
    }

    #[test]
    fn misses_twice_as_large_widen_and_few_of_them_widen_less() {
        let many = widths(&vec![vec![2.0]; 400], 1);
        let few = widths(&[vec![2.0]], 1);
        assert!(many[0] > 1.95 && many[0] <= 2.0, "{many:?}");
        assert!(few[0] > 1.0 && few[0] < 1.6, "{few:?}");
    }

    #[test]
    fn without_a_past_nothing_is_changed() {
        assert_eq!(Widths::unchanged().of_week(3), 1.0);
        assert!(widths(&[], 4).is_empty());
    }
}
