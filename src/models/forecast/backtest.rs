//! The forecasts a book would have had on past days, as it was known then, against what came.

use std::collections::HashSet;

use super::actual::Actual;
use super::baselines::{self, Baseline};
use super::book::{Book, Day, Origin};
use super::calibrate::Widths;
use super::horizon::{Horizon, WeekStart};
use super::outlook::Fit;
use super::score::Point;
use super::{Band, Forecast, Line, Settings};

/// Past errors a baseline needs before its own interval is made of them.
const LEAST_ERRORS: usize = 4;

/// What made a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Ours.
    Duecast,
    /// One of those it is measured against.
    Baseline(Baseline),
}

impl Method {
    /// Its word in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duecast => "duecast",
            Self::Baseline(baseline) => baseline.name(),
        }
    }
}

/// A forecast of one week.
#[derive(Clone, Copy, Debug)]
pub struct Scored {
    /// Day it was made on.
    pub origin: Day,
    /// Week, from 0.
    pub week: usize,
    /// Scope of the book.
    pub scope: usize,
    /// What made it.
    pub method: Method,
    /// Line; none for the total.
    pub line: Option<Line>,
    /// Forecast and what came.
    pub point: Point,
}

/// How a backtest is asked for.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Last day of the weeks that are scored: until then all that came is in the book.
    pub last: Day,
    /// What is known of what came; more than the last day where money is applied later than it came.
    pub seen: Origin,
    /// Number of weeks.
    pub weeks: usize,
    /// When weeks start.
    pub start: WeekStart,
    /// How forecasts are drawn.
    pub settings: Settings,
}

/// What a forecast was made from.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// The book.
    pub book: &'a Book,
    /// Where the forecast stands in it.
    pub origin: Origin,
    /// When bills are paid.
    pub fit: &'a Fit,
    /// How wide ranges must be.
    pub widths: &'a Widths,
}

/// What came of a forecast.
#[derive(Clone, Copy, Debug)]
pub struct Came<'a> {
    /// The book.
    pub book: &'a Book,
    /// The scope of the forecast's book that each scope of this one is; none where that had none.
    pub scopes: &'a [Option<usize>],
}

impl Replay {
    /// Makes every forecast from one book, oldest day first, and scores the weeks that have come true.
    #[must_use]
    pub fn run(&self, book: &Book, days: &[Day]) -> Vec<Scored> {
        let scopes: Vec<Option<usize>> = (0..book.scope_currency.len()).map(Some).collect();
        let mut scored = Vec::new();
        for day in days {
            let origin = Origin { day: *day, known: self.seen.known.min(*day) };
            let fit = Fit::new(book, origin);
            let widths = Widths::learn(book, origin, &self.settings, self.weeks);
            let past = Past { book, origin, fit: &fit, widths: &widths };
            scored.extend(self.score(&past, &Came { book, scopes: &scopes }));
        }
        give_intervals(&mut scored);
        scored
    }

    /// Makes one forecast, and those of the baselines, and scores the weeks that have come true; scopes are those of what came.
    /// Intervals of the baselines are given by [`give_intervals`].
    #[must_use]
    pub fn score(&self, past: &Past<'_>, came: &Came<'_>) -> Vec<Scored> {
        let Past { book, origin, fit, widths } = *past;
        let horizon = Horizon::weeks(origin.day, self.weeks, self.start);
        let mut true_by_now = horizon.clone();
        true_by_now.ends.retain(|end| *end <= self.last);
        let forecast = Forecast::new(book, origin, fit, horizon, &self.settings, widths);
        let mut actual = Actual::applied(book, &forecast.outlook, &true_by_now, came.book, self.seen);
        if !self.settings.is_open_only {
            actual = actual.with_all_receipts(came.book, &true_by_now, self.seen);
        }
        let sheet = Sheet { day: origin.day, actual: &actual, is_open_only: self.settings.is_open_only };
        let weeks = true_by_now.ends.len();
        let nothing = vec![Band::default(); weeks];
        let no_lines = vec![nothing.clone(); Line::ALL.len()];
        let mut scored = Vec::new();
        for (scope, of_past) in came.scopes.iter().enumerate() {
            let Some(made) = of_past.map(|at| &forecast.scopes[at]) else {
                sheet.score(Method::Duecast, scope, &no_lines, &nothing, true, &mut scored);
                continue;
            };
            let stated = |(week, band): (usize, &Band)| Band { mean: made.stated_mean(week), ..*band };
            let total: Vec<Band> = made.total.iter().enumerate().map(stated).collect();
            sheet.score(Method::Duecast, scope, &made.lines, &total, true, &mut scored);
        }
        for method in Baseline::ALL {
            if !method.is_by_item() && self.settings.is_open_only {
                continue;
            }
            let means = self.baseline(book, origin, &forecast, method);
            for (scope, of_past) in came.scopes.iter().enumerate() {
                let exact = |mean: f64| Band { mean, p10: mean, p50: mean, p90: mean, ..Band::default() };
                let lines = of_past.map_or(&[][..], |at| &means[at]);
                let total: Vec<Band> =
                    (0..weeks).map(|week| exact(lines.iter().map(|line| line[week]).sum())).collect();
                let lines: Vec<Vec<Band>> = match method.is_by_item() {
                    true => lines.iter().map(|line| line.iter().map(|mean| exact(*mean)).collect()).collect(),
                    false => Vec::new(),
                };
                sheet.score(Method::Baseline(method), scope, &lines, &total, false, &mut scored);
            }
        }
        scored
    }

