//! What the days on which bills were open say, one payer at a time.
//!
//! The rate of a bill on a day is that of its age, times the payer's factors for the day. The age's part of the idle days just
//! before a working day falls on that day too, with a weight of [`CARRY`]. Sums over the days of a bill are sums over stretches of
//! two rows, one by day and one by age, and only their ends, and the day of a payment, are worked out one by one.

use std::ops::Range;

use super::bins::{BINS, LAST_AGE, Rates, bin};
use super::days::{Days, Kind, PLACES};
use super::spells::{EARLIEST_AGE, Spell};
use super::{CARRY, HALF_LIFE_DAYS, OTHER_DAYS};
use crate::models::forecast::book::Day;

/// Ages with a place of their own in a row by age.
pub(super) const AGES: usize = (LAST_AGE - EARLIEST_AGE + 1) as usize;

/// The days of a history.
#[derive(Debug)]
pub(super) struct History {
    first: Day,
    kinds: Vec<Kind>,
    /// What a day counts.
    weights: Vec<f64>,
    /// First of the idle days that end just before a day; the day itself if there are none.
    idle_from: Vec<u32>,
    /// The day itself if it is a working one, or the next that is; the number of days if there is none.
    working: Vec<u32>,
}

impl History {
    pub(super) fn new(days: &Days, first: Day, last: Day) -> Self {
        let kinds: Vec<Kind> = (first..=last).map(|day| days.kind(day)).collect();
        let weights = (first..=last).map(|day| 0.5_f64.powf(f64::from(last - day) / HALF_LIFE_DAYS)).collect();
        let mut from = 0;
        let idle_from = (0..kinds.len() as u32).map(|at| {
            if at > 0 && !kinds[at as usize - 1].is_idle {
                from = at;
            }
            from
        });
        let idle_from = idle_from.collect();
        let mut next = kinds.len() as u32;
        let mut working = vec![next; kinds.len()];
        for at in (0..kinds.len()).rev() {
            if !kinds[at].is_idle {
                next = at as u32;
            }
            working[at] = next;
        }
        Self { first, kinds, weights, idle_from, working }
    }

    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    fn place(&self, day: Day) -> usize {
        (day - self.first) as usize
    }

    fn days(&self, spell: &Spell) -> Range<usize> {
        self.place(spell.start)..self.place(spell.end) + 1
    }

    /// Idle days before a spell whose rate falls on a day of it.
    fn carried_in(&self, days: &Range<usize>) -> (Range<usize>, usize) {
        let working = self.working[days.start] as usize;
        let from = self.idle_from[working.min(self.len() - 1)] as usize;
        if working < days.end { (from.min(days.start)..days.start, working) } else { (days.start..days.start, working) }
    }

    /// Idle days of a spell whose rate falls on a day after it.
    fn carried_out(&self, days: &Range<usize>) -> (Range<usize>, usize) {
        let last = days.end - 1;
        let working = self.working[last] as usize;
        let from = if self.kinds[last].is_idle { self.idle_from[last] as usize } else { days.end };
        (from.max(days.start)..days.end, working)
    }
}

/// What the whole book has in common, beside the types of payers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// Factor of each weekday.
    pub(super) weekdays: [f64; 7],
    /// Payments that the book's factor counts against a payer's own.
    pub(super) weekday_strength: f64,
    /// Factor of days that are not worked on.
    pub(super) idle: f64,
}

/// Payments and what was open, by age.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    pub(super) paid: Rates,
    pub(super) open: Rates,
}

/// What is known of a payer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) rates: Rates,
    pub(super) weekday_paid: [f32; 7],
    pub(super) weekday_open: [f32; 7],
    pub(super) month: [f32; PLACES],
}

impl Own {
    pub(super) const fn unknown(rate: f32) -> Self {
        Self { rates: [rate; BINS], weekday_paid: [0.0; 7], weekday_open: [0.0; 7], month: [1.0; PLACES] }
    }

    /// Its factor of each weekday.
    pub(super) fn weekdays(&self, shared: &Shared) -> [f64; 7] {
        std::array::from_fn(|at| {
            let strength = shared.weekday_strength;
            (f64::from(self.weekday_paid[at]) + strength * shared.weekdays[at])
                / (f64::from(self.weekday_open[at]) + strength)
        })
    }
}

