//! Billing to come, and the cash it brings: each stratum's weekly billing, run through the curves of its recent bills.

use std::collections::BTreeMap;

use rand::RngExt;

use super::book::{Book, Day, Means, Origin};
use super::calendar::CalendarLoad;
use super::horizon::Horizon;
use super::new_billing::{self, Outlook};
use super::outlook::{Fit, paid_by_day};
use super::simulate::{Course, Draws, Stream, stream_rng};
use super::states::Standing;
use crate::models::parallel::in_parallel;

/// Weeks of billing that tell how fast a stratum's bills are paid, and which scopes they belong to.
const RECENT_WEEKS: Day = 13;

/// Bills looked at for that, shared by the strata, and the most and fewest in one; more make no difference that shows.
const RECENT_BILLS: usize = 3000;
const MOST_RECENT_BILLS: usize = 400;
const FEWEST_RECENT_BILLS: usize = 50;

/// Days of billing without which nothing is said of billing to come: a first bill tells no rhythm.
const LEAST_HISTORY_DAYS: Day = 28;

/// Weeks whose days are usually worth less than so much of a week tell nothing of the level: those without a billing day
/// of a book billed once a month.
const LEAST_LOAD: f64 = 0.25;

/// Weeks in a year.
const YEAR_WEEKS: usize = 52;

/// Stream of chance that chooses the past weeks whose surprises the courses repeat.
const SHOCK_STREAM: u64 = u64::MAX - 1;

/// The billing to come of every stratum.
#[derive(Clone, Debug, Default)]
pub struct Billing {
    strata: Vec<Stratum>,
}

/// The billing to come of one company, currency and segment.
#[derive(Clone, Debug)]
struct Stratum {
    /// By week, on days that are all alike.
    outlook: Outlook,
    /// What a week's days are worth in such days.
    loads: Vec<f64>,
    /// Share of a week's billing paid by the end of each span: `paid_rates[week][span]`.
    paid_rates: Vec<Vec<f64>>,
    /// Share of the stratum's recent billing that belongs to each scope.
    shares: Vec<(u32, f64)>,
}

impl Billing {
    /// Forecasts the billing of the days of a horizon.
    #[must_use]
    pub fn new(book: &Book, origin: Origin, fit: &Fit, horizon: &Horizon) -> Self {
        if Self::is_too_early(book, origin) {
            return Self::default();
        }
        let weeks = horizon.day_count().div_ceil(7);
        let mut bills: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (at, item) in book.items.iter().enumerate() {
            if item.is_bill && item.posted > book.history_from && origin.sees(item.posted, item.known) {
                bills.entry(item.stratum).or_default().push(at as u32);
            }
        }
        let days = bills.values().flatten().map(|at| book.items[*at as usize].posted);
        let load =
            CalendarLoad::fit(days, book.history_from.max(first_bill(book, origin) - 1), origin.day, &book.holidays);
        let strata: Vec<(u32, Vec<u32>)> = bills.into_iter().collect();
        let looked_at = (RECENT_BILLS / strata.len().max(1)).clamp(FEWEST_RECENT_BILLS, MOST_RECENT_BILLS);
        let of_stratum =
            |(_, bills): &(u32, Vec<u32>)| Stratum::new(book, origin, fit, (horizon, &load), weeks, (bills, looked_at));
        Self { strata: in_parallel(&strata, of_stratum) }
    }

    /// Whether a book has too little billing behind it to go on from.
    #[must_use]
    pub fn is_too_early(book: &Book, origin: Origin) -> bool {
        first_bill(book, origin) > origin.day - LEAST_HISTORY_DAYS
    }

    /// Expected cash of a scope in each span.
    #[must_use]
    pub fn means(&self, scope: u32, spans: usize) -> Vec<f64> {
        let mut means = vec![0.0; spans];
        for stratum in &self.strata {
            let Some(share) = stratum.share(scope) else { continue };
            for (week, rates) in stratum.paid_rates.iter().enumerate() {
                let billed = stratum.outlook.mean[week] * stratum.loads[week] * share;
                let before = std::iter::once(&0.0).chain(rates);
                for ((mean, before), by_now) in means.iter_mut().zip(before).zip(rates) {
                    *mean += billed * (by_now - before);
                }
            }
        }
        means
    }

