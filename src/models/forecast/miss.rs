//! Why a forecast that was kept missed what came: parts that sum exactly to the miss, from the items up.
//!
//! Money is counted in ten-thousandths, as the ledger keeps it, so that nothing is left over.

use std::collections::BTreeMap;

use super::Line;
use super::actual::Undone;
use super::book::{Book, Day, Means, Origin, StateKind};
use super::horizon::Horizon;

/// Ten-thousandths of a currency's unit.
pub type Units = i128;

/// An item that was open when the forecast was made.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptItem {
    /// Place in the book; none where the ledger does not have it any more.
    pub place: Option<usize>,
    /// Who was to pay, by name.
    pub customer_id: String,
    /// Scope it was forecast in.
    pub scope: usize,
    /// Its line then.
    pub line: Line,
    /// Cash expected of it over the weeks looked at.
    pub expected: Units,
}

/// A forecast as it was kept, over the weeks that have ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The weeks that have ended.
    pub horizon: Horizon,
    /// Items open when it was made.
    pub items: Vec<KeptItem>,
    /// Cash expected of billing to come over these weeks, by scope.
    pub new_billing: Vec<Units>,
    /// Whether billing to come was left out.
    pub is_open_only: bool,
}

/// What a part of a miss is due to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Items that brought less than expected, and none of the reasons below.
    LatePayers,
    /// Items that brought more.
    EarlyPayers,
    /// Cash on what was not open when the forecast was made, against what was expected of it.
    NewBilling,
    /// Items that were in dispute on a day of the weeks.
    Disputes,
    /// Items of which a part was written off or credited in the weeks.
    WriteOffs,
    /// Money that came and is not applied to any item.
    UnappliedCash,
}

impl Reason {
    /// All of them, in the order of the answer.
    pub const ALL: [Self; 6] =
        [Self::LatePayers, Self::EarlyPayers, Self::NewBilling, Self::Disputes, Self::WriteOffs, Self::UnappliedCash];

    /// Its word in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LatePayers => "late_payers",
            Self::EarlyPayers => "early_payers",
            Self::NewBilling => "new_billing",
            Self::Disputes => "disputes",
            Self::WriteOffs => "write_offs",
            Self::UnappliedCash => "unapplied_cash",
        }
    }
}

/// The miss of one scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Miss {
    /// Cash expected.
    pub forecast: Units,
    /// Cash that came.
    pub actual: Units,
    /// What each reason adds; they sum to `actual − forecast`.
    pub parts: [Units; 6],
    /// Items behind each reason; none for the last.
    pub items: [usize; 6],
    /// What each customer's items that were open add.
    pub customers: BTreeMap<String, Units>,
    /// Cash by line and week: what came.
    pub lines: Vec<Vec<Units>>,
    /// Cash by week: what came in all.
    pub weeks: Vec<Units>,
    /// Items that the ledger does not have any more.
    pub lost: usize,
}

impl Kept {
    /// Splits the miss of each scope of a book, as `seen` from a later day.
    #[must_use]
    pub fn miss(&self, book: &Book, seen: Origin) -> Vec<Miss> {
        let weeks = self.horizon.ends.len();
        let none = Miss { lines: vec![vec![0; weeks]; Line::ALL.len()], weeks: vec![0; weeks], ..Miss::default() };
        let mut misses = vec![none; book.scope_currency.len()];
        let mut is_kept = vec![false; book.items.len()];
        let disputed = self.disputed(book);
        let undone = Undone::seen(book, seen);
        for item in &self.items {
            let miss = &mut misses[item.scope];
            let mut paid = 0;
            let mut reason = None;
            match item.place {
                Some(at) => {
                    is_kept[at] = true;
                    for (week, cash) in self.cash(book, at, seen, &undone) {
                        paid += cash;
                        miss.lines[item.line as usize][week] += cash;
                    }
                    reason = self.reason(book, at, item, seen, &disputed);
                }
                None => miss.lost += 1,
            }
            miss.take(item, paid, reason);
        }
        for (at, item) in book.items.iter().enumerate().filter(|(at, item)| item.amount > 0.0 && !is_kept[*at]) {
            let miss = &mut misses[item.scope as usize];
            let mut came = false;
            for (week, cash) in self.cash(book, at, seen, &undone) {
                came = true;
                miss.lines[Line::NewBilling as usize][week] += cash;
            }
            miss.items[Reason::NewBilling as usize] += usize::from(came && !self.is_open_only);
        }
        for (scope, miss) in misses.iter_mut().enumerate() {
            miss.close(self.new_billing.get(scope).copied().unwrap_or(0), self.is_open_only);
        }
        if !self.is_open_only {
            for receipt in book.receipts.iter().filter(|r| seen.sees(r.posted, r.known)) {
                if let Some(week) = self.horizon.span_of(receipt.posted) {
                    misses[receipt.scope as usize].receive(week, units(receipt.amount));
                }
            }
        }
        misses
    }