    /// What a baseline forecasts, by scope, line and week.
    fn baseline(&self, book: &Book, origin: Origin, forecast: &Forecast, method: Baseline) -> Vec<Vec<Vec<f64>>> {
        let horizon = &forecast.horizon;
        if !method.is_by_item() {
            return baselines::by_week(book, origin, horizon, method).into_iter().map(|weeks| vec![weeks]).collect();
        }
        let outlook = &forecast.outlook;
        let made = baselines::by_item(book, origin, outlook, horizon, method);
        let of_scope = |(scope, range): (usize, &std::ops::Range<usize>)| {
            let mut lines = vec![vec![0.0; outlook.spans]; Line::ALL.len()];
            for claim in range.clone() {
                let line = &mut lines[outlook.claims[claim].line as usize];
                let cash = &made.claims[claim * outlook.spans..(claim + 1) * outlook.spans];
                line.iter_mut().zip(cash).for_each(|(sum, cash)| *sum += cash);
            }
            if !self.settings.is_open_only {
                lines[Line::NewBilling as usize].clone_from(&made.billing[scope]);
            }
            lines
        };
        outlook.scopes.iter().enumerate().map(of_scope).collect()
    }
}

/// One origin's answers.
struct Sheet<'a> {
    day: Day,
    actual: &'a Actual,
    is_open_only: bool,
}

impl Sheet<'_> {
    fn score(
        &self,
        method: Method,
        scope: usize,
        lines: &[Vec<Band>],
        total: &[Band],
        has_interval: bool,
        scored: &mut Vec<Scored>,
    ) {
        let mut add = |line: Option<Line>, week: usize, band: Band, actual: f64| {
            let point = Point { actual, band, has_interval };
            scored.push(Scored { origin: self.day, week, scope, method, line, point });
        };
        let weeks = self.actual.weeks();
        for (week, band) in total.iter().enumerate().take(weeks) {
            add(None, week, *band, self.actual.total(scope, week, self.is_open_only));
        }
        for (line, bands) in Line::ALL.into_iter().zip(lines) {
            if line == Line::NewBilling && self.is_open_only {
                continue;
            }
            for (week, band) in bands.iter().enumerate().take(weeks) {
                add(Some(line), week, *band, self.actual.cash[scope][line as usize][week]);
            }
        }
    }
}

/// Of forecasts of one line (or the total), those of weeks for which every method that forecast them stated an interval: how good
/// intervals are is compared on the same weeks. Origin, scope and week of each.
#[must_use]
pub fn stated_by_all(scored: &[&Scored]) -> HashSet<(Day, usize, usize)> {
    let of = |s: &&Scored| (s.origin, s.scope, s.week);
    let unstated: HashSet<_> = scored.iter().filter(|s| !s.point.has_interval).map(of).collect();
    scored.iter().map(of).filter(|key| !unstated.contains(key)).collect()
}

/// Gives each baseline an interval of its own: its forecast and the errors it had made before, in the same week, scope and line.
/// Forecasts are in the order of their days.
pub fn give_intervals(scored: &mut [Scored]) {
    use super::simulate::quantile_of_sorted;
    for at in 0..scored.len() {
        let this = scored[at];
        if this.method == Method::Duecast {
            continue;
        }
        let is_before = |other: &&Scored| {
            other.method == this.method
                && other.scope == this.scope
                && other.line == this.line
                && other.week == this.week
                // Only weeks that had come true by then.
                && other.origin + 7 * (other.week as Day + 1) <= this.origin
        };
        let mut errors: Vec<f64> =
            scored[..at].iter().filter(is_before).map(|other| other.point.actual - other.point.band.mean).collect();
        if errors.len() < LEAST_ERRORS {
            continue;
        }
        errors.sort_unstable_by(f64::total_cmp);
        let moved = |share: f64| (this.point.band.mean + quantile_of_sorted(&errors, share)).max(0.0);
        let band = Band { p10: moved(0.1), p50: moved(0.5), p90: moved(0.9), ..this.point.band };
        scored[at].point = Point { band, has_interval: true, ..this.point };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_compared_on_the_weeks_for_which_every_method_states_one() {
        let scored = |method, week, has_interval| {
            let point = Point { actual: 1.0, band: Band::default(), has_interval };
            Scored { origin: 10, week, scope: 0, method, line: None, point }
        };
        let other = Method::Baseline(Baseline::ALL[0]);
        let all = [
            scored(Method::Duecast, 0, true),
            scored(other, 0, false),
            scored(Method::Duecast, 1, true),
            scored(other, 1, true),
        ];
        assert_eq!(stated_by_all(&all.iter().collect::<Vec<_>>()), HashSet::from([(10, 0, 1)]));
    }
}
