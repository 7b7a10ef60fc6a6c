//! What collectors do: contacts, and the promises they bring.

use super::account::{Account, Event};
use super::days::{Day, NEVER};
use super::side::{Activity, Promise};

/// Days past due before anybody is contacted.
const GRACE_DAYS: i32 = 3;
/// Days past due from which the level 2 team does the talking.
const LEVEL_2_DAYS: i32 = 70;

impl Account<'_> {
    /// Contacts the customer about its oldest overdue item, and again later while something is overdue.
    pub(super) fn contact(&mut self) {
        self.has_contact = false;
        let Some(&(due, item)) = self.open_debits.first() else { return };
        if self.today - due <= GRACE_DAYS {
            return;
        }
        let is_level_2 = self.today - due > LEVEL_2_DAYS;
        let collector = if is_level_2 {
            self.world.staff.level_2(&mut self.dice, self.profile.company, self.today)
        } else {
            self.collector()
        };
        let has_promise = self.item(item).promised >= self.today;
        let behaviour = &self.world.behaviour;
        let promise_rate = if is_level_2 { behaviour.late_promise_rate } else { behaviour.promise_rate };
        let (channel, outcome, is_right_party) = self.speak();
        let is_promised = outcome == "spoke" && !has_promise && self.dice.chance(promise_rate);
        let outcome = if is_promised { "promise" } else { outcome };
        let is_inbound = outcome == "replied" || (channel == "phone" && self.dice.chance(0.1));
        let at = self.office_hours(self.today);
        let note = match outcome {
            "promise" => "will pay on the day agreed",
            "spoke" => *self.dice.pick(&[
                "asks for a copy of the invoice",
                "waits for approval",
                "checks with purchasing, calls back",
            ]),
            _ => "",
        };
        let item_of = Some(item);
        let activity = Activity { at, collector, item: item_of, channel, is_inbound, is_right_party, outcome, note };
        self.side.activities.push(activity);
        if is_promised {
            self.promise(item, collector);
        }
        let day = if due < self.today - 120 { self.later(25, 45) } else { self.later(8, 20) };
        self.has_contact = true;
        self.plan_event(day, Event::Contact);
    }

    fn speak(&mut self) -> (&'static str, &'static str, bool) {
        match self.dice.between(1, 100) {
            1..=18 => ("phone", "no_answer", false),
            19..=24 => ("phone", "wrong_person", false),
            25..=55 => ("phone", "spoke", true),
            56..=80 => ("email", "sent", false),
            81..=90 => ("email", "replied", true),
            91..=96 => ("letter", "sent", false),
            97..=98 => ("visit", "spoke", true),
            _ => ("portal", "sent", false),
        }
    }

    /// Writes down a promise whose day stands to the planned payment as its fate has it.
    fn promise(&mut self, item: u32, collector: u16) {
        let (planned, open) = (self.item(item).planned, self.item(item).open);
        let soon = self.later(4, 14);
        let fate = self.dice.weighted(self.world.behaviour.promise_shares.into_iter());
        let wait = self.dice.between(1, 8);
        let promised = match fate {
            _ if planned == NEVER || planned <= self.today => soon,
            0 => self.work_day(planned.min(self.today + 60) + wait / 3),
            1 => self.work_day((planned - wait).max(self.today + 1)),
            _ => soon,
        };
        let cancelled = (fate == 3 && promised > self.today + 2).then(|| self.today + self.dice.between(1, 2));
        if fate == 2 && planned != NEVER && planned > self.today {
            let wait = self.dice.between(15, 40);
            self.put_off(item, promised + wait);
        }
        let is_partial = self.dice.chance(0.1);
        let cents = if is_partial { self.share_of(item, 0.4, 0.9).min(open) } else { open };
        let item_of = (!self.dice.chance(0.08)).then_some(item);
        let (created, currency) = (self.today, self.item(item).currency);
        self.side.promises.push(Promise { created, promised, item: item_of, collector, cents, currency, cancelled });
        self.item_mut(item).promised = promised;
    }

    /// Lets the payment of an item come no sooner than `day`.
    fn put_off(&mut self, item: u32, day: Day) {
        let planned = self.item(item).planned;
        if planned >= day {
            return;
        }
        let day = self.pay_run_on(day, self.today + 1);
        let mut moved = Vec::new();
        for (_, dues) in
            self.runs.range_mut((planned, super::market::Currency::Eur)..(day, super::market::Currency::Eur))
        {
            moved.extend(dues.iter().filter(|due| due.item == item).copied());
            dues.retain(|due| due.item != item);
        }
        self.item_mut(item).planned = day;
        for due in moved {
            self.plan_receipt(due, day);
        }
    }
}
