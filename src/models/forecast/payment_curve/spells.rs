//! The bills of a book as spells of being open.

use super::HISTORY_DAYS;
use crate::models::forecast::book::{Book, Day, Item, Means, Origin, Settlement};

/// Days before its due date from which a bill is looked at: what happens earlier says little.
pub(super) const EARLIEST_AGE: Day = -60;

/// Part of a bill that is not one any more.
const NOTHING: f32 = 1e-6;

/// Bills, open or not, that are read at a time by one thread; fixed, so that sums are made in the same order on any number of them.
const CHUNK_BILLS: usize = 8192;

/// Days on end on which the same share of a bill was open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spell {
    pub(super) due: Day,
    /// First day on which it could be paid.
    pub(super) start: Day,
    /// Last day: of a payment, of another exit, or of the history.
    pub(super) end: Day,
    /// Share open.
    pub(super) left: f32,
    /// Share paid on the last day.
    pub(super) paid: f32,
    /// Share that left on the last day by other means.
    pub(super) other: f32,
}

/// Some payers and the spells of their bills.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Payers that have any, and how many.
    pub(super) payers: Vec<(u32, u32)>,
    spells: Vec<Spell>,
}

impl Chunk {
    pub(super) fn read(book: &Book, origin: Origin, payers: &[u32]) -> Self {
        let mut chunk = Self::default();
        let mut exits = Vec::new();
        for &payer in payers {
            let before = chunk.spells.len();
            for at in book.items_of(payer) {
                add_spells(book, at, origin, &mut exits, &mut chunk.spells);
            }
            if chunk.spells.len() > before {
                chunk.payers.push((payer, (chunk.spells.len() - before) as u32));
            }
        }
        chunk
    }

    /// The spells of each of its payers.
    pub(super) fn by_payer(&self) -> impl Iterator<Item = &[Spell]> {
        let mut rest = self.spells.as_slice();
        self.payers.iter().map(move |(_, count)| {
            let (own, after) = rest.split_at(*count as usize);
            rest = after;
            own
        })
    }

    /// All of its spells.
    pub(super) fn all(&self) -> &[Spell] {
        &self.spells
    }
}

/// Payers in groups of about the same number of bills.
pub(super) fn groups<'a>(book: &Book, payers: &'a [u32]) -> Vec<&'a [u32]> {
    let mut groups = Vec::new();
    let (mut from, mut bills) = (0, 0);
    for (at, payer) in payers.iter().enumerate() {
        bills += book.items_of(*payer).filter(|item| book.items[*item].is_bill).count();
        if bills >= CHUNK_BILLS {
            groups.push(&payers[from..=at]);
            (from, bills) = (at + 1, 0);
        }
    }
    groups.push(&payers[from..]);
    groups
}

/// What took a share off a bill.
#[derive(Clone, Copy, Debug)]
struct Exit {
    credit_item_no: i64,
    day: Day,
    share: f32,
    is_paid: bool,
}

impl Exit {
    fn new(settlement: &Settlement, item: &Item, origin: Origin) -> Self {
        Self {
            credit_item_no: settlement.credit_item_no,
            day: settlement.credit_posted.min(origin.day),
            share: (settlement.amount / item.amount) as f32,
            is_paid: settlement.means == Means::Cash,
        }
    }
}

/// Adds the spells of one bill. It is open from the day after its posting; what settled it by then was no payment of an open bill.
fn add_spells(book: &Book, at: usize, origin: Origin, exits: &mut Vec<Exit>, spells: &mut Vec<Spell>) {
    let item = &book.items[at];
    let is_learnt_from = item.is_bill && item.amount > 0.0 && origin.sees(item.posted, item.known);
    let Some(due) = item.due.filter(|_| is_learnt_from) else { return };
    let first = (origin.day - HISTORY_DAYS).max(book.history_from + 1);
    let mut start = (item.posted + 1).max(due + EARLIEST_AGE).max(first);
    if start > origin.day {
        return;
    }
    let seen = book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known));
    exits.clear();
    exits.extend(seen.map(|settlement| Exit::new(settlement, item, origin)));
    if exits.len() > 1 {
        net(exits);
    }
    let mut left = 1.0_f32;
    for same_day in exits.chunk_by(|a, b| a.day == b.day) {
        let share = |is_paid: bool| same_day.iter().filter(|e| e.is_paid == is_paid).map(|e| e.share).sum::<f32>();
        let paid = share(true).clamp(0.0, left);
        let other = share(false).clamp(0.0, left - paid);
        let day = same_day[0].day;
        if day >= start {
            spells.push(Spell { due, start, end: day, left, paid, other });
            start = day + 1;
        }
        left -= paid + other;
        if left < NOTHING {
            return;
        }
    }
    if start <= origin.day {
        spells.push(Spell { due, start, end: origin.day, left, paid: 0.0, other: 0.0 });
    }
}