    /// Draws the cash of each stratum; every stratum takes the surprise of the same past week in a draw.
    #[must_use]
    pub fn draw(&self, course: &Course) -> Vec<Draws> {
        let longest = self.strata.iter().map(|s| s.outlook.residuals.len()).max().unwrap_or(0);
        let weeks = self.strata.iter().map(|s| s.loads.len()).max().unwrap_or(0);
        let mut rng = stream_rng(course.seed, SHOCK_STREAM);
        let back: Vec<Vec<usize>> = (0..course.draws)
            .map(|_| (0..weeks).map(|_| if longest == 0 { 0 } else { rng.random_range(0..longest) }).collect())
            .collect();
        in_parallel(&self.strata, |stratum| course.draw_stream(&stratum.stream(&back)))
    }

    /// The strata a scope has a share of: place and share.
    pub fn shares(&self, scope: u32) -> impl Iterator<Item = (usize, f64)> {
        self.strata.iter().enumerate().filter_map(move |(at, stratum)| Some((at, stratum.share(scope)?)))
    }
}

impl Stratum {
    fn new(
        book: &Book,
        origin: Origin,
        fit: &Fit,
        (horizon, load): (&Horizon, &CalendarLoad),
        weeks: usize,
        (bills, looked_at): (&[u32], usize),
    ) -> Self {
        let item = |at: &u32| &book.items[*at as usize];
        let first = bills.iter().map(|at| item(at).posted).min().unwrap_or(origin.day);
        // What is new in an older book was billed nothing before.
        let first = first.min(origin.day - LEAST_HISTORY_DAYS);
        let mut history = vec![0.0; ((origin.day - first) / 7 + 1) as usize];
        let last = history.len() - 1;
        for at in bills {
            history[last - ((origin.day - item(at).posted) / 7) as usize] += item(at).amount;
        }
        // The oldest week is whole only by chance.
        let mut history: Vec<f64> = if history.len() > 1 { history.split_off(1) } else { history };
        let count = history.len();
        for (week, amount) in history.iter_mut().enumerate() {
            let load = load.of_week(origin.day - 7 * (count - 1 - week) as Day);
            *amount = if load < LEAST_LOAD { f64::NAN } else { *amount / load };
        }
        let loads: Vec<f64> = (1..=weeks).map(|week| load.of_week(origin.day + 7 * week as Day)).collect();
        let mut recent: Vec<u32> =
            bills.iter().copied().filter(|at| item(at).posted > origin.day - 7 * RECENT_WEEKS).collect();
        // Their places go by what they are, not by where a file has them.
        recent.sort_unstable_by_key(|at| (item(at).posted, *at));
        let shares = shares(book, fit, &recent);
        let recent: Vec<u32> = recent.iter().copied().step_by(recent.len().div_ceil(looked_at).max(1)).collect();
        Self {
            outlook: new_billing::forecast(&history, weeks, Some(YEAR_WEEKS)),
            loads,
            paid_rates: paid_rates(book, origin, fit, &recent, load, horizon, weeks),
            shares,
        }
    }

    fn share(&self, scope: u32) -> Option<f64> {
        self.shares.iter().find(|(known, _)| *known == scope).map(|(_, share)| *share)
    }

    fn stream(&self, back: &[Vec<usize>]) -> Stream {
        let residuals = &self.outlook.residuals;
        let amounts = |weeks: &Vec<usize>| -> Vec<f64> {
            let shock = |back: &usize| {
                residuals.len().checked_sub(1).map_or(0.0, |last| residuals[last - back % residuals.len()])
            };
            let shocks: Vec<f64> = weeks.iter().map(shock).collect();
            self.outlook.path(&shocks).into_iter().zip(&self.loads).map(|(amount, load)| amount * load).collect()
        };
        let mut amounts: Vec<Vec<f64>> = back.iter().map(amounts).collect();
        self.centre(&mut amounts);
        Stream { amounts, paid_rates: self.paid_rates.clone() }
    }

