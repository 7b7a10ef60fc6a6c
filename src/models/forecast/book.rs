//! What a forecast is made from: every bill, what happened to it, and when each was known.

use std::collections::BTreeMap;

use crate::models::parallel::in_parallel;

/// A day, as days since 1970-01-01.
pub type Day = i32;

/// Terms of a book whose bills have no due dates at all: the commonest terms between companies.
const TERMS_WITHOUT_ANY_DAYS: Day = 30;

/// What is left of an amount and is not an amount any more: half the last decimal money is kept to.
pub(super) const NOTHING_AMOUNT: f64 = 0.00005;

/// Where a forecast stands in time: it sees what was posted by the end of `day` and keyed by the end of `known`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Last day seen.
    pub day: Day,
    /// Last day of keying seen.
    pub known: Day,
}

impl Origin {
    /// The end of a day as it was known at the end of that day.
    #[must_use]
    pub const fn replayed(day: Day) -> Self {
        Self { day, known: day }
    }

    /// The end of a day with all that is known now.
    #[must_use]
    pub const fn with_hindsight(day: Day) -> Self {
        Self { day, known: Day::MAX }
    }

    /// Whether something of a day, keyed on a day, is seen.
    #[must_use]
    pub const fn sees(self, on: Day, known: Day) -> bool {
        on <= self.day && known <= self.known
    }
}

/// A thing on a customer's account.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Number in the ledger.
    pub item_no: i64,
    /// Who pays: place in [`Book::payers`].
    pub payer: u32,
    /// Which rows of the answer it belongs to: currency and dimensions asked for.
    pub scope: u32,
    /// Which new billing it is part of: company, currency and segment.
    pub stratum: u32,
    /// Day posted.
    pub posted: Day,
    /// Day keyed.
    pub known: Day,
    /// Day due; filled in by [`Book::new`] where there is none.
    pub due: Option<Day>,
    /// Amount, signed.
    pub amount: f64,
    /// A bill: what payment behaviour is learnt from. The others are debts or credits that are netted.
    pub is_bill: bool,
    /// A receipt or down payment.
    pub is_money: bool,
    /// The source's own dispute mark.
    pub is_disputed: bool,
}

impl Item {
    /// Day due; that of its posting where a book has not given it one.
    #[must_use]
    pub fn due_day(&self) -> Day {
        self.due.unwrap_or(self.posted)
    }
}

/// What settled a part of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A receipt or down payment.
    Cash,
    /// A write-off.
    WriteOff,
    /// Anything else: a credit note, an adjustment.
    Credit,
}

/// Part of a credit item taken off a debit item.
#[derive(Clone, Copy, Debug)]
pub struct Settlement {
    /// Number of the debit item.
    pub debit_item_no: i64,
    /// Number of the credit item.
    pub credit_item_no: i64,
    /// Day from which it counts.
    pub effective: Day,
    /// Day keyed.
    pub known: Day,
    /// Day the credit item was posted: for money, the day it came.
    pub credit_posted: Day,
    /// Amount off the debit item; negative undoes an earlier one.
    pub amount: f64,
    /// Amount off the credit item.
    pub credit_amount: f64,
    /// What settled it.
    pub means: Means,
}

/// Something known beside the due date.
#[derive(Clone, Debug)]
pub struct State {
    /// What it is.
    pub kind: StateKind,
    /// The item; none where the customer as a whole is meant.
    pub item_no: Option<i64>,
    /// The customer.
    pub payer: u32,
    /// First day.
    pub from: Day,
    /// Day it ended, if that is known.
    pub to: Option<Day>,
    /// Day promised, or day the instalment is due.
    pub on: Option<Day>,
    /// Amount promised, disputed or due.
    pub amount: Option<f64>,
    /// The currency of the amount as a scope-independent number; none where none is given.
    pub currency: Option<u32>,
    /// Share of a dispute that was credited in the end: 1 valid, 0 invalid, one half partly; none while open.
    pub credited_rate: Option<f64>,
}

/// Kinds of [`State`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateKind {
    /// In dispute.
    Dispute,
    /// Promised for a day.
    Promise,
    /// An instalment of a payment plan.
    Plan,
    /// With the second level.
    Level2,
    /// With the lawyers.
    Legal,
    /// With an agency.
    Agency,
    /// Insolvent.
    Insolvent,
    /// On hold, or the account closed.
    Hold,
}