/// What each credit item took off in the end, by day: what was undone never was.
fn net(exits: &mut Vec<Exit>) {
    exits.sort_by_key(|exit| exit.credit_item_no);
    exits.dedup_by(|next, kept| {
        let is_same = next.credit_item_no == kept.credit_item_no;
        if is_same {
            kept.share += next.share;
        }
        is_same
    });
    exits.retain(|exit| exit.share > NOTHING);
    exits.sort_by_key(|exit| (exit.day, exit.share.to_bits()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = 18_003;
    const DUE: Day = TODAY - 10;
    const POSTED: Day = DUE - 30;

    fn spells(settlements: &[(i64, Day, f64, Means)]) -> Vec<(Day, Day, f32, f32, f32)> {
        let (item_no, payer, scope, stratum, is_bill, is_disputed) = (1, 0, 0, 0, true, false);
        let (posted, known, due, amount) = (POSTED, POSTED, Some(DUE), 100.0);
        let bill =
            Item { item_no, payer, scope, stratum, posted, known, due, amount, is_bill, is_money: false, is_disputed };
        let settlement = |&(credit_item_no, day, amount, means): &(i64, Day, f64, Means)| {
            let (debit_item_no, effective, known, credit_posted, credit_amount) =
                (1, day.max(POSTED), day, day, amount);
            Settlement { debit_item_no, credit_item_no, effective, known, credit_posted, amount, credit_amount, means }
        };
        let settlements = settlements.iter().map(settlement).collect();
        let book = Book::new(TODAY - 2000, vec!["a".to_owned()], vec![0], vec![bill], settlements);
        let chunk = Chunk::read(&book, Origin::replayed(TODAY), &[0]);
        assert_eq!(chunk.by_payer().map(<[Spell]>::len).sum::<usize>(), chunk.all().len());
        chunk.all().iter().map(|s| (s.start - DUE, s.end - DUE, s.left, s.paid, s.other)).collect()
    }

    #[test]
    fn a_bill_is_open_from_the_day_after_posting_to_its_payment() {
        assert_eq!(spells(&[]), [(-29, 10, 1.0, 0.0, 0.0)]);
        assert_eq!(spells(&[(2, DUE + 3, 100.0, Means::Cash)]), [(-29, 3, 1.0, 1.0, 0.0)]);
        assert_eq!(spells(&[(2, POSTED + 1, 100.0, Means::Cash)]), [(-29, -29, 1.0, 1.0, 0.0)]);
        assert_eq!(spells(&[(2, TODAY + 1, 100.0, Means::Cash)]), [(-29, 10, 1.0, 0.0, 0.0)]);
    }

    #[test]
    fn what_was_settled_by_its_posting_was_never_open() {
        assert_eq!(spells(&[(2, POSTED, 100.0, Means::Cash)]), []);
        assert_eq!(spells(&[(2, POSTED - 5, 100.0, Means::Credit)]), []);
        assert_eq!(spells(&[(2, POSTED, 25.0, Means::Credit)]), [(-29, 10, 0.75, 0.0, 0.0)]);
    }

    #[test]
    fn the_rest_of_a_bill_partly_settled_stays_open() {
        let parts = [(2, DUE, 50.0, Means::Cash), (3, DUE + 2, 25.0, Means::Credit), (4, DUE + 2, 12.5, Means::Cash)];
        let wanted = [(-29, 0, 1.0, 0.5, 0.0), (1, 2, 0.5, 0.125, 0.25), (3, 10, 0.125, 0.0, 0.0)];
        assert_eq!(spells(&parts), wanted);
    }

    #[test]
    fn what_was_undone_never_was_and_no_more_is_paid_than_was_open() {
        let undone = [(2, DUE, 50.0, Means::Cash), (2, DUE + 4, -50.0, Means::Cash), (3, DUE + 5, 500.0, Means::Cash)];
        assert_eq!(spells(&undone), [(-29, 5, 1.0, 1.0, 0.0)]);
    }
}