/// Sums over payers of what was seen on days.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    /// Payments on each day, and what was expected.
    pub(super) paid: Vec<f64>,
    pub(super) expected: Vec<f64>,
    /// Payments on idle days, and what a working day would have had.
    pub(super) idle_paid: f64,
    pub(super) idle_open: f64,
}

impl Totals {
    pub(super) fn none(days: usize) -> Self {
        Self { paid: vec![0.0; days], expected: vec![0.0; days], idle_paid: 0.0, idle_open: 0.0 }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.paid.iter_mut().zip(&other.paid).for_each(|(sum, part)| *sum += part);
        self.expected.iter_mut().zip(&other.expected).for_each(|(sum, part)| *sum += part);
        self.idle_paid += other.idle_paid;
        self.idle_open += other.idle_open;
    }
}

/// Room to work on one payer after the other.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    history: &'a History,
    shared: &'a Shared,
    /// The payer's factor of each day, and the same times the day's weight.
    factors: Vec<f64>,
    weighted: Vec<f64>,
    /// By day: what an age's rate counts there, with what it counts on the working day it is carried to.
    reach: Vec<f64>,
    /// By day: rates of the bills open, and how much more there is on the working day they are carried to.
    rates: Vec<f64>,
    more_carried: Vec<f64>,
}

/// A payment, at the rates it is judged by.
struct Payment {
    at: usize,
    days: Range<usize>,
    /// Share paid, times the day's weight.
    weight: f64,
    /// Rate of the day before the factors of the day.
    rate: f64,
    /// Share of the day on which the bill was not at risk any more.
    rest: f64,
}

impl<'a> Desk<'a> {
    pub(super) fn new(history: &'a History, shared: &'a Shared) -> Self {
        let row = || vec![0.0; history.len()];
        Self { history, shared, factors: row(), weighted: row(), reach: row(), rates: row(), more_carried: row() }
    }

    /// Prepares the rows of a payer; the days that matter.
    fn lay_out(&mut self, spells: &[Spell], own: &Own) -> Range<usize> {
        let history = self.history;
        let from = spells.iter().map(|s| s.start).min().map_or(0, |day| history.place(day));
        let to = spells.iter().map(|s| s.end).max().map_or(0, |day| history.place(day));
        let from = history.idle_from[from] as usize;
        let to = (history.working[to] as usize + 1).min(history.len());
        let weekdays = own.weekdays(self.shared);
        for at in from..to {
            let kind = history.kinds[at];
            let factor = weekdays[usize::from(kind.weekday)] * if kind.is_idle { self.shared.idle } else { 1.0 };
            self.factors[at] = factor;
            self.weighted[at] = factor * history.weights[at];
        }
        from..to
    }

    /// The weighted factor of the working day an idle day is carried to.
    fn weight_carried(&self, working: usize) -> f64 {
        if working < self.history.len() { CARRY * self.weighted[working] } else { 0.0 }
    }

    fn month(&self, own: &Own, at: usize) -> f64 {
        f64::from(own.month[usize::from(self.history.kinds[at].place)])
    }

