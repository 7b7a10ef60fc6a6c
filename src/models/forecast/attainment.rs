//! What a set of open items still brings by the end of a period, for everyone who may have a target.
//!
//! The items of a scope of the book belong to the same rows of the answer on every day to come; which, [`Share`] says. All rows are
//! summed from the same draws, so that a team is the sum of its collectors in every one of them.

use std::collections::BTreeMap;

use super::Settings;
use super::billing::in_parallel;
use super::book::{Book, Day, Origin};
use super::horizon::Horizon;
use super::outlook::{Fit, Outlook};
use super::simulate::{Claim, Course, Draws, Together, quantile_of_sorted};

/// Scopes whose draws are held at the same time.
const SCOPES_AT_A_TIME: usize = 64;

/// The days on which the items of a scope belong to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The row.
    pub row: usize,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The book.
    pub book: &'a Book,
    /// The day asked for.
    pub origin: Origin,
    /// The days to come, up to the end of the period.
    pub horizon: Horizon,
    /// Which items of the book are to be collected.
    pub is_collectable: Vec<bool>,
    /// The rows of each scope of the book.
    pub shares: Vec<Vec<Share>>,
    /// Number of rows.
    pub row_count: usize,
    /// Share of each payer's open credit in a currency (a number of the book) that is money.
    pub money_rates: BTreeMap<(u32, u32), f64>,
    /// Whether the days between are wanted and not the last one alone.
    pub is_by_day: bool,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// What each row's items still bring.
    pub rows: Vec<Rest>,
    /// The open items behind it.
    pub outlook: Outlook,
}

/// What is still to come for a row, by the end of each day asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Rest {
    /// Expected.
    pub means: Vec<f64>,
    /// Drawn: `cash[draw * days + day]`.
    cash: Vec<f64>,
}

/// An amount as a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Expected.
    pub mean: f64,
    /// Nine in ten are more.
    pub p10: f64,
    /// Half are more.
    pub p50: f64,
    /// One in ten is more.
    pub p90: f64,
}

impl Question<'_> {
    /// Looks ahead with what was learnt from the book.
    #[must_use]
    pub fn answer(&self, fit: &Fit, settings: &Settings) -> Prospect {
        let outlook = Outlook::new(self.book, self.origin, fit, &self.horizon);
        let days = if self.is_by_day { self.horizon.ends.len() } else { 1 };
        let none = Rest { means: vec![0.0; days], cash: vec![0.0; days * settings.draws] };
        let mut rows = vec![none; self.row_count];
        self.add_money_on_account(&outlook, &mut rows);
        let scopes: Vec<(usize, Vec<Claim>, Vec<f64>)> = (0..outlook.scopes.len())
            .map(|scope| self.claims(&outlook, scope))
            .filter(|(_, claims, _)| !claims.is_empty())
            .collect();
        let course = Course {
            lines: 1,
            bins: outlook.spans,
            draws: settings.draws,
            seed: settings.seed,
            together: Together::USUAL,
        };
        for some in scopes.chunks(SCOPES_AT_A_TIME) {
            let drawn = in_parallel(some, |(_, claims, rates)| course.draw(claims, rates));
            for ((scope, claims, rates), draws) in some.iter().zip(&drawn) {
                let means = bin_means(claims, rates, outlook.spans);
                self.add(*scope, &means, draws, &mut rows);
            }
        }
        rows.iter_mut().for_each(|rest| rest.sum_up(days));
        Prospect { rows, outlook }
    }

    /// The claims of a scope that are to be collected, with their chances.
    fn claims(&self, outlook: &Outlook, scope: usize) -> (usize, Vec<Claim>, Vec<f64>) {
        let (mut claims, mut rates) = (Vec::new(), Vec::new());
        for at in outlook.scopes[scope].clone() {
            if self.is_collectable[outlook.items[at] as usize] {
                claims.push(Claim { line: 0, ..outlook.claims[at] });
                rates.extend_from_slice(&outlook.paid_rates[at * outlook.spans..(at + 1) * outlook.spans]);
            }
        }
        (scope, claims, rates)
    }

    /// Adds a scope's cash of each bin to the rows it belongs to then.
    fn add(&self, scope: usize, means: &[f64], draws: &Draws, rows: &mut [Rest]) {
        for share in &self.shares[scope] {
            let rest = &mut rows[share.row];
            let days = rest.means.len();
            for (bin, end) in self.horizon.ends.iter().enumerate() {
                if !(share.from..=share.to).contains(end) {
                    continue;
                }
                let day = if self.is_by_day { bin } else { 0 };
                rest.means[day] += means[bin];
                for (sum, cash) in rest.cash[day..].iter_mut().step_by(days).zip(draws.of_bin(bin)) {
                    *sum += cash;
                }
            }
        }
    }

    /// Money on account that covers items to be collected: it is there and need only be applied.
    fn add_money_on_account(&self, outlook: &Outlook, rows: &mut [Rest]) {
        let mut covered: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        let key = |item: usize| (self.book.items[item].scope, self.book.items[item].payer);
        for open in self.book.open_at(self.origin).iter().filter(|open| self.is_collectable[open.item as usize]) {
            *covered.entry(key(open.item as usize)).or_default() += open.open_amount;
        }
        for (claim, item) in outlook.claims.iter().zip(&outlook.items) {
            if self.is_collectable[*item as usize] {
                *covered.entry(key(*item as usize)).or_default() -= claim.amount;
            }
        }
        for ((scope, payer), amount) in covered {
            let currency = self.book.scope_currency[scope as usize];
            let money = amount.max(0.0) * self.money_rates.get(&(payer, currency)).copied().unwrap_or(0.0);
            for share in self.shares[scope as usize].iter().filter(|share| share.from <= self.origin.day + 1) {
                let rest = &mut rows[share.row];
                let days = rest.means.len();
                rest.means[0] += money;
                rest.cash.iter_mut().step_by(days).for_each(|sum| *sum += money);
            }
        }
    }
}

