//! Exchange rates of the book: a seeded random walk on each currency, in euro.

use super::days::{Day, Days};
use super::dice::{Dice, Purpose};
use super::market::{Country, Currency};

/// Daily spread of the walk: about 6 % a year, near what major pairs show.
const DAILY_SIGMA: f64 = 0.004;
/// Share by which the walk returns to its first value each day, so that long books keep plausible rates.
const DAILY_RETURN: f64 = 0.01;
/// Decimal places of a rate, as `fx_rate` stores it.
const RATE_SCALE: f64 = 1e9;

/// Euro for one unit of each currency on each day; weekends keep Friday's.
#[derive(Debug)]
pub(super) struct Rates {
    first: Day,
    by_day: Vec<[f64; Currency::ALL.len()]>,
}

impl Rates {
    pub(super) fn new(seed: u64, days: &Days, start: Day, end: Day) -> Self {
        let mut dice = Dice::new(seed, Purpose::Rates, 0);
        let mut logs = [0.0_f64; Currency::ALL.len()];
        let mut by_day = Vec::with_capacity((end - start + 1) as usize);
        for day in start..=end {
            if days.is_working(Country::De, day) {
                for log in logs.iter_mut().skip(1) {
                    *log += DAILY_SIGMA * dice.normal() - DAILY_RETURN * *log;
                }
            }
            let rate = |at: usize| (Currency::ALL[at].first_rate() * logs[at].exp() * RATE_SCALE).round() / RATE_SCALE;
            by_day.push(std::array::from_fn(rate));
        }
        Self { first: start, by_day }
    }

    /// Euro for one unit of `currency` on a day.
    pub(super) fn rate(&self, day: Day, currency: Currency) -> f64 {
        let at = (day - self.first).clamp(0, self.by_day.len() as Day - 1) as usize;
        self.by_day[at][currency as usize]
    }

    /// Hundredths of `to` for hundredths of `from` on a day, at least its smallest coin.
    pub(super) fn convert(&self, cents: i64, from: Currency, to: Currency, day: Day) -> i64 {
        to.cents(cents as f64 / 100.0 * self.rate(day, from) / self.rate(day, to))
    }
}