    /// First pass: payments and what was open by age, given the payer's habits.
    pub(super) fn evidence(&mut self, spells: &[Spell], own: &Own) -> Evidence {
        let days = self.lay_out(spells, own);
        for at in days {
            let carried = if self.history.kinds[at].is_idle {
                self.weight_carried(self.history.working[at] as usize)
            } else {
                0.0
            };
            self.reach[at] = self.month(own, at) * (self.weighted[at] + carried);
        }
        let mut by_age = [0.0; AGES];
        let (mut paid, mut open) = ([0.0; BINS], [0.0; BINS]);
        for spell in spells {
            let (days, left) = (self.history.days(spell), f64::from(spell.left));
            let age = ((spell.start - spell.due - EARLIEST_AGE) as usize).min(AGES);
            let (near, far) = self.reach[days.clone()].split_at(days.len().min(AGES - age));
            by_age[age..].iter_mut().zip(near).for_each(|(sum, reach)| *sum += left * reach);
            open[BINS - 1] += left * far.iter().sum::<f64>();
            let bin_of = |at: usize| bin(self.history.first + at as Day - spell.due);
            let (before, working) = self.history.carried_in(&days);
            for at in before {
                open[bin_of(at)] += left * self.month(own, at) * self.weight_carried(working);
            }
            let (after, working) = self.history.carried_out(&days);
            for at in after {
                open[bin_of(at)] -= left * self.month(own, at) * self.weight_carried(working);
            }
            let Some(payment) = self.payment(spell, own) else { continue };
            let unseen = payment.weight * payment.rest * self.factors[payment.at];
            for at in payment.days.clone() {
                let month = self.month(own, at) * if at == payment.at { 1.0 } else { CARRY };
                open[bin_of(at)] -= unseen * month;
                paid[bin_of(at)] += payment.weight * f64::from(own.rates[bin_of(at)]) * month / payment.rate;
            }
        }
        for (age, sum) in (EARLIEST_AGE..).zip(&by_age) {
            open[bin(age)] += sum;
        }
        let mut evidence = Evidence { paid: [0.0; BINS], open: [0.0; BINS] };
        evidence.paid.iter_mut().zip(paid).for_each(|(to, sum)| *to = sum as f32);
        evidence.open.iter_mut().zip(open).for_each(|(to, sum)| *to = sum.max(0.0) as f32);
        evidence
    }

    /// The payment that ends a spell.
    fn payment(&self, spell: &Spell, own: &Own) -> Option<Payment> {
        if spell.paid <= 0.0 {
            return None;
        }
        let at = self.history.place(spell.end);
        let is_idle = self.history.kinds[at].is_idle;
        let days = if is_idle { at..at + 1 } else { self.history.idle_from[at] as usize..at + 1 };
        let rate = days.clone().map(|day| {
            let rate = f64::from(own.rates[bin(self.history.first + day as Day - spell.due)]) * self.month(own, day);
            if day == at { rate } else { CARRY * rate }
        });
        let rate = rate.sum::<f64>().max(f64::MIN_POSITIVE);
        let weight = f64::from(spell.paid) * self.history.weights[at];
        Some(Payment { at, days, weight, rate, rest: 1.0 - share_at_risk(rate * self.factors[at]) })
    }

    /// Second pass: the payer's habits, given its rates by age. Adds to the book's sums.
    pub(super) fn learn_habits(&mut self, spells: &[Spell], own: &mut Own, totals: &mut Totals) {
        let days = self.lay_out(spells, own);
        self.rates[days.clone()].fill(0.0);
        self.more_carried[days.clone()].fill(0.0);
        let mut by_age = [0.0; AGES];
        by_age.iter_mut().zip(EARLIEST_AGE..).for_each(|(rate, age)| *rate = f64::from(own.rates[bin(age)]));
        let mut habits = Habits::default();
        for spell in spells {
            self.add_rates(spell, own, &by_age);
            if let Some(payment) = self.payment(spell, own) {
                self.add_payment(spell, own, &payment, &mut habits, totals);
            }
        }
        self.sum_days(days, own, &mut habits, totals);
        own.weekday_paid = habits.weekday_paid.map(|sum| sum as f32);
        own.weekday_open = habits.weekday_open.map(|sum| sum.max(0.0) as f32);
        for (factor, (paid, open)) in own.month.iter_mut().zip(habits.month_paid.iter().zip(&habits.month_open)) {
            *factor = ((paid + OTHER_DAYS) / (open.max(0.0) + OTHER_DAYS)) as f32;
        }
    }

    fn add_rates(&mut self, spell: &Spell, own: &Own, by_age: &[f64; AGES]) {
        let (days, left) = (self.history.days(spell), f64::from(spell.left));
        let age = ((spell.start - spell.due - EARLIEST_AGE) as usize).min(AGES);
        let near = days.len().min(AGES - age);
        let (near, far) = self.rates[days.clone()].split_at_mut(near);
        near.iter_mut().zip(&by_age[age..]).for_each(|(sum, rate)| *sum += left * rate);
        far.iter_mut().for_each(|sum| *sum += left * by_age[AGES - 1]);
        let rate_of = |at: usize| left * f64::from(own.rates[bin(self.history.first + at as Day - spell.due)]);
        for at in self.history.carried_in(&days).0 {
            self.more_carried[at] += rate_of(at);
        }
        for at in self.history.carried_out(&days).0 {
            self.more_carried[at] -= rate_of(at);
        }
    }