/// Money that came on a day.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptDay {
    /// Rows of the answer it belongs to.
    pub scope: u32,
    /// Day posted.
    pub posted: Day,
    /// Day keyed.
    pub known: Day,
    /// Receipts less returned ones.
    pub amount: f64,
}

/// Everything a forecast reads, as columns and slices.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Day before the history: of what was posted by then, only what was open after it is here.
    pub history_from: Day,
    /// Customers by name, in the order of their numbers.
    pub payers: Vec<String>,
    /// What the chance of each is drawn from: of its name alone, so that no other customer changes it.
    pub streams: Vec<u64>,
    /// Currency of each scope, as a number.
    pub scope_currency: Vec<u32>,
    /// Items, in the order of payer, due date and number.
    pub items: Vec<Item>,
    /// By debit item.
    settlements: Groups<Settlement>,
    /// The same by credit item.
    uses: Groups<Settlement>,
    places: Places,
    /// First of each payer's items; one more than payers.
    first_item: Vec<u32>,
    /// What is known beside due dates.
    pub states: Vec<State>,
    /// Money by day.
    pub receipts: Vec<ReceiptDay>,
    /// Days on which banks do not work, sorted.
    pub holidays: Vec<Day>,
}

/// A debt that is open at an origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Open {
    /// Place in [`Book::items`].
    pub item: u32,
    /// What is left of it.
    pub open_amount: f64,
}

impl Book {
    /// Orders the items by payer and joins the settlements to them; a settlement of an item that is not there is of an
    /// older history and left out.
    ///
    /// What no forecast from a day after `history_from` would have seen open, on what was known then, is made an item of nothing: a
    /// reader may pass over more or less of it, by what the ledger learnt later.
    #[must_use]
    pub fn new(
        history_from: Day,
        payers: Vec<String>,
        scope_currency: Vec<u32>,
        items: Vec<Item>,
        settlements: Vec<Settlement>,
    ) -> Self {
        let streams = payers.iter().map(|name| fnv_1a(name)).collect();
        let mut book = Self { history_from, payers, streams, scope_currency, items, ..Self::default() };
        book.fill_due_dates();
        // A number follows from the place of a row in its file, which is to change nothing.
        let days = |item: &Item| (i64::from(item.due_day()) << 32) + i64::from(item.posted);
        let order = |item: &Item| (days(item), item.amount.to_bits(), item.item_no);
        let by_payer = Groups::new(book.payers.len(), &book.items, |item| Some(item.payer), order);
        (book.items, book.first_item) = (by_payer.values, by_payer.first);
        book.places = Places::new(&book.items);
        let mut sides = in_parallel(&[true, false], |is_debit| {
            let item_nos = |s: &Settlement| {
                if *is_debit { (s.debit_item_no, s.credit_item_no) } else { (s.credit_item_no, s.debit_item_no) }
            };
            let order = |s: &Settlement| (s.effective, s.known, s.amount.to_bits(), item_nos(s).1);
            Groups::new(book.items.len(), &settlements, |s| book.places.of(item_nos(s).0), order)
        })
        .into_iter();
        book.settlements = sides.next().unwrap_or_default();
        book.uses = sides.next().unwrap_or_default();
        for at in 0..book.items.len() {
            if !book.is_ever_open(at) {
                (book.items[at].amount, book.items[at].is_bill) = (0.0, false);
            }
        }
        book
    }

    /// Bills without a due date are taken to have the median terms of the history's.
    fn fill_due_dates(&mut self) {
        let is_meant = |item: &&Item| item.is_bill && item.posted > self.history_from;
        let mut terms: Vec<Day> =
            self.items.iter().filter(is_meant).filter_map(|item| Some(item.due? - item.posted)).collect();
        let middle = terms.len() / 2;
        let usual = if terms.is_empty() { TERMS_WITHOUT_ANY_DAYS } else { *terms.select_nth_unstable(middle).1 };
        for item in &mut self.items {
            item.due.get_or_insert(item.posted + usual);
        }
    }