    /// Moves the paths' mean of each week onto what is expected of it. No path goes below nought, so that of an erratic series
    /// they would lie above it, the more the further ahead.
    fn centre(&self, paths: &mut [Vec<f64>]) {
        for (week, (mean, load)) in self.outlook.mean.iter().zip(&self.loads).enumerate() {
            let drawn = paths.iter().map(|path| path[week]).sum::<f64>() / paths.len() as f64;
            let rate = if drawn > 0.0 { mean * load / drawn } else { 1.0 };
            paths.iter_mut().for_each(|path| path[week] *= rate);
        }
    }
}

fn first_bill(book: &Book, origin: Origin) -> Day {
    let posted =
        book.items.iter().filter(|item| item.is_bill && item.posted > book.history_from).map(|item| item.posted);
    posted.min().unwrap_or(origin.day)
}

/// Share of each scope in some bills, less what a scenario takes off it.
fn shares(book: &Book, fit: &Fit, bills: &[u32]) -> Vec<(u32, f64)> {
    let mut amounts: BTreeMap<u32, f64> = BTreeMap::new();
    let mut total = 0.0;
    for at in bills {
        let item = &book.items[*at as usize];
        total += item.amount;
        *amounts.entry(item.scope).or_default() += item.amount * fit.scenario.billed_rate(item);
    }
    amounts.into_iter().map(|(scope, amount)| (scope, amount / total)).collect()
}

/// Share of each week's billing that is paid by the end of each span, as its recent bills would be.
fn paid_rates(
    book: &Book,
    origin: Origin,
    fit: &Fit,
    recent: &[u32],
    load: &CalendarLoad,
    horizon: &Horizon,
    weeks: usize,
) -> Vec<Vec<f64>> {
    let by_age = paid_by_age(book, origin, fit, recent, horizon.day_count());
    let paid = |days: Day| usize::try_from(days).ok().and_then(|at| by_age.get(at)).copied().unwrap_or(0.0);
    (0..weeks)
        .map(|week| {
            let days: Vec<(Day, f64)> =
                (1..=7).map(|day| horizon.origin + 7 * week as Day + day).map(|day| (day, load.of_day(day))).collect();
            let worth: f64 = days.iter().map(|(_, load)| load).sum::<f64>().max(f64::MIN_POSITIVE);
            let by_end = |end: &Day| days.iter().map(|(day, load)| load * paid(end - day)).sum::<f64>() / worth;
            horizon.ends.iter().map(by_end).collect()
        })
        .collect()
}

/// Share of recent bills' amount paid by so many days after posting. A curve tells of what is open after that day; what was settled
/// by then, as where cash is paid at once or before, is settled at once again.
fn paid_by_age(book: &Book, origin: Origin, fit: &Fit, recent: &[u32], days: usize) -> Vec<f64> {
    let mut paid = vec![0.0; days];
    let mut chances = vec![0.0; days];
    let mut total = 0.0;
    for at in recent.iter().filter(|_| days > 0) {
        let item = &book.items[*at as usize];
        let at_once = at_once(book, origin, *at as usize);
        let posted = Origin::replayed(item.posted);
        paid_by_day(fit, item.payer, item.due_day(), &Standing::default(), posted, &mut chances[1..]);
        chances[1..].iter_mut().for_each(|share| *share = at_once.paid + at_once.left * *share);
        chances[0] = at_once.paid;
        fit.scenario.delay(item, &mut chances);
        paid.iter_mut().zip(&chances).for_each(|(sum, share)| *sum += item.amount * share);
        total += item.amount;
    }
    if total > 0.0 {
        paid.iter_mut().for_each(|share| *share /= total);
    }
    paid
}

/// Shares of a bill at the end of the day it was posted on.
struct AtOnce {
    paid: f64,
    left: f64,
}

fn at_once(book: &Book, origin: Origin, at: usize) -> AtOnce {
    let item = &book.items[at];
    let by_posting =
        book.settlements_of(at).iter().filter(|s| s.credit_posted <= item.posted && origin.sees(s.effective, s.known));
    let (mut cash, mut all) = (0.0, 0.0);
    for settlement in by_posting {
        all += settlement.amount;
        if settlement.means == Means::Cash {
            cash += settlement.amount;
        }
    }
    let settled = (all / item.amount).clamp(0.0, 1.0);
    AtOnce { paid: (cash / item.amount).clamp(0.0, settled), left: 1.0 - settled }
}