/// Expected cash of some claims in each bin.
fn bin_means(claims: &[Claim], rates: &[f64], bins: usize) -> Vec<f64> {
    let mut means = vec![0.0; bins];
    for (claim, rates) in claims.iter().zip(rates.chunks_exact(bins.max(1))) {
        let before = std::iter::once(&0.0).chain(rates);
        for ((mean, before), by_now) in means.iter_mut().zip(before).zip(rates) {
            *mean += claim.amount * (by_now - before);
        }
    }
    means
}

impl Rest {
    /// Turns the cash of each day into that up to its end.
    fn sum_up(&mut self, days: usize) {
        for row in std::iter::once(self.means.as_mut_slice()).chain(self.cash.chunks_exact_mut(days.max(1))) {
            for at in 1..row.len() {
                row[at] += row[at - 1];
            }
        }
    }

    /// The same with so much more of everything.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        self.means.iter_mut().chain(&mut self.cash).for_each(|amount| *amount *= factor);
        self
    }

    /// Both together, draw by draw.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.means.iter_mut().zip(&other.means).for_each(|(sum, amount)| *sum += amount);
        self.cash.iter_mut().zip(&other.cash).for_each(|(sum, amount)| *sum += amount);
        self
    }

    /// The draws of a day, each one's distance from what is expected widened.
    fn drawn(&self, day: usize, width: f64) -> Vec<f64> {
        let mean = self.means[day];
        let draws = self.cash[day..].iter().step_by(self.means.len());
        draws.map(|cash| (mean + width * (cash - mean)).max(0.0)).collect()
    }

    /// What comes by the end of a day.
    #[must_use]
    pub fn by(&self, day: usize, width: f64) -> Spread {
        let mut sorted = self.drawn(day, width);
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |share| quantile_of_sorted(&sorted, share);
        Spread { mean: self.means[day], p10: at(0.1), p50: at(0.5), p90: at(0.9) }
    }

    /// The chance that at least so much comes by the end of the last day. No number of draws makes it quite 0 or 1.
    #[must_use]
    pub fn reach_rate(&self, needed: f64, width: f64) -> f64 {
        let drawn = self.drawn(self.means.len() - 1, width);
        let reached = drawn.iter().filter(|cash| **cash >= needed).count();
        (reached as f64 + 0.5) / (drawn.len() as f64 + 1.0)
    }
}
