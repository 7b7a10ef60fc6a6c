//! What if: payments that come later or not at all, more in dispute, less billed. A scenario changes what an outlook and the
//! billing to come are made from, never what was learnt: base and scenario differ by what is supposed alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Line;
use super::book::{Book, Day, Item, Origin};

/// What is supposed; nothing by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// One after the other: days add up, shares of what is left multiply.
    pub changes: Vec<Change>,
}

/// One thing that is supposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Of which items.
    pub whose: Whose,
    /// What becomes of them.
    pub effect: Effect,
}

/// The items a change is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whose {
    /// Those of these payers; none for everyone's.
    pub payers: Option<BTreeSet<u32>>,
    /// Those of these strata (company, currency and segment); none for all.
    pub strata: Option<BTreeSet<u32>>,
}

/// What becomes of items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Each payment comes so many days later.
    Slower(Day),
    /// Nothing is paid any more.
    Stops,
    /// This share of what is due or overdue comes into dispute today.
    Disputed(f64),
    /// As much comes into dispute today as makes the disputed amount of each currency larger by this share of it.
    DisputesGrow(f64),
    /// Billing to come is lower by this share.
    BillingFalls(f64),
}

/// Amounts open in one currency that a change in disputes is about.
#[derive(Clone, Copy, Debug, Default)]
struct Backlog {
    disputed: f64,
    free: f64,
}

impl Whose {
    /// Whether an item is one of them.
    #[must_use]
    pub fn has(&self, item: &Item) -> bool {
        self.payers.as_ref().is_none_or(|payers| payers.contains(&item.payer))
            && self.strata.as_ref().is_none_or(|strata| strata.contains(&item.stratum))
    }

    /// Narrows them to the so many payers that owe most in each currency; of equal ones, those named first.
    #[must_use]
    pub fn of_largest(self, count: usize, book: &Book, origin: Origin) -> Self {
        let mut owed: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for open in book.open_at(origin) {
            let item = &book.items[open.item as usize];
            if self.has(item) {
                *owed.entry((book.scope_currency[item.scope as usize], item.payer)).or_default() += open.open_amount;
            }
        }
        let mut ranked: Vec<((u32, u32), f64)> = owed.into_iter().collect();
        ranked.sort_by(|((a, who), owes), ((b, other), others)| {
            let by_name = || book.payers[*who as usize].cmp(&book.payers[*other as usize]);
            a.cmp(b).then(others.total_cmp(owes)).then_with(by_name)
        });
        let by_currency = ranked.chunk_by(|((a, _), _), ((b, _), _)| a == b);
        let largest = by_currency.flat_map(|of_one| of_one.iter().take(count).map(|((_, payer), _)| *payer)).collect();
        Self { payers: Some(largest), ..self }
    }
}

impl Scenario {
    /// Delays what is paid of an item by the end of each day, or stops it.
    pub fn delay(&self, item: &Item, paid: &mut [f64]) {
        let about = self.changes.iter().filter(|change| change.whose.has(item));
        let mut days = 0;
        for change in about {
            match change.effect {
                Effect::Slower(more) => days += more.max(0) as usize,
                Effect::Stops => days = paid.len(),
                _ => {}
            }
        }
        let days = days.min(paid.len());
        paid.copy_within(..paid.len() - days, days);
        paid[..days].fill(0.0);
    }

    /// Share of an item's like that is still billed.
    #[must_use]
    pub fn billed_rate(&self, item: &Item) -> f64 {
        let rate = |change: &Change| match change.effect {
            Effect::BillingFalls(rate) if change.whose.has(item) => 1.0 - rate,
            _ => 1.0,
        };
        self.changes.iter().map(rate).product()
    }

    /// Share of each open part (place of its item, line, amount) that comes into dispute; none where nothing does.
    #[must_use]
    pub fn disputed_rates(&self, book: &Book, parts: &[(u32, Line, f64)]) -> Option<Vec<f64>> {
        let mut left = vec![1.0; parts.len()];
        let mut is_changed = false;
        for Change { whose, effect } in &self.changes {
            let rates: Vec<f64> = match *effect {
                Effect::Disputed(rate) => vec![rate; book.scope_currency.len()],
                Effect::DisputesGrow(rate) => grown(book, parts, whose, rate),
                _ => continue,
            };
            is_changed = true;
            for ((at, line, _), left) in parts.iter().zip(&mut left) {
                let item = &book.items[*at as usize];
                if is_free(*line) && whose.has(item) {
                    *left *= 1.0 - rates[item.scope as usize];
                }
            }
        }
        is_changed.then(|| left.into_iter().map(|left| 1.0 - left).collect())
    }
}