    fn add_payment(&self, spell: &Spell, own: &Own, payment: &Payment, habits: &mut Habits, totals: &mut Totals) {
        let kind = self.history.kinds[payment.at];
        let (factor, weight) = (self.factors[payment.at], payment.weight);
        for at in payment.days.clone() {
            let rate = f64::from(own.rates[bin(self.history.first + at as Day - spell.due)])
                * if at == payment.at { 1.0 } else { CARRY };
            let place = usize::from(self.history.kinds[at].place);
            habits.month_paid[place] += weight * rate * self.month(own, at) / payment.rate;
            habits.month_open[place] -= weight * payment.rest * factor * rate;
        }
        let idle = if kind.is_idle { self.shared.idle } else { 1.0 };
        habits.weekday_paid[usize::from(kind.weekday)] += weight;
        habits.weekday_open[usize::from(kind.weekday)] -= weight * payment.rest * payment.rate * idle;
        totals.paid[payment.at] += f64::from(spell.paid);
        totals.expected[payment.at] -= f64::from(spell.paid) * payment.rest * payment.rate * factor;
        if kind.is_idle {
            totals.idle_paid += weight;
        }
    }

    fn sum_days(&self, days: Range<usize>, own: &Own, habits: &mut Habits, totals: &mut Totals) {
        let mut carried = 0.0;
        for at in days {
            let kind = self.history.kinds[at];
            let (place, weekday) = (usize::from(kind.place), usize::from(kind.weekday));
            let (factor, weight, month) = (self.factors[at], self.history.weights[at], self.month(own, at));
            habits.month_open[place] += self.weighted[at] * self.rates[at];
            let mut rate = month * self.rates[at];
            if kind.is_idle {
                let carries = self.rates[at] + self.more_carried[at];
                habits.month_open[place] += carries * self.weight_carried(self.history.working[at] as usize);
                carried += CARRY * month * carries;
                totals.idle_open += weight * rate * factor / self.shared.idle;
                habits.weekday_open[weekday] += weight * rate * self.shared.idle;
            } else {
                rate += carried;
                carried = 0.0;
                habits.weekday_open[weekday] += weight * rate;
            }
            totals.expected[at] += rate * factor;
        }
    }
}

/// Payments and what was open, by kind of day.
#[derive(Default)]
struct Habits {
    weekday_paid: [f64; 7],
    weekday_open: [f64; 7],
    month_paid: [f64; PLACES],
    month_open: [f64; PLACES],
}

