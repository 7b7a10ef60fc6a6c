//! One customer's account while its story is told: items, what is left of them, and what happens next.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::behaviour::Behaviour;
use super::days::{Day, Days};
use super::dice::{Dice, Purpose};
use super::fraud::Lap;
use super::fx::Rates;
use super::item::{Application, Item, Kind, Moment, NO_ITEM, Numbers, User};
use super::market::{COMPANIES, Currency};
use super::profile::{Profile, Span};
use super::side::Side;
use super::staff::{Assignment, Staff};

/// What all accounts share and none changes.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) span: Span,
    pub(super) days: Days,
    pub(super) rates: Rates,
    pub(super) staff: Staff,
    pub(super) behaviour: Behaviour,
}

/// Something that will happen on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// Money comes in a currency for all that was planned to be paid in it on the day.
    Run(Currency),
    /// A receipt is applied as its remittance says.
    Apply { receipt: u32, list: u32 },
    /// What is left of a credit is applied to the oldest debts, or paid back.
    Sweep { credit: u32, attempt: u8 },
    /// The bank takes a receipt back; `first` and `last` bound its applications.
    Bounce { receipt: u32, first: u32, last: u32 },
    /// The cardholder takes a receipt back.
    Chargeback { receipt: u32 },
    /// A dispute is opened for so many hundredths of an item.
    Dispute { item: u32, cents: i64 },
    /// A dispute is resolved.
    Resolve { dispute: u32 },
    /// A small rest is written off.
    WriteOffRest { item: u32 },
    /// Goods come back.
    Return { item: u32 },
    /// An invoice billed in error is credited.
    Cancel { item: u32 },
    /// More is billed for an invoice.
    DebitNote { item: u32 },
    /// Interest is billed for a late payment.
    Interest { item: u32, late_days: i32 },
    /// A debt nobody pays is handed on, and written off in the end.
    Review { item: u32, stage: u8 },
    /// A provision is made at a quarter's end.
    Provision { item: u32 },
    /// Staff contact the customer.
    Contact,
    /// A planted case happens.
    Fraud,
}

/// So many hundredths of an item, to be paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) item: u32,
    pub(super) cents: i64,
    /// Collected by an agency after the customer stopped paying.
    pub(super) is_recovery: bool,
}

/// A customer's account.
#[derive(Debug)]
pub(super) struct Account<'w> {
    pub(super) world: &'w World,
    pub(super) numbers: &'w mut Numbers,
    pub(super) profile: Profile,
    pub(super) dice: Dice,
    pub(super) items: Vec<Item>,
    pub(super) applications: Vec<Application>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) side: Side,
    pub(super) today: Day,
    /// Debit items with something left, oldest due first.
    pub(super) open_debits: BTreeSet<(Day, u32)>,
    pub(super) lists: Vec<Vec<Due>>,
    pub(super) has_contact: bool,
    /// Set where the next invoice number is to be lost.
    pub(super) will_lose_number: bool,
    /// The debt another customer's payment was kept from, in this company and currency.
    pub(super) lap: Option<Lap>,
    pub(super) runs: BTreeMap<(Day, Currency), Vec<Due>>,
    queue: BinaryHeap<Reverse<(Day, u32, Event)>>,
    event_count: u32,
}

impl<'w> Account<'w> {
    pub(super) fn new(world: &'w World, numbers: &'w mut Numbers, profile: Profile) -> Self {
        let mut dice = Dice::new(world.seed, Purpose::Events, profile.number);
        let from = profile.joins;
        let is_covered = profile.account_level >= 3;
        let assignments = world.staff.assign(&mut dice, profile.company, from, is_covered);
        Self {
            world,
            numbers,
            profile,
            dice,
            items: Vec::new(),
            applications: Vec::new(),
            assignments,
            side: Side::default(),
            today: world.span.start,
            open_debits: BTreeSet::new(),
            lists: Vec::new(),
            has_contact: false,
            will_lose_number: false,
            lap: None,
            runs: BTreeMap::new(),
            queue: BinaryHeap::new(),
            event_count: 0,
        }
    }

    /// Lets `event` happen on `day`; events of one day happen in the order they were planned.
    pub(super) fn plan_event(&mut self, day: Day, event: Event) {
        if day <= self.world.span.end {
            self.event_count += 1;
            self.queue.push(Reverse((day.max(self.today), self.event_count, event)));
        }
    }

    /// The next event before or on `day`.
    pub(super) fn next_event(&mut self, day: Day) -> Option<Event> {
        let Reverse((on, _, event)) = *self.queue.peek()?;
        if on > day {
            return None;
        }
        self.queue.pop();
        self.today = on;
        Some(event)
    }