    /// The book of some payers, chosen by chance from their names, that have about `bills` bills; none where there are not twice as
    /// many.
    #[must_use]
    pub fn of_some_payers(&self, bills: usize) -> Option<Self> {
        let mut counts = vec![0; self.payers.len()];
        self.items.iter().filter(|item| item.is_bill).for_each(|item| counts[item.payer as usize] += 1);
        if counts.iter().sum::<usize>() < 2 * bills {
            return None;
        }
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_unstable_by_key(|payer| self.streams[*payer]);
        let mut is_kept = vec![false; counts.len()];
        let mut missing = bills;
        for payer in order {
            if missing == 0 {
                break;
            }
            is_kept[payer] = true;
            missing = missing.saturating_sub(counts[payer]);
        }
        let mut some = self.of_items(|item| is_kept[item.payer as usize]);
        some.states = self.states.iter().filter(|state| is_kept[state.payer as usize]).cloned().collect();
        some.holidays.clone_from(&self.holidays);
        Some(some)
    }

    /// The book with some of its items, and their settlements.
    fn of_items(&self, is_kept: impl Fn(&Item) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.items.len()).filter(|at| is_kept(&self.items[*at])).collect();
        let mut settlements: Vec<Settlement> = kept.iter().flat_map(|at| self.settlements_of(*at)).copied().collect();
        // A credit whose debit is kept came with the debit.
        let has_debit =
            |used: &&Settlement| self.place_of(used.debit_item_no).is_some_and(|at| is_kept(&self.items[at]));
        settlements.extend(kept.iter().flat_map(|at| self.uses.of(*at)).filter(|used| !has_debit(used)));
        let items = kept.iter().map(|at| self.items[*at]).collect();
        Self::new(self.history_from, self.payers.clone(), self.scope_currency.clone(), items, settlements)
    }

    fn is_ever_open(&self, at: usize) -> bool {
        let item = &self.items[at];
        let first =
            if item.amount > 0.0 { self.history_from } else { item.posted.max(item.known).max(self.history_from) };
        if item.posted > first {
            return true;
        }
        let seen = Origin::replayed(first);
        let left = match item.amount > 0.0 {
            true => item.amount - self.settled_by(at, seen),
            false => -item.amount - self.used_by(at, seen),
        };
        left.abs() > NOTHING_AMOUNT
    }

    /// The same book with one scope a currency; none where it has no others.
    #[must_use]
    pub fn by_currency(&self) -> Option<Self> {
        let count = self.scope_currency.iter().max().map_or(0, |last| last + 1);
        let is_split = self.scope_currency.iter().enumerate().any(|(at, currency)| at as u32 != *currency);
        is_split.then(|| {
            let mut whole = self.clone();
            let currency_of = |scope: u32| self.scope_currency[scope as usize];
            whole.items.iter_mut().for_each(|item| item.scope = currency_of(item.scope));
            whole.receipts.iter_mut().for_each(|receipt| receipt.scope = currency_of(receipt.scope));
            whole.scope_currency = (0..count).collect();
            whole
        })
    }

    /// Whether an origin has seen money settle anything.
    #[must_use]
    pub fn has_payment(&self, origin: Origin) -> bool {
        let is_paid = |s: &Settlement| s.means == Means::Cash && s.amount > 0.0 && origin.sees(s.effective, s.known);
        self.settlements.values.iter().any(is_paid)
    }

    /// The place of an item of the ledger.
    #[must_use]
    pub fn place_of(&self, item_no: i64) -> Option<usize> {
        self.places.of(item_no).map(|at| at as usize)
    }

    /// The items of one payer.
    #[must_use]
    pub fn items_of(&self, payer: u32) -> std::ops::Range<usize> {
        let at = payer as usize;
        self.first_item[at] as usize..self.first_item[at + 1] as usize
    }

    /// What was taken off one debit item, by day.
    #[must_use]
    pub fn settlements_of(&self, item: usize) -> &[Settlement] {
        self.settlements.of(item)
    }

    /// The debts open at an origin, in the order of [`Book::items`].
    #[must_use]
    pub fn open_at(&self, origin: Origin) -> Vec<Open> {
        let is_seen = |item: &Item| item.amount > 0.0 && origin.sees(item.posted, item.known);
        let open = |(at, item): (usize, &Item)| {
            let open_amount = item.amount - self.settled_by(at, origin);
            (open_amount > NOTHING_AMOUNT).then_some(Open { item: at as u32, open_amount })
        };
        self.items.iter().enumerate().filter(|(_, item)| is_seen(item)).filter_map(open).collect()
    }

    fn settled_by(&self, item: usize, origin: Origin) -> f64 {
        let seen = self.settlements_of(item).iter().filter(|s| origin.sees(s.effective, s.known));
        seen.map(|s| s.amount).sum()
    }

    fn used_by(&self, item: usize, origin: Origin) -> f64 {
        let seen = self.uses.of(item).iter().filter(|s| origin.sees(s.effective, s.known));
        seen.map(|s| s.credit_amount).sum()
    }

    /// What a credit item was used for, by day.
    #[must_use]
    pub fn uses_of(&self, item: usize) -> &[Settlement] {
        self.uses.of(item)
    }

    /// What is left of a credit item at an origin.
    #[must_use]
    pub fn left_of(&self, item: usize, origin: Origin) -> f64 {
        -self.items[item].amount - self.used_by(item, origin)
    }

    /// Credit that is open at an origin, by payer and scope: money on account, credit notes not yet used.
    #[must_use]
    pub fn credit_at(&self, origin: Origin) -> BTreeMap<(u32, u32), f64> {
        let mut credit: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (at, item) in self.items.iter().enumerate() {
            if item.amount >= 0.0 || !origin.sees(item.posted, item.known) {
                continue;
            }
            let left = self.left_of(at, origin);
            if left > NOTHING_AMOUNT {
                *credit.entry((item.payer, item.scope)).or_default() += left;
            }
        }
        credit
    }
}