/// The mean share of the day on which a bill was paid that it was still open for, at a rate.
fn share_at_risk(rate: f64) -> f64 {
    if rate < 1e-4 { 0.5 - rate / 12.0 } else { 1.0 / rate - 1.0 / rate.exp_m1() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday.
    const LAST: Day = 18_003;
    const FIRST: Day = LAST - 90;

    /// The same sums, bill by bill and day by day, as the model is written down.
    #[derive(Default)]
    struct Plain {
        paid: Vec<f64>,
        open: Vec<f64>,
        habits: Habits,
        idle: [f64; 2],
        expected: Vec<f64>,
    }

    fn plain(history: &History, shared: &Shared, spells: &[Spell], own: &Own) -> Plain {
        let (paid, open, expected) = (vec![0.0; BINS], vec![0.0; BINS], vec![0.0; history.len()]);
        let mut sums = Plain { paid, open, expected, ..Plain::default() };
        let weekdays = own.weekdays(shared);
        for spell in spells {
            for at in history.days(spell) {
                let kind = history.kinds[at];
                let (weekday, weight) = (usize::from(kind.weekday), history.weights[at]);
                let idle = if kind.is_idle { shared.idle } else { 1.0 };
                let factor = weekdays[weekday] * idle;
                let from = if kind.is_idle { at } else { history.idle_from[at] as usize };
                let parts: Vec<(usize, usize, f64)> = (from..=at)
                    .map(|day| {
                        let age = bin(history.first + day as Day - spell.due);
                        (age, usize::from(history.kinds[day].place), if day == at { 1.0 } else { CARRY })
                    })
                    .collect();
                let rate_of =
                    |part: &(usize, usize, f64)| f64::from(own.rates[part.0]) * f64::from(own.month[part.1]) * part.2;
                let rate: f64 = parts.iter().map(rate_of).sum();
                let is_last = history.place(spell.end) == at;
                let share = if is_last { f64::from(spell.paid) } else { 0.0 };
                let at_risk = f64::from(spell.left) - share * (1.0 - share_at_risk(rate * factor));
                for part in &parts {
                    let month = f64::from(own.month[part.1]);
                    sums.open[part.0] += weight * at_risk * factor * month * part.2;
                    sums.habits.month_open[part.1] += weight * at_risk * factor * f64::from(own.rates[part.0]) * part.2;
                    sums.paid[part.0] += weight * share * rate_of(part) / rate;
                    sums.habits.month_paid[part.1] += weight * share * rate_of(part) / rate;
                }
                sums.habits.weekday_open[weekday] += weight * at_risk * rate * idle;
                sums.habits.weekday_paid[weekday] += weight * share;
                sums.expected[at] += at_risk * rate * factor;
                if kind.is_idle {
                    sums.idle[0] += weight * share;
                    sums.idle[1] += weight * f64::from(spell.left) * rate * weekdays[weekday];
                }
            }
        }
        sums
    }

    fn close(found: &[f64], wanted: &[f64]) {
        for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
            assert!((found - wanted).abs() < 1e-5 * wanted.abs().max(1.0), "{at}: {found}, not {wanted}");
        }
    }

    /// A payer with habits, and spells of all lengths that start and end on all kinds of days.
    fn payer() -> (Vec<Spell>, Own) {
        let spell = |at: Day| {
            let start = FIRST + 16 + at * 7 % 70;
            let end = (start + at * at % 31).min(LAST);
            let paid = if at % 4 == 0 { 0.0 } else { 0.25 * (at % 4) as f32 };
            Spell { due: start + 10 - at * 13 % 230, start, end, left: 0.75, paid, other: 0.0 }
        };
        let spells = (0..200).map(spell).map(|spell| Spell { due: spell.due.min(spell.start + 60), ..spell }).collect();
        let mut own = Own::unknown(0.0);
        own.rates = std::array::from_fn(|at| 0.01 + 0.3 * (at % 5) as f32);
        own.weekday_paid = [1.0, 2.0, 9.0, 4.0, 5.0, 1.0, 2.0];
        own.weekday_open = [5.0; 7];
        own.month = std::array::from_fn(|at| 0.5 + (at % 3) as f32);
        (spells, own)
    }

    #[test]
    fn stretches_give_the_sums_of_days() {
        let holidays = [LAST - 40, LAST - 33, LAST - 5, LAST - 4, LAST - 3];
        let days = Days::learn(FIRST, &[0.0; 91], &holidays);
        let history = History::new(&days, FIRST, LAST);
        let shared = Shared { weekdays: [1.0, 1.5, 0.5, 1.0, 1.0, 0.3, 0.4], weekday_strength: 3.0, idle: 0.1 };
        let (spells, own) = payer();
        let wanted = plain(&history, &shared, &spells, &own);
        let mut desk = Desk::new(&history, &shared);
        let evidence = desk.evidence(&spells, &own);
        close(&evidence.paid.map(f64::from), &wanted.paid);
        close(&evidence.open.map(f64::from), &wanted.open);
        // Another payer before it, so that what is left on the desk shows.
        desk.learn_habits(&spells[..50], &mut own.clone(), &mut Totals::none(history.len()));
        let (mut found, mut totals) = (own, Totals::none(history.len()));
        desk.learn_habits(&spells, &mut found, &mut totals);
        close(&found.weekday_paid.map(f64::from), &wanted.habits.weekday_paid);
        close(&found.weekday_open.map(f64::from), &wanted.habits.weekday_open);
        let month: [f64; PLACES] = std::array::from_fn(|at| {
            (wanted.habits.month_paid[at] + OTHER_DAYS) / (wanted.habits.month_open[at] + OTHER_DAYS)
        });
        close(&found.month.map(f64::from), &month);
        close(&totals.expected, &wanted.expected);
        close(&[totals.idle_paid, totals.idle_open], &wanted.idle);
        assert!((totals.paid.iter().sum::<f64>() - spells.iter().map(|s| f64::from(s.paid)).sum::<f64>()).abs() < 1e-6);
    }
}