    /// The working day of the billing company on or after `day`.
    pub(super) fn work_day(&self, day: Day) -> Day {
        self.world.days.next_working(COMPANIES[usize::from(self.profile.company)].country, day)
    }

    /// A working day so many days from today.
    pub(super) fn later(&mut self, low: i32, high: i32) -> Day {
        let after = self.dice.between(low, high);
        self.work_day(self.today + after)
    }

    /// A moment in office hours of `day`.
    pub(super) fn office_hours(&mut self, day: Day) -> Moment {
        Moment { day, second: 8 * 3600 + self.dice.between(0, 9 * 3600) as u32 }
    }

    /// When an item posted on `day` is keyed: the same day, but for the few that are back-dated.
    pub(super) fn keyed(&mut self, day: Day) -> Moment {
        if self.dice.chance(self.world.behaviour.back_dated_rate) {
            let day = (day + self.dice.between(7, 42)).min(self.world.span.end);
            return self.office_hours(day);
        }
        self.office_hours(day)
    }

    /// One of the company's cash application clerks.
    pub(super) fn clerk(&mut self) -> User {
        User::Clerk(self.profile.company, self.dice.between(1, 3) as u8)
    }

    /// The collector in charge today.
    pub(super) fn collector(&self) -> u16 {
        super::staff::in_charge(&self.assignments, self.today)
    }

    /// Puts an item of `kind` issued and posted today on the account.
    pub(super) fn post(&mut self, kind: Kind, currency: Currency, cents: i64, user: User) -> u32 {
        let id = self.numbers.next(self.profile.company, kind, self.today);
        let entered = self.office_hours(self.today);
        let mut item = Item::new(id, self.today, currency, cents, entered, user);
        item.business_unit = self.profile.business_unit;
        if !kind.is_credit() {
            item.due = self.today;
        }
        self.add(item)
    }

    /// Puts an item on the account.
    pub(super) fn add(&mut self, item: Item) -> u32 {
        let at = self.items.len() as u32;
        if !item.kind.is_credit() {
            self.open_debits.insert((item.due, at));
        }
        self.items.push(item);
        at
    }

    pub(super) fn item(&self, at: u32) -> &Item {
        &self.items[at as usize]
    }

    pub(super) fn item_mut(&mut self, at: u32) -> &mut Item {
        &mut self.items[at as usize]
    }

    /// Applies up to `limit` hundredths (in the debit's currency) of a credit to a debit and gives back how many.
    ///
    /// Never more than is left of either, and never before both are posted.
    pub(super) fn apply(&mut self, credit: u32, debit: u32, limit: i64, user: User) -> i64 {
        let (c, d) = (self.item(credit), self.item(debit));
        let day = self.today.max(c.posted).max(d.posted);
        let is_cross = c.currency != d.currency;
        let mut cents = d.open.min(limit);
        let mut credit_cents =
            if is_cross { self.world.rates.convert(cents, d.currency, c.currency, day) } else { cents };
        if credit_cents > c.open {
            credit_cents = c.open;
            let worth = if is_cross { self.world.rates.convert(c.open, c.currency, d.currency, day) } else { c.open };
            cents = cents.min(worth);
        }
        if cents <= 0 || credit_cents <= 0 || day > self.world.span.end {
            return 0;
        }
        let entered = self.office_hours(day).max(self.item(credit).entered).max(self.item(debit).entered);
        self.applications.push(Application {
            credit,
            debit,
            foreign: None,
            cents,
            credit_cents,
            is_cross_currency: is_cross,
            applied: day,
            entered,
            user,
        });
        self.item_mut(credit).open -= credit_cents;
        self.change_open(debit, -cents);
        cents
    }

    /// Takes an application back on the day, as a row of its own.
    pub(super) fn unapply(&mut self, at: u32, user: User) {
        let was = self.applications[at as usize];
        let day = self.today.max(was.applied);
        let entered = self.office_hours(day).max(was.entered);
        self.applications.push(Application {
            cents: -was.cents,
            credit_cents: -was.credit_cents,
            applied: day,
            entered,
            user,
            ..was
        });
        self.item_mut(was.credit).open += was.credit_cents;
        if was.debit != NO_ITEM {
            self.change_open(was.debit, was.cents);
        }
    }

    fn change_open(&mut self, debit: u32, cents: i64) {
        let item = self.item_mut(debit);
        item.open += cents;
        let key = (item.due, debit);
        if item.open == 0 {
            self.open_debits.remove(&key);
        } else {
            self.open_debits.insert(key);
        }
    }
}