/// A number for a name that is the same on every machine: FNV-1a of 64 bits (Fowler, Noll and Vo;
/// www.rfc-editor.org/rfc/rfc9923).
fn fnv_1a(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The place of each item by its number; a ledger numbers its items without large gaps.
#[derive(Clone, Debug, Default)]
struct Places {
    first_no: i64,
    at: Vec<u32>,
}

impl Places {
    fn new(items: &[Item]) -> Self {
        let Some(first_no) = items.iter().map(|item| item.item_no).min() else { return Self::default() };
        let last_no = items.iter().map(|item| item.item_no).max().unwrap_or(first_no);
        let mut at = vec![u32::MAX; (last_no - first_no + 1) as usize];
        for (item, place) in items.iter().zip(0..) {
            at[(item.item_no - first_no) as usize] = place;
        }
        Self { first_no, at }
    }

    fn of(&self, item_no: i64) -> Option<u32> {
        let at = usize::try_from(item_no - self.first_no).ok()?;
        self.at.get(at).copied().filter(|place| *place != u32::MAX)
    }
}

/// Values by group, and within a group in an order.
#[derive(Clone, Debug)]
struct Groups<T> {
    values: Vec<T>,
    /// Place of each group's first value; one more than groups.
    first: Vec<u32>,
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self { values: Vec::new(), first: vec![0] }
    }
}

impl<T: Copy> Groups<T> {
    /// Puts values into `count` groups; what is of no group is left out.
    fn new<K: Ord>(count: usize, values: &[T], group: impl Fn(&T) -> Option<u32>, order: impl Fn(&T) -> K) -> Self {
        let mut first = vec![0_u32; count + 1];
        let mut grouped = 0;
        for group in values.iter().filter_map(&group) {
            first[group as usize + 1] += 1;
            grouped += 1;
        }
        for at in 0..count {
            first[at + 1] += first[at];
        }
        let mut next = first.clone();
        let mut from = vec![0_u32; grouped];
        for (at, value) in (0..).zip(values) {
            let Some(group) = group(value) else { continue };
            from[next[group as usize] as usize] = at;
            next[group as usize] += 1;
        }
        let mut values: Vec<T> = from.into_iter().map(|at| values[at as usize]).collect();
        for ends in first.windows(2) {
            values[ends[0] as usize..ends[1] as usize].sort_unstable_by_key(&order);
        }
        Self { values, first }
    }

    /// The values of one group.
    fn of(&self, group: usize) -> &[T] {
        &self.values[self.first[group] as usize..self.first[group + 1] as usize]
    }
}
