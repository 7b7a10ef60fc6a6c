//! Planted cases of fraud and error, each with its row in `truth_fraud.csv`.

use super::account::{Account, Event};
use super::days::{Day, NEVER};
use super::item::{DUPLICATE_PART, Id, Item, Kind, Moment, NO_ITEM, Reference, User};
use super::market::Currency;
use super::profile::Method;
use super::side::{CardEvent, Case};

/// How long before it stops paying a bust-out orders more, and how much more an invoice is.
pub(super) const BUST_OUT_DAYS: i32 = 60;
pub(super) const BUST_OUT_FACTOR: f64 = 4.0;
/// Credit notes up to this many euro need no second approval: the line that split ones stay under.
const APPROVAL_LIMIT: f64 = 1_000.0;
/// Days between the payment one customer loses and the next customer's that covers it.
const LAP_DAYS: i32 = 3;

/// A pattern of fraud or error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Far larger orders than ever, then nothing is paid.
    BustOut,
    /// The same delivery billed twice, the reference one digit off.
    DuplicateInvoice,
    /// An invoice number that was used and is gone.
    NumberGap,
    /// Credit notes by one user in a few days, each just under the approval limit.
    SplitBelowLimit,
    /// A write-off of a good debt at night.
    AfterHoursWriteOff,
    /// A refund to a card that never paid.
    RefundToOtherCard,
    /// The bank account of another customer.
    SharedBankAccount,
    /// Many authorisations on many cards within an hour.
    CardVelocity,
    /// A payment kept, and the next customer's money applied in its place.
    Lapping,
}

impl Pattern {
    pub(super) const ALL: [Self; 9] = [
        Self::BustOut,
        Self::DuplicateInvoice,
        Self::NumberGap,
        Self::SplitBelowLimit,
        Self::AfterHoursWriteOff,
        Self::RefundToOtherCard,
        Self::SharedBankAccount,
        Self::CardVelocity,
        Self::Lapping,
    ];

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::BustOut => "bust_out",
            Self::DuplicateInvoice => "duplicate_invoice",
            Self::NumberGap => "number_gap",
            Self::SplitBelowLimit => "split_below_limit",
            Self::AfterHoursWriteOff => "after_hours_write_off",
            Self::RefundToOtherCard => "refund_to_other_card",
            Self::SharedBankAccount => "shared_bank_account",
            Self::CardVelocity => "card_velocity",
            Self::Lapping => "lapping",
        }
    }
}

/// A debt whose payment was kept, waiting for another customer's money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lap {
    pub(super) id: Id,
    pub(super) currency: Currency,
    pub(super) cents: i64,
    pub(super) day: Day,
}

