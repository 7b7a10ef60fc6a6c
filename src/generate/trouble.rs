//! What goes wrong with an invoice: disputes, returns, interest, bad debts, and what they cost.

use super::account::{Account, Due, Event};
use super::days::NEVER;
use super::item::{Kind, Reference, User};
use super::side::{Dispute, Placement, Provision};

const REASONS: [(&str, &str); 6] = [
    ("price", "sales"),
    ("quantity", "logistics"),
    ("quality", "quality"),
    ("late delivery", "logistics"),
    ("missing purchase order", "billing"),
    ("duplicate billing", "billing"),
];
const AGENCIES: [&str; 3] = ["Baker & Cole Recoveries", "Inkasso Nord", "Követeléskezelő Zrt."];
/// Least interest that is billed, in euro.
const LEAST_INTEREST: f64 = 5.0;

impl Account<'_> {
    /// Opens a dispute over so many hundredths of an item, or less where less is left.
    pub(super) fn dispute(&mut self, item: u32, cents: i64) {
        let cents = cents.min(self.item(item).open);
        if cents == 0 {
            return;
        }
        let (reason, owner) = *self.dice.pick(&REASONS);
        let dispute = self.side.disputes.len() as u32;
        let opened = self.today;
        self.side.disputes.push(Dispute { item, opened, resolved: None, cents, reason, owner, outcome: "" });
        if !self.dice.chance(self.world.behaviour.unresolved_dispute_rate) {
            let day = self.later(8, 75);
            self.plan_event(day, Event::Resolve { dispute });
        }
    }

    /// Resolves a dispute: what was valid is credited, the rest is paid.
    pub(super) fn resolve(&mut self, dispute: u32) {
        let (item, disputed) = (self.side.disputes[dispute as usize].item, self.side.disputes[dispute as usize].cents);
        let shares = self.world.behaviour.dispute_outcome_shares;
        let (outcome, share) =
            [("valid", 1.0), ("invalid", 0.0), ("partly", 0.5)][self.dice.weighted(shares.into_iter())];
        let case = &mut self.side.disputes[dispute as usize];
        (case.resolved, case.outcome) = (Some(self.today), outcome);
        let currency = self.item(item).currency;
        let credit = currency.cents(disputed as f64 / 100.0 * share).min(self.item(item).open);
        if share > 0.0 && credit > 0 {
            self.credit(item, credit, "dispute");
        }
        if self.item(item).open > 0 {
            let pay_on = self.later(4, 25);
            let pay_on = self.pay_run_on(pay_on, self.today + 1);
            self.settle_or_collect(item, if pay_on < self.profile.defaults { pay_on } else { NEVER });
        }
    }

    /// Credits so many hundredths of an item and applies the credit note to it.
    fn credit(&mut self, item: u32, cents: i64, reason: &'static str) -> u32 {
        let user = User::Collector(self.collector());
        let note = self.post(Kind::CreditNote, self.item(item).currency, cents, user);
        let entered = self.keyed(self.today);
        self.item_mut(note).entered = entered;
        self.item_mut(note).tax_cents = self.tax(cents, self.item(item).currency);
        self.item_mut(note).reference = Reference::Reason(reason);
        self.act("credit_note", user, Some(note), cents);
        self.apply(note, item, i64::MAX, user);
        note
    }

    /// Credits returned goods, which the customer may take against another invoice.
    pub(super) fn take_back(&mut self, item: u32) {
        let cents = self.share_of(item, 0.05, 0.4);
        if cents >= self.item(item).open {
            return;
        }
        let takes_elsewhere = self.dice.chance(self.world.behaviour.return_to_other_invoice_rate);
        let currency = self.item(item).currency;
        let is_other = |at: u32| at != item && self.item(at).currency == currency && self.item(at).posted <= self.today;
        let other = self.open_debits.iter().map(|(_, at)| *at).take(20).find(|at| is_other(*at));
        let target = if takes_elsewhere { other.unwrap_or(item) } else { item };
        let note = self.credit(target, cents, "return");
        if self.item(note).open > 0 {
            let day = self.later(10, 40);
            self.plan_event(day, Event::Sweep { credit: note, attempt: 1 });
        }
    }

    /// Credits all that is left of an invoice billed in error.
    pub(super) fn cancel(&mut self, item: u32) {
        let open = self.item(item).open;
        if open > 0 {
            self.credit(item, open, "cancelled");
        }
    }

    /// Bills a little more for an invoice.
    pub(super) fn add_debit(&mut self, item: u32) {
        let cents = self.share_of(item, 0.03, 0.10);
        let (currency, terms) = (self.item(item).currency, self.profile.terms_days);
        let id = self.numbers.next(self.profile.company, Kind::DebitNote, self.today);
        let entered = self.keyed(self.today);
        let mut note = super::item::Item::new(id, self.today, currency, cents, entered, User::BillingRun);
        (note.due, note.terms_days) = (self.today + terms, Some(terms));
        note.tax_cents = self.tax(cents, currency);
        note.business_unit = self.item(item).business_unit;
        note.reference = Reference::Item(item);
        let note = self.add(note);
        let pay_on = self.pay_run_on(self.item(note).due + 2, self.today + 1);
        self.settle_or_collect(note, if pay_on < self.profile.defaults { pay_on } else { NEVER });
    }

    /// Bills interest on a payment; half of it is paid, some is waived, the rest stays.
    pub(super) fn bill_interest(&mut self, item: u32, late_days: i32) {
        let currency = self.item(item).currency;
        let yearly = self.item(item).cents as f64 / 100.0 * self.world.behaviour.interest_yearly_rate;
        let amount = yearly * f64::from(late_days) / 365.0;
        if amount * currency.first_rate() < LEAST_INTEREST {
            return;
        }
        let interest = self.post(Kind::Interest, currency, currency.cents(amount), User::BillingRun);
        let due = self.today + 14;
        // The due date is the key of the open debts: the old key goes before the date changes.
        self.open_debits.remove(&(self.item(interest).due, interest));
        self.item_mut(interest).due = due;
        self.open_debits.insert((due, interest));
        self.item_mut(interest).reference = Reference::Item(item);
        match self.dice.between(1, 10) {
            1..=5 => {
                let pay_on = self.pay_run_on(due + 5, self.today + 1);
                self.settle_or_collect(interest, if pay_on < self.profile.defaults { pay_on } else { NEVER });
            }
            6..=8 => {
                let day = self.later(15, 40);
                self.plan_event(day, Event::Cancel { item: interest });
            }
            _ => {}
        }
    }

    /// Hands a debt nobody pays to the next stage, and writes it off in the end.
    pub(super) fn review(&mut self, item: u32, stage: u8) {
        if self.item(item).open == 0 {
            return;
        }
        let today = self.today;
        if let Some(last) = self.side.placements.iter_mut().rev().find(|p| p.item == item) {
            // Each part of an item paid in parts asks for a review of its own; the item is handed on once.
            if stage == 0 && last.returned.is_none() {
                return;
            }
            last.returned = Some(today);
        }
        if stage >= 2 {
            return self.write_off_bad_debt(item);
        }
        let is_legal = stage == 1 && self.dice.chance(0.3);
        let (name, agency) = match (stage, is_legal) {
            (0, _) => ("level_2", ""),
            (_, true) => ("legal", ""),
            (_, false) => ("agency", *self.dice.pick(&AGENCIES)),
        };
        self.side.placements.push(Placement { item, stage: name, placed: today, returned: None, agency });
        if name == "agency" && self.dice.chance(self.world.behaviour.agency_recovery_rate) {
            let cents = self.share_of(item, 0.3, 0.6);
            let day = self.later(15, 45);
            self.plan_receipt(Due { item, cents, is_recovery: true }, day);
        }
        let day = if stage == 0 { self.later(35, 45) } else { self.later(40, 110) };
        self.plan_event(day, Event::Review { item, stage: stage + 1 });
    }

    fn write_off_bad_debt(&mut self, item: u32) {
        if !self.dice.chance(self.world.behaviour.bad_debt_write_off_rate) {
            return;
        }
        let collector = self.world.staff.level_2(&mut self.dice, self.profile.company, self.today);
        self.write_off(item, "bad debt", User::Collector(collector));
    }

    /// Writes off the few coins a customer paid short.
    pub(super) fn write_off_rest(&mut self, item: u32) {
        let (open, currency) = (self.item(item).open, self.item(item).currency);
        let is_small = (open as f64) / 100.0 * currency.first_rate() <= 5.0;
        if open > 0 && is_small {
            let user = self.clerk();
            self.write_off(item, "small balance", user);
        }
    }

    /// Writes off all that is left of an item.
    pub(super) fn write_off(&mut self, item: u32, reason: &'static str, user: User) -> u32 {
        let (open, currency) = (self.item(item).open, self.item(item).currency);
        let write_off = self.post(Kind::WriteOff, currency, open, user);
        self.item_mut(write_off).reference = Reference::Reason(reason);
        self.act("write_off", user, Some(write_off), open);
        self.apply(write_off, item, i64::MAX, user);
        write_off
    }

    /// Provides for an item at a quarter's end: a quarter over 90 days past due, half over 180, all over 360.
    pub(super) fn provide(&mut self, item: u32) {
        let (open, due) = (self.item(item).open, self.item(item).due);
        let late_days = self.today - due;
        if open == 0 || late_days <= 90 {
            return;
        }
        let share = if late_days > 360 { 1.0 } else { [0.25, 0.5][usize::from(late_days > 180)] };
        let cents = self.item(item).currency.cents(open as f64 / 100.0 * share).min(open);
        self.side.provisions.push(Provision { item, day: self.today, cents });
        let next = self.world.days.quarter_end(self.today + 1);
        self.plan_event(next, Event::Provision { item });
    }
}