    /// Cash applied to an item, by week.
    fn cash<'a>(
        &'a self,
        book: &'a Book,
        at: usize,
        seen: Origin,
        undone: &'a Undone,
    ) -> impl Iterator<Item = (usize, Units)> + 'a {
        let seen = move |s: &&super::book::Settlement| seen.sees(s.effective, s.known);
        book.settlements_of(at).iter().filter(seen).filter_map(|settlement| {
            let day = undone.cash_day(settlement, self.horizon.origin)?;
            Some((self.horizon.span_of(day)?, units(settlement.amount)))
        })
    }

    /// What an item's miss is due to, beside being late or early.
    fn reason(&self, book: &Book, at: usize, kept: &KeptItem, seen: Origin, disputed: &Disputed) -> Option<Reason> {
        let item = &book.items[at];
        let is_disputed = kept.line == Line::Disputed
            || item.is_disputed
            || disputed.items.get(at).copied().unwrap_or(false)
            || disputed.payers.get(item.payer as usize).copied().unwrap_or(false);
        if is_disputed {
            return Some(Reason::Disputes);
        }
        let is_off = |s: &&super::book::Settlement| {
            s.means != Means::Cash && seen.sees(s.effective, s.known) && self.horizon.span_of(s.effective).is_some()
        };
        let off: Units = book.settlements_of(at).iter().filter(is_off).map(|s| units(s.amount)).sum();
        (off > 0).then_some(Reason::WriteOffs)
    }

    /// What was in dispute on a day of the weeks.
    fn disputed(&self, book: &Book) -> Disputed {
        let mut found = Disputed { items: vec![false; book.items.len()], payers: vec![false; book.payers.len()] };
        let last = self.horizon.ends.last().copied().unwrap_or(self.horizon.origin);
        let is_within = |from: Day, to: Option<Day>| from <= last && to.is_none_or(|to| to > self.horizon.origin);
        for state in book.states.iter().filter(|s| s.kind == StateKind::Dispute && is_within(s.from, s.to)) {
            match state.item_no {
                Some(no) => {
                    if let Some(at) = book.place_of(no) {
                        found.items[at] = true;
                    }
                }
                None => found.payers[state.payer as usize] = true,
            }
        }
        found
    }
}

/// Items and payers in dispute.
struct Disputed {
    items: Vec<bool>,
    payers: Vec<bool>,
}

impl Miss {
    fn take(&mut self, item: &KeptItem, paid: Units, reason: Option<Reason>) {
        let by = paid - item.expected;
        self.forecast += item.expected;
        if by == 0 {
            return;
        }
        let sign = if by < 0 { Reason::LatePayers } else { Reason::EarlyPayers };
        let reason = reason.unwrap_or(sign) as usize;
        self.parts[reason] += by;
        self.items[reason] += 1;
        *self.customers.entry(item.customer_id.clone()).or_default() += by;
    }

    /// Adds billing to come and, until receipts say how much came in all, what was applied.
    fn close(&mut self, new_billing: Units, is_open_only: bool) {
        let billed = Line::NewBilling as usize;
        let came: Units = self.lines[billed].iter().sum();
        if is_open_only {
            self.lines[billed].fill(0);
        } else {
            self.forecast += new_billing;
            self.parts[Reason::NewBilling as usize] = came - new_billing;
        }
        for (week, sum) in self.weeks.iter_mut().enumerate() {
            let applied: Units = self.lines.iter().map(|line| line[week]).sum();
            if is_open_only {
                *sum = applied;
                self.actual += applied;
            } else {
                // What was applied is no more unapplied than what the receipts bring.
                self.parts[Reason::UnappliedCash as usize] -= applied;
            }
        }
    }

    fn receive(&mut self, week: usize, amount: Units) {
        self.actual += amount;
        self.weeks[week] += amount;
        self.parts[Reason::UnappliedCash as usize] += amount;
    }
}

/// An amount of a book in ten-thousandths: books hold exact amounts, and a float holds those up to 900 billion.
#[must_use]
pub fn units(amount: f64) -> Units {
    (amount * 10_000.0).round() as Units
}