/// Open, and neither promised nor disputed.
fn is_free(line: Line) -> bool {
    matches!(line, Line::Due | Line::Overdue)
}

/// Share of what is due or overdue that makes the disputes of its currency grow by a share, by scope.
fn grown(book: &Book, parts: &[(u32, Line, f64)], whose: &Whose, rate: f64) -> Vec<f64> {
    let currencies = book.scope_currency.iter().max().map_or(0, |last| *last as usize + 1);
    let mut backlogs = vec![Backlog::default(); currencies];
    for (at, line, amount) in parts {
        let item = &book.items[*at as usize];
        let backlog = &mut backlogs[book.scope_currency[item.scope as usize] as usize];
        if whose.has(item) {
            match line {
                Line::Disputed => backlog.disputed += amount,
                line if is_free(*line) => backlog.free += amount,
                _ => {}
            }
        }
    }
    let share = |currency: &u32| {
        let Backlog { disputed, free } = backlogs[*currency as usize];
        if free > 0.0 { (rate * disputed / free).min(1.0) } else { 0.0 }
    };
    book.scope_currency.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::bill;
    use super::*;

    fn scenario(whose: Whose, effect: Effect) -> Scenario {
        Scenario { changes: vec![Change { whose, effect }] }
    }

    fn of_payers(payers: &[u32]) -> Whose {
        Whose { payers: Some(payers.iter().copied().collect()), strata: None }
    }

    /// Three payers; payer 1 has 300 open, the others 100 each; payer 2 is in another stratum.
    fn book() -> Book {
        let mut items = vec![bill(1, 0, 0, 30, 100.0), bill(2, 1, 0, 30, 300.0), bill(3, 2, 0, 30, 100.0)];
        items[2].stratum = 1;
        Book::new(0, ["A", "B", "C"].map(str::to_owned).to_vec(), vec![0], items, Vec::new())
    }

    #[test]
    fn later_payments_are_the_same_payments_so_many_days_later() {
        let item = bill(1, 0, 0, 30, 100.0);
        let paid = [0.1, 0.3, 0.6, 1.0];
        let delayed = |scenario: &Scenario| {
            let mut paid = paid;
            scenario.delay(&item, &mut paid);
            paid
        };
        let two_days = scenario(Whose::default(), Effect::Slower(2));
        assert_eq!(delayed(&two_days), [0.0, 0.0, 0.1, 0.3]);
        let twice = Scenario { changes: [two_days.changes.clone(), two_days.changes.clone()].concat() };
        assert_eq!(delayed(&twice), [0.0; 4]);
        assert_eq!(delayed(&scenario(of_payers(&[7]), Effect::Slower(2))), paid);
        assert_eq!(delayed(&scenario(of_payers(&[0]), Effect::Stops)), [0.0; 4]);
        assert_eq!(delayed(&Scenario::default()), paid);
    }

    #[test]
    fn the_largest_customers_are_those_that_owe_most_and_of_equal_ones_the_first_by_name() {
        let book = book();
        let origin = Origin::replayed(10);
        let largest = |whose: Whose, count| whose.of_largest(count, &book, origin).payers.expect("payers");
        assert_eq!(largest(Whose::default(), 1), BTreeSet::from([1]));
        assert_eq!(largest(Whose::default(), 2), BTreeSet::from([0, 1]));
        let stratum = Whose { strata: Some(BTreeSet::from([1])), payers: None };
        assert_eq!(largest(stratum, 5), BTreeSet::from([2]));
    }

    #[test]
    fn billing_falls_for_those_it_is_about_alone() {
        let book = book();
        let falls = scenario(of_payers(&[1]), Effect::BillingFalls(0.2));
        assert_eq!(falls.billed_rate(&book.items[1]), 0.8);
        assert_eq!(falls.billed_rate(&book.items[0]), 1.0);
    }

    #[test]
    fn disputes_grow_out_of_what_is_due_or_overdue() {
        let book = book();
        let parts =
            [(0, Line::Due, 100.0), (1, Line::Disputed, 40.0), (2, Line::Promised, 50.0), (2, Line::Overdue, 60.0)];
        let rates = |effect| scenario(Whose::default(), effect).disputed_rates(&book, &parts).expect("a change");
        let near = |found: Vec<f64>, expected: [f64; 4]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        };
        near(rates(Effect::Disputed(0.25)), [0.25, 0.0, 0.0, 0.25]);
        // Half of 40 more, out of 160.
        near(rates(Effect::DisputesGrow(0.5)), [0.125, 0.0, 0.0, 0.125]);
        near(rates(Effect::DisputesGrow(99.0)), [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(scenario(Whose::default(), Effect::Stops).disputed_rates(&book, &parts), None);
    }
}