impl Account<'_> {
    pub(super) fn is_case(&self, pattern: Pattern) -> bool {
        self.profile.case == Some(pattern)
    }

    /// Plans the first step of the account's case somewhere in the middle of the book.
    pub(super) fn plan_case(&mut self) {
        let span = self.world.span;
        let days = span.end - span.start;
        let after = self.dice.between(days / 5, days * 9 / 10);
        if self.profile.case.is_some() {
            self.plan_event(self.work_day(span.start + after), Event::Fraud);
        }
        if self.is_case(Pattern::BustOut) {
            self.keep_case(self.profile.defaults, None, 0, String::new());
        }
    }

    fn keep_case(&mut self, day: Day, item: Option<u32>, cents: i64, note: String) {
        if let Some(pattern) = self.profile.case {
            self.side.cases.push(Case { pattern: pattern.text(), day, item, cents, note });
        }
    }

    /// Takes the next step of the account's case; where it cannot be taken today it is tried again later.
    pub(super) fn commit(&mut self) {
        let is_done = match self.profile.case {
            Some(Pattern::DuplicateInvoice) => self.bill_again(),
            Some(Pattern::SplitBelowLimit) => self.split_credit(),
            Some(Pattern::AfterHoursWriteOff) => self.write_off_at_night(),
            Some(Pattern::RefundToOtherCard) => self.refund_elsewhere(),
            Some(Pattern::CardVelocity) => self.run_cards(),
            Some(Pattern::SharedBankAccount) => {
                self.keep_case(self.today, None, 0, String::new());
                true
            }
            Some(Pattern::NumberGap) => {
                self.will_lose_number = true;
                true
            }
            _ => true,
        };
        if !is_done {
            let day = self.later(1, 3);
            self.plan_event(day, Event::Fraud);
        }
    }

    fn bill_again(&mut self) -> bool {
        let is_recent = |item: &&Item| {
            item.kind == Kind::Invoice
                && item.id.part == 0
                && self.today - item.issued <= 20
                && item.posted < self.today
        };
        let Some(first) = self.items.iter().rev().take(200).find(is_recent) else { return false };
        let mut again = first.clone();
        (again.id.part, again.issued, again.posted) = (DUPLICATE_PART, self.today, self.today);
        again.due = self.today + again.terms_days.unwrap_or(30);
        (again.open, again.planned) = (again.cents, NEVER);
        if let Reference::Delivery(number, part) = again.reference {
            again.reference = Reference::Delivery(number / 10 * 10 + (number % 10 + 1) % 10, part);
        }
        again.entered = self.office_hours(self.today);
        let cents = again.cents;
        let at = self.add(again);
        self.keep_case(self.today, Some(at), cents, String::new());
        true
    }

    fn split_credit(&mut self) -> bool {
        let currency = self.profile.currency;
        let cents = currency.cents(self.dice.within(0.90, 0.99) * APPROVAL_LIMIT / currency.first_rate());
        let user = User::Clerk(self.profile.company, 1);
        let note = self.post(Kind::CreditNote, currency, cents, user);
        self.item_mut(note).reference = Reference::Reason("goodwill");
        self.act("credit_note", user, Some(note), cents);
        let oldest = self.open_debits.iter().map(|(_, at)| *at).find(|at| self.item(*at).currency == currency);
        if let Some(debit) = oldest {
            self.apply(note, debit, i64::MAX, user);
        }
        self.keep_case(self.today, Some(note), cents, String::new());
        self.side.cases.len() >= 3
    }

    fn write_off_at_night(&mut self) -> bool {
        let Some(&(_, debit)) = self.open_debits.first() else { return false };
        let user = User::Clerk(self.profile.company, 2);
        let cents = self.item(debit).open;
        let write_off = self.write_off(debit, "adjusted by agreement", user);
        let at = Moment { day: self.today, second: 22 * 3600 + self.dice.between(1_800, 7_000) as u32 };
        self.item_mut(write_off).entered = at;
        for action in self.side.actions.iter_mut().filter(|action| action.item == Some(write_off)) {
            action.at = at;
        }
        for application in self.applications.iter_mut().filter(|a| a.credit == write_off) {
            application.entered = application.entered.max(at);
        }
        self.keep_case(self.today, Some(write_off), cents, String::new());
        true
    }

    fn refund_elsewhere(&mut self) -> bool {
        let currency = self.profile.currency;
        let Some(original) = self.side.cards.iter().rposition(|c| c.kind == "capture" && c.currency == currency) else {
            return false;
        };
        let cents = self.side.cards[original].cents;
        let user = User::Clerk(self.profile.company, 3);
        let note = self.post(Kind::CreditNote, currency, cents, user);
        self.item_mut(note).reference = Reference::Reason("goodwill");
        self.act("credit_note", user, Some(note), cents);
        let refund = self.post(Kind::Refund, currency, cents, user);
        self.item_mut(refund).reference = Reference::Item(note);
        self.act("refund", user, Some(refund), cents);
        self.apply(note, refund, i64::MAX, user);
        let (at, original) = (self.item(refund).entered, Some(original as u32));
        let kind = "refund";
        self.side.cards.push(CardEvent { at, card: 1, kind, cents, currency, original, receipt: None, user });
        self.keep_case(self.today, Some(refund), cents, String::new());
        true
    }

    fn run_cards(&mut self) -> bool {
        let (currency, count) = (self.profile.currency, self.dice.between(9, 15));
        let start = self.office_hours(self.today);
        for card in 1..=count {
            let cents = currency.cents(self.dice.within(1.0, 400.0) / currency.first_rate());
            let at = Moment { day: start.day, second: start.second + card as u32 * 170 };
            let (card, user) = (card as u8, User::BankFeed);
            let kind = if self.dice.chance(0.4) { "decline" } else { "authorisation" };
            self.side.cards.push(CardEvent { at, card, kind, cents, currency, original: None, receipt: None, user });
        }
        self.keep_case(self.today, None, 0, format!("{count} cards within an hour"));
        true
    }

    /// Whether an invoice's number is used up and the invoice is gone.
    pub(super) fn loses_number(&mut self, id: Id) -> bool {
        let is_lost = std::mem::take(&mut self.will_lose_number);
        if is_lost {
            self.keep_case(self.today, None, 0, super::rows::id_text(id));
        }
        is_lost
    }

    /// Keeps the first payment of a run from its item: what comes in goes to the debt of the customer robbed before.
    ///
    /// Gives the item that is not paid, once on an account.
    pub(super) fn lap(&mut self, dues: &[super::account::Due], currency: Currency) -> Option<u32> {
        let due = *dues.first()?;
        let item = self.item(due.item);
        let begins = self.world.span.start + (self.world.span.end - self.world.span.start) / 6;
        let is_ready = self.lap.is_none_or(|lap| self.today >= lap.day + LAP_DAYS && lap.currency == currency);
        let is_whole = item.kind == Kind::Invoice && item.currency == currency && due.cents == item.cents;
        if !self.is_case(Pattern::Lapping)
            || !self.side.cases.is_empty()
            || !is_ready
            || !is_whole
            || self.today < begins
        {
            return None;
        }
        let stolen = Lap { id: item.id, currency, cents: due.cents, day: self.today };
        let note = match self.lap.replace(stolen) {
            None => "payment kept".to_owned(),
            Some(before) => {
                let method =
                    if self.profile.method == Method::Card { Method::BankTransfer } else { self.profile.method };
                let receipt = self.post_receipt(currency, due.cents, method);
                self.record(receipt, method);
                let user = User::Clerk(self.profile.company, 1);
                let paid = self.apply_to_other(receipt, before, user);
                let day = self.later(7, 45);
                if paid < due.cents {
                    self.plan_event(day, Event::Sweep { credit: receipt, attempt: 1 });
                }
                format!(
                    "{} applied to {}",
                    super::rows::id_text(self.item(receipt).id),
                    super::rows::id_text(before.id)
                )
            }
        };
        // The debt now belongs to the lapping: nothing else on this account may settle it.
        let key = (self.item(due.item).due, due.item);
        self.open_debits.remove(&key);
        self.item_mut(due.item).open = 0;
        self.item_mut(due.item).planned = NEVER;
        self.keep_case(self.today, Some(due.item), due.cents, note);
        Some(due.item)
    }

    fn apply_to_other(&mut self, receipt: u32, debt: Lap, user: User) -> i64 {
        let cents = self.item(receipt).open.min(debt.cents);
        let entered = self.office_hours(self.today).max(self.item(receipt).entered);
        self.applications.push(super::item::Application {
            credit: receipt,
            debit: NO_ITEM,
            foreign: Some(debt.id),
            cents,
            credit_cents: cents,
            is_cross_currency: false,
            applied: self.today,
            entered,
            user,
        });
        self.item_mut(receipt).open -= cents;
        cents
    }
}
