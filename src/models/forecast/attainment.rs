//! What a set of open items still brings by the end of a period, for everyone who may have a target.
//!
//! The items of a scope of the book belong to the same rows of the answer on every day to come; which, [`Share`] says. All rows are
//! summed from the same draws, so that a team is the sum of its collectors in every one of them.

use std::collections::BTreeMap;

use super::Settings;
use super::applied::{Applied, Waiting};
use super::book::{Book, Day, Item, NOTHING_AMOUNT, Open, Origin};
use super::horizon::Horizon;
use super::normal;
use super::outlook::{Fit, Outlook};
use super::simulate::{Claim, Course, Draws, Together, widened_quantile};
use crate::models::parallel::in_parallel;

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
    /// The open items to be collected, in the order of the book.
    pub items: Vec<Collectable>,
}

/// An open item to be collected, and what of it is expected to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collectable {
    /// Its place in the book.
    pub item: u32,
    /// What it was taken for; none where open credit covers it.
    pub line: Option<u32>,
    /// What is open of it, without what open credit other than money covers.
    pub amount: f64,
    /// What of that is expected to be paid and applied by the last day.
    pub expected: f64,
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
        let applied = Applied::learn(self.book, self.origin);
        let money = self.money_on_account(&outlook);
        let waiting = Waiting::learn(self.book, self.origin, &self.horizon.ends);
        let claims = self.claims(&outlook, &applied, &waiting, &money);
        let course = Course {
            lines: 1,
            bins: outlook.spans,
            draws: settings.draws,
            seed: settings.seed,
            together: Together::USUAL,
        };
        let scopes: Vec<usize> = (0..claims.len()).filter(|scope| !claims[*scope].0.is_empty()).collect();
        for some in scopes.chunks(SCOPES_AT_A_TIME) {
            let drawn = in_parallel(some, |scope| course.draw(&claims[*scope].0, &claims[*scope].1));
            for (scope, draws) in some.iter().zip(&drawn) {
                let (claims, rates) = &claims[*scope];
                self.add(*scope, &bin_means(claims, rates, outlook.spans), draws, &mut rows);
            }
        }
        rows.iter_mut().for_each(|rest| rest.sum_up(days));
        Prospect { rows, items: self.items(&outlook, &applied, &waiting, &money) }
    }

    /// What is to be collected of each scope, and the chance of each claim to be paid and applied by the end of each day: open items,
    /// and the money on account that covers items, which is there and need only be applied.
    fn claims(
        &self,
        outlook: &Outlook,
        applied: &Applied,
        waiting: &Waiting,
        money: &BTreeMap<u32, f64>,
    ) -> Vec<(Vec<Claim>, Vec<f64>)> {
        let mut of_payers: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
        for (item, amount) in money {
            let item = &self.book.items[*item as usize];
            *of_payers.entry(item.scope).or_default().entry(item.payer).or_default() += amount;
        }
        let of_scope = |(scope, range): (usize, &std::ops::Range<usize>)| {
            let own = range.clone().filter(|at| self.is_collectable[outlook.items[*at] as usize]);
            let rates = |at: usize| &outlook.paid_rates[at * outlook.spans..(at + 1) * outlook.spans];
            let mut claims: Vec<(Claim, Vec<f64>)> =
                own.map(|at| (Claim { line: 0, ..outlook.claims[at] }, self.applied(rates(at), applied))).collect();
            for (payer, amount) in of_payers.remove(&(scope as u32)).unwrap_or_default() {
                let rates = waiting.rates(payer, scope as u32);
                let payer = self.book.streams[payer as usize];
                claims.push((Claim { payer, due: self.origin.day, line: 0, amount }, rates));
            }
            claims.sort_by_key(|(claim, _)| claim.payer);
            let (claims, rates): (Vec<Claim>, Vec<Vec<f64>>) = claims.into_iter().unzip();
            (claims, rates.concat())
        };
        outlook.scopes.iter().enumerate().map(of_scope).collect()
    }

    /// The chance to be paid and applied by the end of each day, from that to be paid by it.
    fn applied(&self, paid: &[f64], applied: &Applied) -> Vec<f64> {
        (1..=paid.len()).map(|days| self.applied_at_last(&paid[..days], applied)).collect()
    }

    fn applied_at_last(&self, paid: &[f64], applied: &Applied) -> f64 {
        let ends = &self.horizon.ends[..paid.len()];
        let on = std::iter::once(&0.0).chain(paid).zip(paid).map(|(before, by_now)| by_now - before);
        let last = ends.last().copied().unwrap_or(self.origin.day);
        on.zip(ends).map(|(share, end)| share * applied.within(last - end)).sum()
    }

    /// The items to be collected, with what of them is expected.
    fn items(
        &self,
        outlook: &Outlook,
        applied: &Applied,
        waiting: &Waiting,
        money: &BTreeMap<u32, f64>,
    ) -> Vec<Collectable> {
        let mut found: BTreeMap<u32, Collectable> = BTreeMap::new();
        let mut add = |item: u32, line: Option<u32>, amount: f64, rate: f64| {
            let none = Collectable { item, line, amount: 0.0, expected: 0.0 };
            let of_item = found.entry(item).or_insert(none);
            of_item.amount += amount;
            of_item.expected += amount * rate;
        };
        let paid = outlook.paid_rates.chunks_exact(outlook.spans.max(1));
        for ((claim, item), paid) in outlook.claims.iter().zip(&outlook.items).zip(paid) {
            if self.is_collectable[*item as usize] {
                add(*item, Some(claim.line), claim.amount, self.applied_at_last(paid, applied));
            }
        }
        for (item, amount) in money {
            let Item { payer, scope, .. } = self.book.items[*item as usize];
            add(*item, None, *amount, waiting.rates(payer, scope).last().copied().unwrap_or(0.0));
        }
        found.into_values().collect()
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

    /// Money on account that covers items to be collected, by item.
    fn money_on_account(&self, outlook: &Outlook) -> BTreeMap<u32, f64> {
        let mut claimed: BTreeMap<u32, f64> = BTreeMap::new();
        for (claim, item) in outlook.claims.iter().zip(&outlook.items) {
            *claimed.entry(*item).or_default() += claim.amount;
        }
        let money = |open: &Open| {
            let item = &self.book.items[open.item as usize];
            let key = (item.payer, self.book.scope_currency[item.scope as usize]);
            let covered = open.open_amount - claimed.get(&open.item).copied().unwrap_or(0.0);
            (open.item, covered * self.money_rates.get(&key).copied().unwrap_or(0.0))
        };
        let open = self.book.open_at(self.origin);
        let to_collect = open.iter().filter(|open| self.is_collectable[open.item as usize]);
        to_collect.map(money).filter(|(_, amount)| *amount > NOTHING_AMOUNT).collect()
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

    /// Both together, draw by draw.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.means.iter_mut().zip(&other.means).for_each(|(sum, amount)| *sum += amount);
        self.cash.iter_mut().zip(&other.cash).for_each(|(sum, amount)| *sum += amount);
        self
    }

    /// The draws of a day.
    fn drawn(&self, day: usize) -> Vec<f64> {
        self.cash[day..].iter().step_by(self.means.len()).copied().collect()
    }

    /// What comes by the end of a day.
    #[must_use]
    pub fn by(&self, day: usize, width: f64) -> Spread {
        let mut sorted = self.drawn(day);
        sorted.sort_unstable_by(f64::total_cmp);
        let mean = self.means[day];
        let at = |share| widened_quantile(&sorted, share, mean, width);
        Spread { mean, p10: at(0.1), p50: at(0.5), p90: at(0.9) }
    }

    /// The chance that at least so much comes by the end of the last day. No number of draws makes it quite 0 or 1.
    #[must_use]
    pub fn reach_rate(&self, needed: f64, width: f64) -> f64 {
        let last = self.means.len() - 1;
        let (drawn, mean) = (self.drawn(last), self.means[last]);
        let widened = |cash: f64| if width < 1.0 { cash } else { (mean + width * (cash - mean)).max(0.0) };
        let reached = drawn.iter().filter(|cash| widened(**cash) >= needed).count();
        let rate = (reached as f64 + 0.5) / (drawn.len() as f64 + 1.0);
        // The inverse of what the quantiles of a narrower range are.
        let narrowed =
            if width < 1.0 { normal::share_below(normal::quantile(rate) / width.max(f64::EPSILON)) } else { rate };
        // So many draws cannot tell a chance from none.
        let least = 0.5 / (drawn.len() as f64 + 1.0);
        narrowed.clamp(least, 1.0 - least)
    }

    /// With one of these amounts on top in each draw, in turn, spread evenly over the days: what came on bills yet to be posted.
    #[must_use]
    pub fn with_later(mut self, later: &[f64]) -> Self {
        let days = self.means.len();
        if later.is_empty() {
            return self;
        }
        let by = |at: usize, amount: f64| amount * (at + 1) as f64 / days as f64;
        let usual = later.iter().sum::<f64>() / later.len() as f64;
        self.means.iter_mut().enumerate().for_each(|(at, mean)| *mean += by(at, usual));
        for (draw, amount) in self.cash.chunks_exact_mut(days).zip(later.iter().cycle()) {
            draw.iter_mut().enumerate().for_each(|(at, cash)| *cash += by(at, *amount));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, made_up, paid};
    use super::*;

    const TODAY: Day = 600;
    const END: Day = 620;

    fn question(book: &Book, is_by_day: bool, shares: Vec<Share>, row_count: usize) -> Question<'_> {
        Question {
            book,
            origin: Origin::with_hindsight(TODAY),
            horizon: Horizon { origin: TODAY, ends: (TODAY + 1..=END).collect() },
            is_collectable: book.items.iter().map(|item| item.due.is_some_and(|due| due <= END)).collect(),
            shares: vec![shares],
            row_count,
            money_rates: BTreeMap::new(),
            is_by_day,
        }
    }

    const fn always(row: usize) -> Share {
        Share { row, from: 0, to: Day::MAX }
    }

    #[test]
    fn the_last_day_is_the_same_whether_days_are_wanted_or_not() {
        let book = made_up(700);
        let fit = Fit::new(&book, Origin::with_hindsight(TODAY));
        let answer = |is_by_day| {
            question(&book, is_by_day, vec![always(0)], 1).answer(&fit, &Settings::default()).rows.remove(0)
        };
        let (by_day, at_once) = (answer(true), answer(false));
        let last = by_day.means.len() - 1;
        assert!((by_day.means[last] - at_once.means[0]).abs() < 1e-6 * at_once.means[0], "the same mean");
        assert!((by_day.by(last, 1.0).p90 - at_once.by(0, 1.0).p90).abs() < 1e-6 * at_once.means[0]);
        assert!(by_day.means.windows(2).all(|pair| pair[0] <= pair[1]), "cash only adds up");
    }

    #[test]
    fn what_two_share_by_days_is_what_one_has_alone() {
        let book = made_up(700);
        let fit = Fit::new(&book, Origin::with_hindsight(TODAY));
        let cover =
            vec![Share { row: 0, from: 0, to: TODAY + 8 }, Share { row: 1, from: TODAY + 9, to: Day::MAX }, always(2)];
        let rows = question(&book, false, cover, 3).answer(&fit, &Settings::default()).rows;
        let sum = rows[0].clone().plus(&rows[1]);
        assert!(rows[0].means[0] > 0.0 && rows[1].means[0] > 0.0);
        assert!((sum.means[0] - rows[2].means[0]).abs() < 1e-6 * sum.means[0]);
        assert!((sum.reach_rate(sum.means[0], 1.0) - rows[2].reach_rate(sum.means[0], 1.0)).abs() < 0.01);
    }

    #[test]
    fn the_chance_falls_with_the_target_and_the_range_holds_the_mean() {
        let book = made_up(700);
        let fit = Fit::new(&book, Origin::with_hindsight(TODAY));
        let rest = question(&book, false, vec![always(0)], 1).answer(&fit, &Settings::default()).rows.remove(0);
        let Spread { mean, p10, p50, p90 } = rest.by(0, 1.0);
        assert!(p10 < p50 && p50 < p90 && p10 < mean && mean < p90);
        let rates: Vec<f64> = [0.0, p10, p50, p90, 10.0 * mean].map(|needed| rest.reach_rate(needed, 1.0)).to_vec();
        assert!(rates.windows(2).all(|pair| pair[0] >= pair[1]), "{rates:?}");
        assert!(rates[0] < 1.0 && rates[4] > 0.0 && (rates[2] - 0.5).abs() < 0.01, "{rates:?}");
        let wider = rest.by(0, 2.0);
        assert!(wider.p10 < p10 && wider.p90 > p90);
    }

    #[test]
    fn a_narrower_range_ends_where_the_draws_do_and_its_chances_are_its_quantiles() {
        let cash: Vec<f64> = (0..1000).map(|draw| if draw % 4 == 0 { f64::from(draw) } else { 0.0 }).collect();
        let rest = Rest { means: vec![cash.iter().sum::<f64>() / 1000.0], cash };
        let narrow = rest.by(0, 0.5);
        assert_eq!((narrow.p10, narrow.p50), (0.0, 0.0));
        assert!(narrow.p90 < rest.by(0, 1.0).p90);
        assert!((rest.reach_rate(rest.by(0, 0.8).p90, 0.8) - 0.1).abs() < 0.005);
        let [never, always] = [1e12, -1e12].map(|needed| rest.reach_rate(needed, 0.01));
        assert!(never > 1e-4 && always < 1.0 - 1e-4, "{never} {always}");
    }

    #[test]
    fn bills_yet_to_be_posted_are_added_whether_anything_is_open_or_not() {
        let nothing = Rest { means: vec![0.0; 4], cash: vec![0.0; 4 * 500] };
        let later = nothing.with_later(&[100.0, 300.0]);
        assert_eq!(later.means, [50.0, 100.0, 150.0, 200.0]);
        assert!((later.reach_rate(200.0, 1.0) - 0.5).abs() < 0.01);
        assert_eq!((later.by(3, 1.0).p10, later.by(3, 1.0).p90), (100.0, 300.0));
    }

    #[test]
    fn money_on_account_that_covers_an_item_is_there_already() {
        let money = |no: i64, on: Day, amount: f64| Item { is_bill: false, ..bill(no, 0, on, on, -amount) };
        let mut items = vec![bill(1, 0, 570, 600, 100.0), money(2, 599, 60.0)];
        let mut settlements = Vec::new();
        // Money is applied two days after it comes.
        for no in 10..30 {
            let came = 400 + 7 * no as Day / 2;
            items.extend([bill(no, 0, came - 30, came, 100.0), money(no + 1_000_000, came, 100.0)]);
            settlements.push(super::super::book::Settlement { effective: came + 2, ..paid(no, came, 100.0) });
        }
        let book = Book::new(0, vec!["a".to_owned()], vec![0], items, settlements);
        let fit = Fit::new(&book, Origin::with_hindsight(TODAY));
        let mut question = question(&book, false, vec![always(0)], 1);
        let without = question.answer(&fit, &Settings::default()).rows.remove(0);
        question.money_rates = BTreeMap::from([((0, 0), 0.5)]);
        let mut with = question.answer(&fit, &Settings::default());
        assert!(
            (with.rows[0].means[0] - without.means[0] - 30.0).abs() < 1e-9,
            "half of the 60 that cover it is money"
        );
        let item = with.items.remove(0);
        assert!((item.amount - 70.0).abs() < 1e-9, "40 to come and 30 to be applied");
        assert!((item.expected - with.rows[0].means[0]).abs() < 1e-9, "the row expects what its items do");
    }
}
