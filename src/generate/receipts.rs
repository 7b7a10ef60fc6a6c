//! Money coming in: pay runs, applications, what stays on account, and what the bank takes back.

use super::account::{Account, Due, Event};
use super::days::NEVER;
use super::item::{Item, Kind, Moment, NO_ITEM, Reference, User};
use super::market::Currency;
use super::profile::{Method, PayRule};
use super::side::{Action, BankLine, CardEvent, LineKind};

/// Items one receipt pays at most.
const MOST_ITEMS: usize = 40;
/// Days on which a customer without pay runs pays several items by one receipt, where several are due.
const PAYS_TOGETHER_RATE: f64 = 0.2;
/// Times a leftover credit is looked at before it is left alone.
const SWEEP_ATTEMPTS: u8 = 3;
/// Hundredths of a euro under which a leftover credit is taken off the books.
const SMALL_CREDIT_CENTS: i64 = 500;

impl Account<'_> {
    /// Receives what was planned for today in `currency`.
    pub(super) fn run(&mut self, currency: Currency) {
        let planned = self.runs.remove(&(self.today, currency)).unwrap_or_default();
        let has_stopped = self.today >= self.profile.defaults;
        let mut dues = Vec::new();
        for due in planned {
            let cents = due.cents.min(self.item(due.item).open);
            if has_stopped && !due.is_recovery {
                if cents > 0 {
                    let day = self.work_day(self.today.max(self.item(due.item).due + 60));
                    self.plan_event(day, Event::Review { item: due.item, stage: 0 });
                }
            } else if cents > 0 {
                dues.push(Due { cents, ..due });
            }
        }
        dues = self.merge(dues);
        if let Some(due) = self.lap(&dues, currency) {
            dues.retain(|other| other.item != due);
        }
        let pays_together = self.profile.pay_rule != PayRule::AnyDay || self.dice.chance(PAYS_TOGETHER_RATE);
        let size = if pays_together { MOST_ITEMS } else { 1 };
        for chunk in dues.chunks(size) {
            self.receive(chunk, currency);
        }
    }

    /// One due for each item, so that two planned on one day never pay more than is left.
    fn merge(&self, mut dues: Vec<Due>) -> Vec<Due> {
        dues.sort_by_key(|due| due.item);
        let mut merged: Vec<Due> = Vec::with_capacity(dues.len());
        for due in dues {
            match merged.last_mut() {
                Some(last) if last.item == due.item => {
                    last.cents = (last.cents + due.cents).min(self.item(due.item).open);
                }
                _ => merged.push(due),
            }
        }
        merged
    }

    fn receive(&mut self, dues: &[Due], currency: Currency) {
        let mut cents = 0;
        for due in dues {
            let from = self.item(due.item).currency;
            cents += if from == currency {
                due.cents
            } else {
                self.world.rates.convert(due.cents, from, currency, self.today)
            };
        }
        let behaviour = &self.world.behaviour;
        if self.dice.chance(behaviour.overpayment_rate) {
            let share = if self.dice.chance(0.3) { 1.0 } else { self.dice.within(0.01, 0.2) };
            cents += currency.cents(cents as f64 / 100.0 * share);
        }
        let is_recovery = dues.iter().any(|due| due.is_recovery);
        let method = if is_recovery { Method::BankTransfer } else { self.profile.method };
        let receipt = self.post_receipt(currency, cents, method);
        self.record(receipt, method);
        let list = self.lists.len() as u32;
        self.lists.push(dues.to_vec());
        let event = Event::Apply { receipt, list };
        if self.dice.chance(behaviour.on_account_rate) {
            let day = self.later(5, 40);
            self.plan_event(day, event);
        } else if self.dice.chance(behaviour.late_application_rate) {
            let day = self.later(1, 5);
            self.plan_event(day, event);
        } else {
            let first = self.applications.len() as u32;
            self.apply_list(receipt, list);
            self.may_come_back(receipt, first, method);
        }
    }

    pub(super) fn post_receipt(&mut self, currency: Currency, cents: i64, method: Method) -> u32 {
        let id = self.numbers.next(self.profile.company, Kind::Receipt, self.today);
        let entered = self.keyed(self.today);
        let is_fed = matches!(method, Method::BankTransfer | Method::DirectDebit) && self.dice.chance(0.6);
        let user = if is_fed { User::BankFeed } else { self.clerk() };
        let mut item = Item::new(id, self.today, currency, cents, entered, user);
        item.business_unit = self.profile.business_unit;
        item.method = Some(method);
        let days_to_bank = match method {
            Method::Cheque | Method::Cash => self.dice.between(1, 3),
            Method::Card => 2,
            Method::BankTransfer | Method::DirectDebit => 0,
        };
        item.received = self.today - if method == Method::Cheque { days_to_bank } else { 0 };
        item.banked = if method == Method::Cheque { self.today } else { self.work_day(self.today + days_to_bank) };
        item.banked = item.banked.min(self.world.span.end).max(item.received);
        item.reference = Reference::Payment(self.dice.between(100_000, 999_999) as u32);
        self.add(item)
    }

    /// Keeps the statement line or card events of a receipt.
    pub(super) fn record(&mut self, receipt: u32, method: Method) {
        let (currency, cents, booked) =
            (self.item(receipt).currency, self.item(receipt).cents, self.item(receipt).banked);
        let kind = match method {
            Method::Card => return self.charge_card(receipt),
            Method::Cash => return,
            Method::BankTransfer => LineKind::Transfer,
            Method::DirectDebit => LineKind::DirectDebit,
            Method::Cheque => LineKind::Cheque,
        };
        let line = BankLine { booked, cents, currency, receipt: Some(receipt), is_reversal: false, kind };
        self.side.bank_lines.push(line);
        if self.dice.chance(self.world.behaviour.unidentified_line_rate) {
            let cents = currency.cents(self.dice.lognormal(300.0, 1.0) / currency.first_rate());
            let kind = LineKind::Unidentified;
            self.side.bank_lines.push(BankLine { booked, cents, currency, receipt: None, is_reversal: false, kind });
        }
    }

    fn charge_card(&mut self, receipt: u32) {
        let (currency, cents, user) = (self.item(receipt).currency, self.item(receipt).cents, self.item(receipt).user);
        let at = self.office_hours(self.today);
        let event = |kind, second, original, receipt| {
            let at = Moment { day: at.day, second };
            CardEvent { at, card: 0, kind, cents, currency, original, receipt, user }
        };
        if self.dice.chance(0.04) {
            self.side.cards.push(event("decline", at.second - 300, None, None));
        }
        let authorisation = self.side.cards.len() as u32;
        self.side.cards.push(event("authorisation", at.second, None, None));
        self.side.cards.push(event("capture", at.second + 60, Some(authorisation), Some(receipt)));
    }

    /// Applies a receipt as its remittance says; what is left is looked at again later.
    pub(super) fn apply_list(&mut self, receipt: u32, list: u32) {
        let dues = std::mem::take(&mut self.lists[list as usize]);
        let user = if self.dice.chance(0.55) { User::BankFeed } else { self.clerk() };
        for due in dues {
            let paid = self.apply(receipt, due.item, due.cents, user);
            let late_days = self.today - self.item(due.item).due;
            let is_charged = paid > 0 && late_days > 30 && self.item(due.item).kind == Kind::Invoice;
            if is_charged && self.dice.chance(self.world.behaviour.interest_rate) {
                let day = self.later(2, 6);
                self.plan_event(day, Event::Interest { item: due.item, late_days });
            }
        }
        if self.item(receipt).open > 0 {
            let day = self.later(7, 45);
            self.plan_event(day, Event::Sweep { credit: receipt, attempt: 1 });
        }
    }

    fn may_come_back(&mut self, receipt: u32, first: u32, method: Method) {
        let last = self.applications.len() as u32;
        let b = &self.world.behaviour;
        let can_bounce = matches!(method, Method::DirectDebit | Method::Cheque);
        if can_bounce && last > first && self.dice.chance(b.bounce_rate) {
            let day = self.later(2, 5);
            self.plan_event(day, Event::Bounce { receipt, first, last });
        } else if method == Method::Card && self.dice.chance(b.chargeback_rate) {
            let day = self.later(10, 45);
            self.plan_event(day, Event::Chargeback { receipt });
        }
    }

    /// Applies what is left of a credit to the oldest debts, or pays it back.
    pub(super) fn sweep(&mut self, credit: u32, attempt: u8) {
        let currency = self.item(credit).currency;
        let oldest: Vec<u32> = self.open_debits.iter().map(|(_, at)| *at).take(MOST_ITEMS).collect();
        let user = self.clerk();
        for debit in oldest {
            if self.item(credit).open > 0 && self.item(debit).currency == currency {
                self.apply(credit, debit, i64::MAX, user);
            }
        }
        let left = self.item(credit).open;
        if left == 0 {
            return;
        }
        let small = currency.cents(SMALL_CREDIT_CENTS as f64 / 100.0 / currency.first_rate());
        if left < small {
            let adjustment = self.post(Kind::Adjustment, currency, left, user);
            self.item_mut(adjustment).reference = Reference::Reason("small credit balance");
            self.apply(credit, adjustment, i64::MAX, user);
        } else if attempt == SWEEP_ATTEMPTS || self.dice.chance(0.25) {
            self.refund(credit);
        } else {
            let day = self.later(15, 40);
            self.plan_event(day, Event::Sweep { credit, attempt: attempt + 1 });
        }
    }

    /// Pays back what is left of a credit.
    fn refund(&mut self, credit: u32) {
        let (currency, left, paid_by) = (self.item(credit).currency, self.item(credit).open, self.item(credit).method);
        let user = self.clerk();
        let refund = self.post(Kind::Refund, currency, left, user);
        self.item_mut(refund).reference = Reference::Item(credit);
        self.apply(credit, refund, i64::MAX, user);
        self.act("refund", user, Some(refund), left);
        if paid_by == Some(Method::Card) {
            let original = self.side.cards.iter().rposition(|c| c.receipt == Some(credit)).map(|at| at as u32);
            let at = self.office_hours(self.today);
            let kind = "refund";
            self.side.cards.push(CardEvent { at, card: 0, kind, cents: left, currency, original, receipt: None, user });
        } else {
            let (booked, kind) = (self.today, LineKind::Refund);
            let line = BankLine { booked, cents: -left, currency, receipt: None, is_reversal: false, kind };
            self.side.bank_lines.push(line);
        }
    }

    /// Undoes a receipt the bank returned: its applications are taken back and a debit stands against it.
    pub(super) fn bounce(&mut self, receipt: u32, first: u32, last: u32) {
        let user = self.clerk();
        let mut debts = Vec::new();
        for at in first..last {
            let was = self.applications[at as usize];
            self.unapply(at, user);
            if was.debit != NO_ITEM {
                debts.push(was.debit);
            }
        }
        let (currency, left) = (self.item(receipt).currency, self.item(receipt).open);
        let reversal = self.post(Kind::Adjustment, currency, left, user);
        self.item_mut(reversal).reversal_of = receipt;
        self.item_mut(reversal).reference = Reference::Reason("returned payment");
        self.apply(receipt, reversal, i64::MAX, user);
        let (booked, kind) = (self.today, LineKind::Return);
        let line = BankLine { booked, cents: -left, currency, receipt: Some(receipt), is_reversal: true, kind };
        self.side.bank_lines.push(line);
        let pay_on = self.later(4, 25);
        for debt in debts {
            let is_paid = pay_on < self.profile.defaults;
            self.settle_or_collect(debt, if is_paid { pay_on } else { NEVER });
        }
    }

    /// Bills the customer for a card payment the cardholder took back; most pay it in the end.
    pub(super) fn chargeback(&mut self, receipt: u32) {
        let (currency, cents) = (self.item(receipt).currency, self.item(receipt).cents);
        let item = self.post(Kind::Chargeback, currency, cents, User::BankFeed);
        self.item_mut(item).reversal_of = receipt;
        self.item_mut(item).reference = Reference::Item(receipt);
        let original = self.side.cards.iter().rposition(|c| c.receipt == Some(receipt)).map(|at| at as u32);
        let at = self.office_hours(self.today);
        let (kind, user) = ("chargeback", User::BankFeed);
        self.side.cards.push(CardEvent { at, card: 0, kind, cents, currency, original, receipt: None, user });
        let pay_on = if self.dice.chance(0.7) { self.later(8, 35) } else { NEVER };
        self.settle_or_collect(item, if pay_on < self.profile.defaults { pay_on } else { NEVER });
    }

    /// Keeps an action for approval: by the lead, or the credit manager where it is large.
    pub(super) fn act(&mut self, action: &'static str, user: User, item: Option<u32>, cents: i64) {
        let at = item.map_or(Moment { day: self.today, second: 36_000 }, |at| self.item(at).entered);
        let is_large = cents as f64 / 100.0 * self.profile.currency.first_rate() > 5_000.0;
        let lead = User::Lead(self.world.staff.lead(self.profile.company));
        let approved_by = if is_large { User::CreditManager } else { lead };
        self.side.actions.push(Action { at, user, action, item, cents, approved_by });
    }
}
