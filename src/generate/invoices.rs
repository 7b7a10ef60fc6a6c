//! Billing: what is invoiced, and what will become of it.

use chrono::Datelike;

use super::account::{Account, Due, Event};
use super::days::{Day, NEVER};
use super::fraud::{BUST_OUT_DAYS, BUST_OUT_FACTOR, Pattern};
use super::item::{Item, Kind, Moment, Reference, User};
use super::market::{BUSINESS_UNITS, COMPANIES, Country, Currency};
use super::profile::{Method, PayRule};

/// Terms of invoices that are paid in instalments start here and go on by as many days.
const INSTALMENT_STEP_DAYS: i32 = 30;
/// Longest time before the first day of the book from which an item can still be open on it.
const OPENING_DAYS: i32 = 150;
/// Days before its default in which a customer's payments slow down, and by how much in the end.
const DECLINE_DAYS: i32 = 150;
const DECLINE_LATE_DAYS: f64 = 35.0;

impl Account<'_> {
    /// Brings in what was billed before the book starts and is still open on its first day.
    pub(super) fn open_balance(&mut self) {
        let start = self.world.span.start;
        if self.profile.joins > start {
            return;
        }
        let count = self.dice.count(self.profile.invoices_per_year * f64::from(OPENING_DAYS) / 365.25);
        let mut issued: Vec<Day> = (0..count).map(|_| start - self.dice.between(1, OPENING_DAYS)).collect();
        issued.sort_unstable();
        for day in issued {
            let due = day + self.profile.terms_days;
            let (currency, cents) = (self.profile.currency, self.draw_amount(day));
            let pay_on = self.draw_pay_day(day, due);
            if pay_on <= start {
                continue;
            }
            let id = self.numbers.next(self.profile.company, Kind::Opening, start);
            let entered = Moment { day: start, second: 3600 };
            let mut item = Item::new(id, day, currency, cents, entered, User::BillingRun);
            (item.posted, item.due, item.terms_days) = (start, due, Some(self.profile.terms_days));
            item.business_unit = self.profile.business_unit;
            let at = self.add(item);
            self.settle_or_collect(at, pay_on);
        }
    }

    /// Bills the customer on a day: one item, or one for each instalment.
    pub(super) fn issue(&mut self, day: Day) {
        self.today = day;
        let id = self.numbers.next(self.profile.company, Kind::Invoice, day);
        if self.loses_number(id) {
            return;
        }
        let behaviour = &self.world.behaviour;
        let currency = self.profile.currency;
        let total = self.draw_amount(day);
        let is_split = self.profile.has_instalments && self.dice.chance(behaviour.instalment_rate);
        let parts = if is_split { self.dice.between(2, 4) } else { 1 };
        let wait = if self.dice.chance(0.08) { self.dice.between(1, 3) } else { 0 };
        let posted = Some(self.work_day(day + wait)).filter(|posted| *posted <= self.world.span.end).unwrap_or(day);
        let entered = self.billed_at(posted);
        let unit = if self.dice.chance(0.1) {
            self.dice.between(0, BUSINESS_UNITS.len() as i32 - 1) as u8
        } else {
            self.profile.business_unit
        };
        let delivery = self.dice.between(1_000_000, 9_999_999) as u32;
        let order = self.dice.between(4_500_000, 4_599_999) as u32;
        let has_order = self.dice.chance(0.85);
        let step = if currency.is_whole() { 100 } else { 1 };
        for part in 1..=parts {
            let share = total / i64::from(parts) / step * step;
            let cents = if part == parts { total - share * i64::from(parts - 1) } else { share };
            if cents <= 0 {
                continue;
            }
            let terms = if parts > 1 { INSTALMENT_STEP_DAYS * part } else { self.profile.terms_days };
            let part = if parts > 1 { part as u8 } else { 0 };
            let mut item = Item::new(super::item::Id { part, ..id }, day, currency, cents, entered, User::BillingRun);
            (item.posted, item.due, item.terms_days) = (posted, day + terms, Some(terms));
            item.tax_cents = self.tax(cents, currency);
            item.business_unit = unit;
            item.reference = Reference::Delivery(delivery, part);
            item.purchase_order = if has_order { order } else { 0 };
            let at = self.add(item);
            if part == 0 && self.profile.has_down_payments && self.dice.chance(behaviour.down_payment_rate) {
                self.pay_down(at);
            }
            self.decide(at);
        }
    }

    fn billed_at(&mut self, posted: Day) -> Moment {
        if self.dice.chance(self.world.behaviour.back_dated_rate) {
            self.keyed_late(posted)
        } else {
            Moment { day: posted, second: 2 * 3600 + self.dice.between(0, 3599) as u32 }
        }
    }

    fn keyed_late(&mut self, day: Day) -> Moment {
        let day = (day + self.dice.between(7, 42)).min(self.world.span.end);
        self.office_hours(day)
    }

    /// Tax in an amount: the company's rate for its own country, none for exports.
    pub(super) fn tax(&self, cents: i64, currency: Currency) -> i64 {
        let company = &COMPANIES[usize::from(self.profile.company)];
        if company.country != self.profile.country || company.tax_rate == 0.0 {
            return 0;
        }
        let share = company.tax_rate / (1.0 + company.tax_rate);
        let tax = (cents as f64 * share).round() as i64;
        if currency.is_whole() { tax / 100 * 100 } else { tax }
    }

    /// An amount around the customer's own median; far more in the weeks before a planned bust-out.
    fn draw_amount(&mut self, day: Day) -> i64 {
        let euro = self.dice.lognormal(self.profile.amount_median, self.world.behaviour.invoice_amount_sigma);
        let euro = if self.is_busting_out(day) { euro * BUST_OUT_FACTOR } else { euro };
        let currency = self.profile.currency;
        currency.cents(euro.max(5.0) / currency.first_rate())
    }

    /// Day on which the customer would pay, by its habit and its pay runs.
    fn draw_pay_day(&mut self, issued: Day, due: Day) -> Day {
        let behaviour = &self.world.behaviour;
        let is_late_by_habit = self.profile.method != Method::DirectDebit;
        let mut late = if is_late_by_habit {
            self.profile.mean_late_days + self.profile.spread_days * self.dice.normal()
        } else {
            0.0
        };
        if is_late_by_habit && self.dice.chance(behaviour.forgotten_rate) {
            late += self.dice.exponential(behaviour.forgotten_mean_days);
        }
        let to_default = self.profile.defaults.saturating_sub(due);
        if to_default < DECLINE_DAYS && !self.is_case(Pattern::BustOut) {
            late += DECLINE_LATE_DAYS * (1.0 - f64::from(to_default.max(0)) / f64::from(DECLINE_DAYS));
        }
        self.pay_run_on(due + late.round() as i32, issued + 1)
    }

    /// The first day the customer sends money on or after `day` and `earliest`.
    pub(super) fn pay_run_on(&self, day: Day, earliest: Day) -> Day {
        let (days, country) = (&self.world.days, self.profile.country);
        let day = day.max(earliest);
        match self.profile.pay_rule {
            PayRule::AnyDay => days.next_working(country, day),
            PayRule::Weekly(weekday) => {
                // 1970-01-01 was a Thursday, weekday 3.
                let ahead = (i32::from(weekday) - (day + 3)).rem_euclid(7);
                days.next_working(country, day + ahead)
            }
            PayRule::MonthEnd => {
                let end = days.previous_working(country, days.month_end(day));
                if end >= day { end } else { days.previous_working(country, days.month_end(days.month_end(day) + 1)) }
            }
            PayRule::TwiceAMonth => {
                let on = (day..day + 31).find(|d| matches!(days.date(*d).day(), 10 | 25)).unwrap_or(day);
                days.next_working(country, on)
            }
        }
    }

    /// Chooses what becomes of a new invoice and plans it.
    fn decide(&mut self, at: u32) {
        let (issued, due) = (self.item(at).issued, self.item(at).due);
        let pay_on = self.draw_pay_day(issued.max(self.item(at).posted), due);
        if self.dice.chance(self.world.behaviour.debit_note_rate) {
            let day = self.later(5, 15);
            self.plan_event(day, Event::DebitNote { item: at });
        }
        if pay_on >= self.profile.defaults {
            return self.settle_or_collect(at, NEVER);
        }
        let b = &self.world.behaviour;
        let never = b.never_paid_rate * [0.2, 0.7, 2.0, 3.5][usize::from(self.profile.habit)];
        let shares = [
            never,
            b.cancelled_rate,
            b.withheld_rate,
            b.deduction_rate,
            b.small_short_rate,
            b.part_payment_rate,
            b.return_rate,
        ];
        let rest = 1.0 - shares.iter().sum::<f64>();
        match self.dice.weighted(shares.into_iter().chain([rest])) {
            0 => self.settle_or_collect(at, NEVER),
            1 => {
                let day = self.later(2, 10);
                self.plan_event(day, Event::Cancel { item: at });
                self.settle_or_collect(at, pay_on.max(day + 1));
            }
            2 => {
                let day = self.later(5, 25);
                self.plan_event(day, Event::Dispute { item: at, cents: self.item(at).cents });
            }
            3 => self.pay_short(at, pay_on),
            4 => {
                let rest =
                    self.profile.currency.cents(self.dice.within(0.02, 4.0) / self.profile.currency.first_rate());
                let cents = self.item(at).cents;
                if rest * 10 < cents {
                    let day = pay_on + self.dice.between(15, 45);
                    self.plan_event(day, Event::WriteOffRest { item: at });
                    self.plan_due(at, cents - rest, pay_on);
                } else {
                    self.settle_or_collect(at, pay_on);
                }
            }
            5 => {
                let first = self.share_of(at, 0.3, 0.7);
                let wait = self.dice.between(10, 40);
                let rest_on = self.pay_run_on(pay_on + wait, pay_on + 1);
                self.plan_due(at, first, pay_on);
                self.plan_due(at, i64::MAX, rest_on);
                self.watch(at, rest_on);
            }
            6 => {
                let day = self.later(5, 20);
                self.plan_event(day, Event::Return { item: at });
                self.settle_or_collect(at, pay_on);
            }
            _ if pay_on - due > 20 && self.dice.chance(b.payment_plan_rate) => self.agree_plan(at, pay_on),
            _ => self.settle_or_collect(at, pay_on),
        }
    }

    /// A share of an item between two bounds, in hundredths its currency can pay.
    pub(super) fn share_of(&mut self, at: u32, low: f64, high: f64) -> i64 {
        let share = self.dice.within(low, high);
        let item = self.item(at);
        item.currency.cents(item.cents as f64 / 100.0 * share).min(item.cents)
    }

    /// Plans the payment of all that is left of an item, or its collection where it is never paid.
    pub(super) fn settle_or_collect(&mut self, at: u32, pay_on: Day) {
        self.item_mut(at).planned = pay_on;
        if pay_on != NEVER {
            self.plan_due(at, i64::MAX, pay_on);
        }
        self.watch(at, pay_on);
    }

    /// Plans what staff do about an item that will be late.
    pub(super) fn watch(&mut self, at: u32, pay_on: Day) {
        let due = self.item(at).due.max(self.today);
        let item_due = self.item(at).due;
        if pay_on.saturating_sub(item_due) > 7 && !self.has_contact {
            self.has_contact = true;
            let wait = self.dice.between(4, 9);
            let day = self.work_day(due + wait);
            self.plan_event(day, Event::Contact);
        }
        if pay_on == NEVER {
            self.plan_event(self.work_day(due + 60), Event::Review { item: at, stage: 0 });
        }
        let provided = self.world.days.quarter_end(item_due.max(self.today) + 91);
        if provided < pay_on {
            self.plan_event(provided, Event::Provision { item: at });
        }
    }

    /// Plans that so many hundredths of an item (or what is left of it) are paid on a day.
    pub(super) fn plan_due(&mut self, at: u32, cents: i64, day: Day) {
        self.plan_receipt(Due { item: at, cents, is_recovery: false }, day);
    }

    /// Puts a payment into the pay run of a day, in the customer's other currency now and then.
    pub(super) fn plan_receipt(&mut self, due: Due, day: Day) {
        let other = self.profile.other_currency;
        let is_cross = other.is_some() && self.dice.chance(self.world.behaviour.cross_currency_rate);
        let currency = if is_cross { other.unwrap_or(self.profile.currency) } else { self.item(due.item).currency };
        let run = self.runs.entry((day, currency)).or_default();
        run.push(due);
        if run.len() == 1 {
            self.plan_event(day, Event::Run(currency));
        }
    }

    fn pay_short(&mut self, at: u32, pay_on: Day) {
        let deducted = self.share_of(at, 0.03, 0.25);
        let cents = self.item(at).cents - deducted;
        if cents > 0 {
            self.plan_due(at, cents, pay_on);
        }
        self.item_mut(at).planned = pay_on;
        self.plan_event(self.work_day(pay_on), Event::Dispute { item: at, cents: deducted });
    }

    /// Turns a late payment into monthly instalments agreed at the due date.
    fn agree_plan(&mut self, at: u32, pay_on: Day) {
        let agreed = self.work_day(self.item(at).due + 5);
        let (count, total) = (i64::from(self.dice.between(3, 6)), self.item(at).cents);
        let step = if self.item(at).currency.is_whole() { 100 } else { 1 };
        let share = total / count / step * step;
        if share == 0 || agreed > self.world.span.end {
            return self.settle_or_collect(at, pay_on);
        }
        let plan = self.side.plans.last().map_or(1, |last| last.plan + 1);
        let mut last = pay_on;
        for number in 1..=count {
            let due = self.work_day(agreed + 30 * number as i32);
            let cents = if number == count { total - share * (count - 1) } else { share };
            let currency = self.item(at).currency;
            self.side.plans.push(super::side::Instalment { plan, number: number as u8, due, cents, currency, agreed });
            last = due + if self.dice.chance(0.2) { self.dice.between(3, 20) } else { 0 };
            let is_last = number == count;
            self.plan_due(at, if is_last { i64::MAX } else { cents }, self.work_day(last));
        }
        self.item_mut(at).planned = last;
        self.watch(at, last);
    }

    /// A down payment received before the invoice and applied when it is posted.
    fn pay_down(&mut self, at: u32) {
        let issued = self.item(at).issued;
        let cents = self.share_of(at, 0.15, 0.35);
        let day =
            self.world.days.next_working(Country::De, (issued - self.dice.between(10, 25)).max(self.world.span.start));
        if day > issued || cents >= self.item(at).cents {
            return;
        }
        let currency = self.item(at).currency;
        self.today = day;
        let user = self.clerk();
        let payment = self.post(Kind::DownPayment, currency, cents, user);
        self.today = issued;
        self.item_mut(payment).method = Some(Method::BankTransfer);
        (self.item_mut(payment).received, self.item_mut(payment).banked) = (day, day);
        self.item_mut(payment).reference = Reference::Reason("down payment");
        self.apply(payment, at, i64::MAX, user);
    }

    /// Whether the customer orders far more than usual because it does not mean to pay.
    fn is_busting_out(&self, day: Day) -> bool {
        let left = self.profile.defaults.saturating_sub(day);
        self.is_case(Pattern::BustOut) && (0..BUST_OUT_DAYS).contains(&left)
    }
}