/// Hundredths that sum to `total`, each next to its amount: all are cut, and what is missing goes, a hundredth each, to those
/// that lost most by it, the first of equal ones first.
#[must_use]
pub fn hundredths(amounts: &[f64], total: i64) -> Vec<i64> {
    let mut cut: Vec<i64> = amounts.iter().map(|amount| (amount * 100.0).floor() as i64).collect();
    let missing = total - cut.iter().sum::<i64>();
    let lost = |at: usize| amounts[at] * 100.0 - (amounts[at] * 100.0).floor();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by(|a, b| lost(*b).total_cmp(&lost(*a)));
    if missing < 0 {
        order.reverse();
    }
    for at in order.iter().cycle().take(if amounts.is_empty() { 0 } else { missing.unsigned_abs() as usize }) {
        cut[*at] += missing.signum();
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::super::book::{Item, ReceiptDay, Settlement, State};
    use super::super::horizon::WeekStart;
    use super::super::tests::{bill, paid};
    use super::*;

    fn kept_item(place: Option<usize>, line: Line, expected: Units) -> KeptItem {
        KeptItem {
            place,
            customer_id: place.map_or("gone".to_owned(), |at| format!("C{at}")),
            scope: 0,
            line,
            expected,
        }
    }

    fn written_off(item_no: i64, on: Day, amount: f64) -> Settlement {
        Settlement { means: Means::WriteOff, ..paid(item_no, on, amount) }
    }

    /// Six items open on day 10, one posted later; a payer each, so that places are numbers.
    fn book() -> Book {
        let items: Vec<Item> = (0..7).map(|n| bill(n, n as u32, if n == 6 { 12 } else { 0 }, 15, 100.0)).collect();
        let settlements = vec![
            paid(0, 12, 100.0),        // in full and early
            paid(1, 9, 30.0),          // before: not of these weeks
            paid(2, 13, 20.0),         // in dispute
            written_off(3, 14, 100.0), // written off
            paid(4, 30, 100.0),        // after the weeks
            paid(6, 20, 40.0),         // not open then
        ];
        let payers = (0..7).map(|n| format!("C{n}")).collect();
        let mut book = Book::new(0, payers, vec![0], items, settlements);
        let receipt = |posted, amount| ReceiptDay { scope: 0, posted, known: posted, amount };
        book.receipts =
            vec![receipt(9, 30.0), receipt(12, 100.0), receipt(13, 25.0), receipt(20, 40.0), receipt(30, 100.0)];
        let dispute = State {
            kind: StateKind::Dispute,
            item_no: Some(2),
            payer: 2,
            from: 11,
            to: Some(20),
            on: None,
            amount: None,
            currency: None,
            credited_rate: None,
        };
        book.states = vec![dispute];
        book
    }

    fn kept(is_open_only: bool) -> Kept {
        let mut items: Vec<KeptItem> = (0..6).map(|at| kept_item(Some(at), Line::Due, 500_000)).collect();
        items.push(kept_item(None, Line::Overdue, 123));
        let new_billing = vec![if is_open_only { 0 } else { 300_000 }];
        Kept { horizon: Horizon::weeks(10, 2, WeekStart::Next), items, new_billing, is_open_only }
    }

    #[test]
    fn every_item_has_one_reason_and_the_reasons_sum_to_the_miss() {
        let misses = kept(false).miss(&book(), Origin::with_hindsight(40));
        let [miss] = misses.as_slice() else { panic!("one scope: {misses:?}") };
        assert_eq!((miss.forecast, miss.actual), (6 * 500_000 + 123 + 300_000, 1_650_000));
        // Late: items 1, 4, 5 and the lost one; early: item 0; dispute: 20 - 50; write-off: -50; unapplied: 25 - 20.
        assert_eq!(miss.parts, [-1_500_123, 500_000, 100_000, -300_000, -500_000, 50_000]);
        assert_eq!(miss.items, [4, 1, 1, 1, 1, 0]);
        assert_eq!(miss.parts.iter().sum::<Units>(), miss.actual - miss.forecast);
        assert_eq!((miss.lost, miss.customers["C0"], miss.customers["gone"]), (1, 500_000, -123));
        assert_eq!(miss.weeks, [1_250_000, 400_000]);
        assert_eq!(miss.lines[Line::Due as usize], [1_200_000, 0]);
        assert_eq!(miss.lines[Line::NewBilling as usize], [0, 400_000]);
    }

    #[test]
    fn without_billing_to_come_only_what_was_open_counts() {
        let misses = kept(true).miss(&book(), Origin::with_hindsight(40));
        assert_eq!((misses[0].forecast, misses[0].actual), (3_000_123, 1_200_000));
        assert_eq!(misses[0].parts, [-1_500_123, 500_000, 0, -300_000, -500_000, 0]);
        assert_eq!(misses[0].weeks, [1_200_000, 0]);
    }

    #[test]
    fn what_came_after_the_day_of_the_comparison_is_not_seen() {
        let early = kept(false).miss(&book(), Origin::with_hindsight(12));
        assert_eq!(early[0].actual, 1_000_000);
        assert_eq!(early[0].parts.iter().sum::<Units>(), early[0].actual - early[0].forecast);
    }

    #[test]
    fn hundredths_sum_to_their_total_and_what_is_missing_goes_where_most_was_cut() {
        assert_eq!(hundredths(&[0.333, 0.333, 0.334], 100), [33, 33, 34]);
        assert_eq!(hundredths(&[0.005, 0.005, 0.005], 1), [1, 0, 0]);
        assert_eq!(hundredths(&[1.0, 2.0], 299), [100, 199]);
        assert_eq!(hundredths(&[], 5), Vec::<i64>::new());
    }
}
