//! What came in the weeks of a past forecast, as far as a later day knows.

use std::collections::HashMap;

use super::Line;
use super::book::{Book, Day, Means, Origin, Settlement};
use super::horizon::Horizon;
use super::outlook::Outlook;

/// Cash by scope, line and span; billing to come is what came on items posted after the origin.
#[derive(Clone, Debug)]
pub struct Actual {
    /// `cash[scope][line][span]`.
    pub cash: Vec<Vec<Vec<f64>>>,
}

impl Actual {
    /// Cash of the book `came`, as `seen` from a later day, applied to the items that were open in the book of the `past`, each on the
    /// line of its claim, and to what was posted later. Money counts on the day its receipt was posted; what is undone, on the day it
    /// is undone, and what is applied of such a receipt from then on, on the day it is applied.
    #[must_use]
    pub fn applied(past: &Book, outlook: &Outlook, horizon: &Horizon, came: &Book, seen: Origin) -> Self {
        let mut actual =
            Self { cash: vec![vec![vec![0.0; horizon.ends.len()]; Line::ALL.len()]; came.scope_currency.len()] };
        let line_of = lines(past, outlook, horizon.origin, came);
        let undone = Undone::seen(came, seen);
        for (at, item) in came.items.iter().enumerate().filter(|(_, item)| item.amount > 0.0) {
            let line = match line_of[at] {
                u32::MAX if item.posted <= horizon.origin => continue,
                u32::MAX => Line::NewBilling as usize,
                line => line as usize,
            };
            for settlement in came.settlements_of(at).iter().filter(|s| seen.sees(s.effective, s.known)) {
                if let Some(span) = undone.cash_day(settlement, horizon.origin).and_then(|day| horizon.span_of(day)) {
                    actual.cash[item.scope as usize][line][span] += settlement.amount;
                }
            }
        }
        actual
    }

    /// Counts all money: what came and was not applied to any item, or came on items of no line, is billing to come's.
    #[must_use]
    pub fn with_all_receipts(mut self, book: &Book, horizon: &Horizon, seen: Origin) -> Self {
        let mut received = vec![vec![0.0; horizon.ends.len()]; self.cash.len()];
        for receipt in book.receipts.iter().filter(|r| seen.sees(r.posted, r.known)) {
            if let Some(span) = horizon.span_of(receipt.posted) {
                received[receipt.scope as usize][span] += receipt.amount;
            }
        }
        for (lines, received) in self.cash.iter_mut().zip(received) {
            for (span, received) in received.into_iter().enumerate() {
                let open: f64 = lines[..Line::NewBilling as usize].iter().map(|line| line[span]).sum();
                lines[Line::NewBilling as usize][span] = received - open;
            }
        }
        self
    }

    /// Number of spans.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.cash.first().and_then(|lines| lines.first()).map_or(0, Vec::len)
    }

    /// Cash of a scope in a span, with or without billing to come.
    #[must_use]
    pub fn total(&self, scope: usize, span: usize, is_open_only: bool) -> f64 {
        let lines = if is_open_only { Line::NewBilling as usize } else { Line::ALL.len() };
        self.cash[scope][..lines].iter().map(|line| line[span]).sum()
    }
}

/// The line of each item of the book `came` that was open; none, as `u32::MAX`, of the others.
fn lines(past: &Book, outlook: &Outlook, origin: Day, came: &Book) -> Vec<u32> {
    let mut line_of = vec![u32::MAX; came.items.len()];
    let mut put = |item: u32, line: u32| {
        if let Some(at) = came.place_of(past.items[item as usize].item_no) {
            line_of[at] = line;
        }
    };
    for item in &outlook.covered {
        put(*item, Line::by_due(past.items[*item as usize].due_day(), origin) as u32);
    }
    for (claim, item) in outlook.claims.iter().zip(&outlook.items).rev() {
        put(*item, claim.line);
    }
    line_of
}

/// The first day on which something that each receipt had settled was undone.
pub(super) struct Undone(HashMap<i64, Day>);

impl Undone {
    /// As `seen` from a later day.
    pub(super) fn seen(book: &Book, seen: Origin) -> Self {
        let mut first = HashMap::new();
        let settlements = (0..book.items.len()).flat_map(|at| book.settlements_of(at));
        for undoing in settlements.filter(|s| s.amount < 0.0 && s.means == Means::Cash) {
            if seen.sees(undoing.effective, undoing.known) {
                let day = first.entry(undoing.credit_item_no).or_insert(undoing.effective);
                *day = undoing.effective.min(*day);
            }
        }
        Self(first)
    }

    /// The day on which a settlement was cash, if it was and the money came after the origin.
    pub(super) fn cash_day(&self, settlement: &Settlement, origin: Day) -> Option<Day> {
        if settlement.means != Means::Cash || settlement.credit_posted <= origin {
            return None;
        }
        let is_again = self.0.get(&settlement.credit_item_no).is_some_and(|undone| *undone <= settlement.effective);
        Some(if is_again { settlement.effective } else { settlement.credit_posted })
    }
}
