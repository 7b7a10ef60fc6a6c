//! What past disputes say of how long they last and how much of them is paid.

use std::collections::BTreeSet;

use super::book::{Book, Item, Means, Origin, Settlement, State, StateKind};
use super::payment_curve::Curves;
use super::states::{LONGEST_LOOK_DAYS, PRIOR_EVENTS, prior_factor, seen_and_expected};

/// The most that bills without a mark are taken to be faster than all.
const OTHERS_PACE_MOST: f64 = 2.0;

/// Kaplan and Meier's daily chance that a dispute stays open, by the days it has been (their estimator of 1958), the ones
/// still open counted as long as they have been.
pub(super) fn stays(book: &Book, origin: Origin) -> Vec<f64> {
    let longest = LONGEST_LOOK_DAYS as usize;
    let (mut ended, mut at_risk) = (vec![0.0; longest + 1], vec![0.0; longest + 2]);
    for state in book.states.iter().filter(|s| s.kind == StateKind::Dispute && s.from < origin.day) {
        let end = state.to.filter(|to| *to <= origin.day);
        let days = ((end.unwrap_or(origin.day) - state.from).max(0) as usize).min(longest);
        at_risk[days] += 1.0;
        if end.is_some() && days < longest {
            ended[days] += 1.0;
        }
    }
    for days in (0..=longest).rev() {
        at_risk[days] += at_risk[days + 1];
    }
    // One dispute of forty days is believed before there is any.
    (0..=longest).map(|days| 1.0 - (ended[days] + 1.0 / 40.0) / (at_risk[days] + 1.0)).collect()
}

/// Of disputes that ended, the share of the amount that was not credited; one half is believed before two have ended.
pub(super) fn paid_rate(book: &Book, origin: Origin) -> f64 {
    let ended = book.states.iter().filter(|s| s.kind == StateKind::Dispute && s.to.is_some_and(|to| to <= origin.day));
    let rates: Vec<f64> =
        ended.filter_map(|state| state.credited_rate.or_else(|| seen_credited_rate(book, origin, state))).collect();
    1.0 - (rates.iter().sum::<f64>() + PRIOR_EVENTS * 0.5) / (rates.len() as f64 + PRIOR_EVENTS)
}

/// Of a dispute that does not say how it ended, the share of the amount that was taken off its item otherwise than by cash since it was
/// raised; none while more of the item is open than was not disputed.
fn seen_credited_rate(book: &Book, origin: Origin, dispute: &State) -> Option<f64> {
    let at = book.place_of(dispute.item_no?)?;
    let item = &book.items[at];
    let disputed = dispute.amount.unwrap_or(item.amount).min(item.amount);
    let (mut settled, mut credited) = (0.0, 0.0);
    for settlement in book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known)) {
        settled += settlement.amount;
        if settlement.means != Means::Cash && settlement.effective >= dispute.from {
            credited += settlement.amount;
        }
    }
    (disputed > 0.0 && item.amount - settled <= item.amount - disputed).then(|| (credited / disputed).clamp(0.0, 1.0))
}

/// What bills with the source's own dispute mark, without a dispute of which more is known, say of it. When a mark was set, nothing
/// tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    /// Their pace against the curve, which is of all bills.
    pub(super) pace: f64,
    /// The pace of all other bills against it.
    pub(super) others_pace: f64,
    /// Share of those settled in whole that was not credited.
    pub(super) paid_rate: f64,
    /// Whether there are such bills.
    pub(super) is_known: bool,
}

