//! How long money that has come waits until it is applied.

use std::collections::BTreeMap;

use super::book::{Book, Day, Item, Means, NOTHING_AMOUNT, Origin};
use super::calendar::weekday;

/// Days looked back on to learn how long money waits to be applied, after those it is given to be.
const LAG_HISTORY_DAYS: Day = 365;
const LAG_MOST_DAYS: Day = 60;

/// Share of the money for open items that is applied within so many days of its coming: `rates[days]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Applied {
    rates: Vec<f64>,
}

impl Applied {
    pub(super) fn learn(book: &Book, origin: Origin) -> Self {
        let last = origin.day - LAG_MOST_DAYS;
        let mut by_lag = vec![0.0; LAG_MOST_DAYS as usize + 1];
        for (at, item) in book.items.iter().enumerate().filter(|(_, item)| item.is_bill) {
            let is_meant = |posted: Day| posted >= item.posted && posted > last - LAG_HISTORY_DAYS && posted <= last;
            for settled in book.settlements_of(at) {
                let is_money = settled.means == Means::Cash && settled.amount > 0.0;
                if is_money && is_meant(settled.credit_posted) && origin.sees(settled.effective, settled.known) {
                    let lag = (settled.effective - settled.credit_posted).clamp(0, LAG_MOST_DAYS);
                    by_lag[lag as usize] += settled.amount;
                }
            }
        }
        let total: f64 = by_lag.iter().sum();
        let mut so_far = 0.0;
        let share = |amount: f64| {
            so_far += amount;
            so_far / total
        };
        Self { rates: if total > 0.0 { by_lag.into_iter().map(share).collect() } else { Vec::new() } }
    }

    pub(super) fn within(&self, days: Day) -> f64 {
        usize::try_from(days).map_or(0.0, |days| self.rates.get(days).copied().unwrap_or(1.0))
    }
}

/// How the money that waits at an origin is applied from then on.
///
/// The chance of each day of waiting is Kaplan and Meier's (1958), by amounts, the money that still waits counted as long as it has:
/// what has waited long, or is of nobody's bill, is not taken to be applied tomorrow. Days of the week on which nothing is applied
/// stay without.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    /// Share applied by the end of each day asked for, by payer and scope.
    rates: BTreeMap<(u32, u32), Vec<f64>>,
    days: usize,
}

impl Waiting {
    pub(super) fn learn(book: &Book, origin: Origin, ends: &[Day]) -> Self {
        let hazards = Hazards::learn(book, origin);
        let mut by_wait: BTreeMap<Day, Vec<f64>> = BTreeMap::new();
        let mut sums: BTreeMap<(u32, u32), (f64, Vec<f64>)> = BTreeMap::new();
        for (_, item, left) in waiting_at(book, origin) {
            let wait = origin.day - item.posted;
            let rates = by_wait.entry(wait).or_insert_with(|| hazards.rates(wait, origin.day, ends));
            let (amount, sum) = sums.entry((item.payer, item.scope)).or_insert_with(|| (0.0, vec![0.0; ends.len()]));
            *amount += left;
            sum.iter_mut().zip(rates).for_each(|(sum, rate)| *sum += left * *rate);
        }
        let mean = |(key, (amount, sum)): ((u32, u32), (f64, Vec<f64>))| {
            (key, sum.into_iter().map(|sum| sum / amount).collect())
        };
        Self { rates: sums.into_iter().map(mean).collect(), days: ends.len() }
    }

    /// Share of a payer's waiting money that is applied by the end of each day asked for.
    pub(super) fn rates(&self, payer: u32, scope: u32) -> Vec<f64> {
        self.rates.get(&(payer, scope)).cloned().unwrap_or_else(|| vec![0.0; self.days])
    }
}

/// Money that waits at an origin: the place of its item, the item, and what is left of it.
fn waiting_at(book: &Book, origin: Origin) -> impl Iterator<Item = (usize, &Item, f64)> {
    let is_seen = move |item: &Item| item.is_money && item.amount < 0.0 && origin.sees(item.posted, item.known);
    let left = move |(at, item)| (at, item, book.left_of(at, origin));
    let items = book.items.iter().enumerate().filter(move |(_, item)| is_seen(item)).map(left);
    items.filter(|(.., left)| *left > NOTHING_AMOUNT)
}

/// The chance to be applied on a day of waiting, and the pace of each day of the week against the mean.
struct Hazards {
    by_lag: Vec<f64>,
    longer: f64,
    weekdays: [f64; 7],
}