/// Learns what marks say.
pub(super) fn marked(book: &Book, origin: Origin, curves: &Curves) -> Marked {
    let told: BTreeSet<i64> =
        book.states.iter().filter(|s| s.kind == StateKind::Dispute).filter_map(|s| s.item_no).collect();
    let is_alone = |item: &Item| item.is_bill && item.is_disputed && !told.contains(&item.item_no);
    let (mut paid, mut expected, mut ended, mut credited) = (0.0, 0.0, 0.0, 0.0);
    for (at, item) in book.items.iter().enumerate().filter(|(_, item)| is_alone(item) && item.posted < origin.day) {
        let days = item.posted..origin.day.min(item.posted + LONGEST_LOOK_DAYS);
        let seen = seen_and_expected(book, origin, curves, at, days, |_| true);
        paid += seen.0;
        expected += seen.1;
        let settlements = || book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known));
        let of =
            |what: fn(&&Settlement) -> bool| settlements().filter(what).map(|s| s.amount).sum::<f64>() / item.amount;
        if of(|_| true) > 1.0 - 1e-6 {
            ended += 1.0;
            credited += of(|s| s.means != Means::Cash).clamp(0.0, 1.0);
        }
    }
    let paid = paid.max(0.0);
    // The curve has all bills settled as they were; what it has too much of marked ones it has too little of the others.
    let is_bill = |at: &usize| book.items[*at].is_bill;
    let seen = |at: usize| {
        let seen = book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known));
        seen.map(|s| s.amount).sum::<f64>() / book.items[at].amount
    };
    let all: f64 = if expected > 0.0 { (0..book.items.len()).filter(is_bill).map(seen).sum() } else { 0.0 };
    let others = (all - paid + PRIOR_EVENTS) / ((all - expected).max(0.0) + PRIOR_EVENTS);
    Marked {
        pace: (paid + PRIOR_EVENTS * prior_factor(StateKind::Dispute)) / (expected + PRIOR_EVENTS),
        others_pace: others.clamp(1.0, OTHERS_PACE_MOST),
        paid_rate: 1.0 - (credited + PRIOR_EVENTS * 0.5) / (ended + PRIOR_EVENTS),
        is_known: book.items.iter().any(is_alone),
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::Day;
    use super::super::horizon::{Horizon, WeekStart};
    use super::super::outlook::{Fit, Outlook};
    use super::super::states::Standing;
    use super::super::tests::{bill, paid};
    use super::*;

    #[test]
    fn disputes_without_an_outcome_are_known_by_what_was_taken_off_their_items() {
        let paid_rate = |means: Means, share: f64| {
            let items: Vec<Item> = (0..30).map(|at| bill(at, 0, 5 * at as Day, 5 * at as Day + 30, 100.0)).collect();
            let ended = |at: i64| (5 * at as Day + 35, 5 * at as Day + 60);
            let settlements = (0..30).map(|at| Settlement { means, ..paid(at, ended(at).1, 100.0 * share) }).collect();
            let mut book = Book::new(-1, vec!["C".to_owned()], vec![0], items, settlements);
            let dispute = |at| State {
                kind: StateKind::Dispute,
                item_no: Some(at),
                payer: 0,
                from: ended(at).0,
                to: Some(ended(at).1),
                on: None,
                amount: None,
                currency: None,
                credited_rate: None,
            };
            book.states = (0..30).map(dispute).collect();
            let origin = Origin::replayed(300);
            Fit::new(&book, origin).effects.paid_rate(&Standing::default().disputed_today())
        };
        let (credited, in_cash) = (paid_rate(Means::Credit, 1.0), paid_rate(Means::Cash, 1.0));
        assert!(credited < 0.05 && in_cash > 0.95, "{credited} {in_cash}");
        assert_eq!(paid_rate(Means::Credit, 0.5), 0.5, "half of it is open still, nothing can be said");
    }

    #[test]
    fn a_mark_of_bills_that_were_paid_all_the_same_slows_nothing() {
        let expected = |share: f64| {
            let due = |at: i64| 2 * at as Day + 30;
            let is_marked = |at: i64| at % 4 == 0;
            let items =
                (0..300).map(|at| Item { is_disputed: is_marked(at), ..bill(at, 0, 2 * at as Day, due(at), 100.0) });
            let settled = |at: i64| {
                let rest = Settlement {
                    means: Means::Credit,
                    credit_item_no: 2_000_000 + at,
                    ..paid(at, due(at) + 3, 100.0 - 100.0 * share)
                };
                let cash = paid(at, due(at) + 3, if is_marked(at) { 100.0 * share } else { 100.0 });
                std::iter::once(cash).chain((is_marked(at) && share < 1.0).then_some(rest))
            };
            let settlements = (0..300).flat_map(settled).filter(|s| s.effective <= 500).collect();
            let book = Book::new(-1, vec!["C".to_owned()], vec![0], items.collect(), settlements);
            let origin = Origin::replayed(500);
            let outlook =
                Outlook::new(&book, origin, &Fit::new(&book, origin), &Horizon::weeks(500, 8, WeekStart::Next));
            let marked = |claim: &usize| book.items[outlook.items[*claim] as usize].is_disputed;
            let claims: Vec<usize> = (0..outlook.claims.len()).filter(marked).collect();
            let amount: f64 = claims.iter().map(|claim| outlook.claims[*claim].amount).sum();
            claims.iter().map(|claim| outlook.expected(*claim).sum::<f64>()).sum::<f64>() / amount
        };
        let (whole, half) = (expected(1.0), expected(0.5));
        assert!(whole > 0.93, "{whole} of what is marked is expected");
        assert!((0.4..0.6).contains(&half), "{half} of what is marked is expected");
    }
}