impl Hazards {
    fn learn(book: &Book, origin: Origin) -> Self {
        let longest = LAG_MOST_DAYS as usize;
        let (mut ended, mut at_risk) = (vec![0.0; longest + 1], vec![0.0; longest + 2]);
        let mut on_weekday = [0.0; 7];
        let place = |lag: Day| lag.clamp(0, LAG_MOST_DAYS) as usize;
        let is_meant = |item: &Item| {
            item.is_money
                && item.posted > origin.day - LAG_MOST_DAYS - LAG_HISTORY_DAYS
                && origin.sees(item.posted, item.known)
        };
        for (at, item) in book.items.iter().enumerate().filter(|(_, item)| is_meant(item)) {
            for used in book.uses_of(at).iter().filter(|s| s.credit_amount > 0.0 && origin.sees(s.effective, s.known)) {
                let lag = used.effective - item.posted;
                at_risk[place(lag)] += used.credit_amount;
                if lag <= LAG_MOST_DAYS {
                    ended[place(lag)] += used.credit_amount;
                }
                if lag > 0 {
                    on_weekday[weekday(used.effective)] += used.credit_amount;
                }
            }
            at_risk[place(origin.day - item.posted)] += book.left_of(at, origin).max(0.0);
        }
        for lag in (0..=longest).rev() {
            at_risk[lag] += at_risk[lag + 1];
        }
        let rate = |ended: f64, at_risk: f64| if at_risk > 0.0 { (ended / at_risk).min(1.0) } else { 0.0 };
        let half = longest / 2;
        let total: f64 = on_weekday.iter().sum();
        Self {
            by_lag: ended.iter().zip(&at_risk).map(|(ended, at_risk)| rate(*ended, *at_risk)).collect(),
            longer: rate(ended[half..].iter().sum(), at_risk[half..=longest].iter().sum()),
            weekdays: on_weekday.map(|amount| if total > 0.0 { 7.0 * amount / total } else { 1.0 }),
        }
    }

    /// Share of money that has waited for some days that is applied by the end of each day to come.
    fn rates(&self, waited: Day, origin: Day, ends: &[Day]) -> Vec<f64> {
        let last = ends.last().copied().unwrap_or(origin);
        let mut left = 1.0;
        let mut by_day = Vec::with_capacity((last - origin).max(0) as usize);
        for day in origin + 1..=last {
            let lag = (waited + day - origin) as usize;
            let chance = self.by_lag.get(lag).copied().unwrap_or(self.longer);
            left *= 1.0 - (chance * self.weekdays[weekday(day)]).min(1.0);
            by_day.push(1.0 - left);
        }
        ends.iter().map(|end| by_day.get((end - origin - 1) as usize).copied().unwrap_or(0.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, paid};
    use super::*;

    #[test]
    fn money_that_waits_to_be_applied_counts_later() {
        let items = (0..10).map(|no| bill(no, 0, 100, 130, 100.0)).collect();
        let late = |no: i64| super::super::book::Settlement { effective: 130 + no as Day, ..paid(no, 130, 100.0) };
        let book = Book::new(0, vec!["a".to_owned()], vec![0], items, (0..10).map(late).collect());
        let applied = Applied::learn(&book, Origin::with_hindsight(300));
        assert!((applied.within(0) - 0.1).abs() < 1e-12 && (applied.within(4) - 0.5).abs() < 1e-12);
        assert_eq!((applied.within(-1), applied.within(9), applied.within(500)), (0.0, 1.0, 1.0));
        let nothing = Applied::learn(&book, Origin::with_hindsight(100));
        assert_eq!(nothing.within(0), 1.0, "without evidence money is applied on the day it comes");
    }

    #[test]
    fn money_that_has_waited_is_applied_when_such_money_was() {
        // Every Monday money comes; every other receipt is applied on the day, the others 28 days later.
        let (mut items, mut settlements) = (Vec::new(), Vec::new());
        for no in 0..60 {
            let posted = 4 + 7 * no as Day;
            items.push(bill(no, 0, posted - 20, posted, 100.0));
            items.push(Item { amount: -100.0, is_bill: false, ..bill(no + 1_000_000, 0, posted, posted, -100.0) });
            let effective = posted + if no % 2 == 0 { 0 } else { 28 };
            settlements.push(super::super::book::Settlement { effective, known: effective, ..paid(no, posted, 100.0) });
        }
        let last = items.last().map_or(0, |item| item.posted);
        let book = Book::new(0, vec!["a".to_owned()], vec![0], items, settlements);
        // On the Friday after the last receipt, that one and the one two weeks before it wait.
        let origin = Origin::replayed(last + 4);
        let ends: Vec<Day> = (1..=28).map(|day| origin.day + day).collect();
        let rates = Waiting::learn(&book, origin, &ends).rates(0, 0);
        assert_eq!(weekday(last), 0, "a Monday");
        assert!(rates[8] < 0.01, "nothing is applied before it has waited four weeks: {rates:?}");
        assert!((rates[9] - 0.5).abs() < 0.01 && rates[23] > 0.99, "then one after the other: {rates:?}");
        assert_eq!(Waiting::learn(&book, origin, &ends).rates(7, 0), vec![0.0; 28], "who has no money waiting");
    }
}
