//! When bills are paid: the chance of being paid on each day, given that the bill is still open.
//!
//! A rate per day by age (days since due), times habits: the payer's weekdays and days of the month, and days on which nobody works.
//! Bills still open count as open until the origin, so slow payers are not taken for rare ones. What a payer's own bills do not
//! say, similar payers do ([`classes`]), and the book for those. Recent days count more.

mod bins;
mod classes;
mod days;
mod habits;
mod passes;
mod spells;
#[cfg(test)]
mod tests;

use super::book::{Book, Day, Origin};
use crate::models::parallel::in_parallel;
use bins::{BINS, Rates, bin};
use classes::Types;
use days::{Days, Kind, PLACES};
use passes::{AGES, Desk, Evidence, History, Own, Shared, Totals};
use spells::{Chunk, EARLIEST_AGE, Spell};

/// Days that are looked back; what is older would count less than a tenth.
const HISTORY_DAYS: Day = 400;

/// Days before these whose idle ones are carried into them.
const IDLE_BEFORE_DAYS: Day = 16;

/// Days after which what was seen counts half.
const HALF_LIFE_DAYS: f64 = 120.0;

/// The same for the level of the whole book, which drifts faster.
const LEVEL_HALF_LIFE_DAYS: f64 = 60.0;

/// Payments by which the level is believed to be right.
const LEVEL_PAYMENTS: f64 = 30.0;

/// Share of an idle day's rate that falls on the next working day.
const CARRY: f64 = 0.5;

/// Payments expected on a day of the month by which it is believed to be a day like any other.
const OTHER_DAYS: f64 = 20.0;

/// Rounds of rates given habits, and habits given rates.
const ROUNDS: usize = 2;

/// Payers that the types are learnt from, and how closely payers keep to the book's weekdays; more make no difference that shows.
const TYPE_PAYERS: usize = 2000;
const WEEKDAY_PAYERS: usize = 500;

/// Days open by which the book's mean counts in other exits.
const OTHER_EXIT_DAYS: f64 = 30.0;

/// The curves of a book as an origin knew it.
#[derive(Clone, Debug)]
pub struct Curves {
    days: Days,
    idle: f64,
    /// Place of each payer's curve; beyond the last where nothing is known of it.
    place: Vec<u32>,
    own: Vec<Curve>,
    newcomer: Curve,
    other_exits: [f64; BINS],
}

/// The curve of a payer.
#[derive(Clone, Debug)]
struct Curve {
    rates: Rates,
    weekdays: [f32; 7],
    month: [f32; PLACES],
}

impl Curves {
    /// Learns the curves from what an origin sees.
    #[must_use]
    pub fn fit(book: &Book, origin: Origin) -> Self {
        let payers: Vec<u32> = (0..book.payers.len() as u32).collect();
        Self::fit_some(book, origin, &payers)
    }

    /// Learns the curves of some payers alone; every other one has that of a newcomer among them.
    #[must_use]
    pub fn fit_some(book: &Book, origin: Origin, payers: &[u32]) -> Self {
        let first = origin.day - HISTORY_DAYS - IDLE_BEFORE_DAYS;
        let chunks = in_parallel(&spells::groups(book, payers), |payers| Chunk::read(book, origin, payers));
        let mut payments = vec![0.0; (origin.day - first + 1) as usize];
        for spell in chunks.iter().flat_map(Chunk::all) {
            payments[(spell.end - first) as usize] += f64::from(spell.paid);
        }
        let days = Days::learn(first, &payments, &book.holidays);
        let history = History::new(&days, first, origin.day);
        let learnt = Learnt::new(&chunks, &history);
        let mut place = vec![u32::MAX; book.payers.len()];
        for ((payer, _), at) in chunks.iter().flat_map(|chunk| &chunk.payers).zip(0..) {
            place[*payer as usize] = at;
        }
        let own = learnt.own.iter().flatten().map(|own| learnt.curve(own)).collect();
        let newcomer = learnt.curve(&learnt.newcomer);
        Self { days, idle: learnt.shared.idle, place, own, newcomer, other_exits: other_exits(&chunks, origin) }
    }

    /// The chance of being paid on each day after `from`, given that the bill is open at its start: one value a day of
    /// `chances`.
    pub fn chances(&self, payer: u32, due: Day, from: Day, chances: &mut [f64]) {
        let place = self.place.get(payer as usize).map_or(usize::MAX, |place| *place as usize);
        let curve = self.own.get(place).unwrap_or(&self.newcomer);
        let idle_before = (0..IDLE_BEFORE_DAYS).take_while(|back| self.days.kind(from - back).is_idle).count() as Day;
        let mut carried = 0.0;
        for day in from - idle_before + 1..=from {
            carried += curve.rate(day - due, self.days.kind(day));
        }
        for (day, chance) in (from + 1..).zip(chances.iter_mut()) {
            let kind = self.days.kind(day);
            let mut rate = curve.rate(day - due, kind);
            if kind.is_idle {
                carried += rate;
                rate *= self.idle;
            } else {
                rate += CARRY * carried;
                carried = 0.0;
            }
            *chance = chance_of(rate * f64::from(curve.weekdays[usize::from(kind.weekday)]));
        }
    }

    /// The chance that an open bill leaves by other means than money, a credit note or a write-off, on a day of its age.
    #[must_use]
    pub fn other_exit(&self, age: Day) -> f64 {
        self.other_exits[bin(age)]
    }
}

impl Curve {
    /// The rate of an age, on a kind of day.
    fn rate(&self, age: Day, kind: Kind) -> f64 {
        f64::from(self.rates[bin(age)] * self.month[usize::from(kind.place)])
    }
}

/// The chance that what happens at a rate per day happens on a day: 1 - e^-rate, by its series where that is exact enough.
fn chance_of(rate: f64) -> f64 {
    if rate < 0.02 {
        rate * (1.0 - rate / 2.0 * (1.0 - rate / 3.0 * (1.0 - rate / 4.0 * (1.0 - rate / 5.0))))
    } else {
        -(-rate).exp_m1()
    }
}

/// What the rounds come to.
#[derive(Debug)]
struct Learnt {
    /// Of each payer of each chunk.
    own: Vec<Vec<Own>>,
    newcomer: Own,
    shared: Shared,
    level: f64,
}

impl Learnt {
    fn new(chunks: &[Chunk], history: &History) -> Self {
        let unknown = Own::unknown(0.05);
        let own = chunks.iter().map(|chunk| vec![unknown; chunk.payers.len()]).collect();
        let mut learnt = Self { own, newcomer: unknown, shared: Shared::unknown(), level: 1.0 };
        let mut types = None;
        for _ in 0..ROUNDS {
            types = Some(learnt.learn(chunks, history, types));
        }
        learnt
    }

    /// One round: rates by age given habits, then habits given rates. The types of the round before are those it starts from.
    fn learn(&mut self, chunks: &[Chunk], history: &History, before: Option<Types>) -> Types {
        let places: Vec<usize> = (0..chunks.len()).collect();
        let evidence = in_parallel(&places, |&at| {
            let mut desk = Desk::new(history, &self.shared);
            let payers = chunks[at].by_payer().zip(&self.own[at]);
            payers.map(|(spells, own)| desk.evidence(spells, own)).collect::<Vec<_>>()
        });
        let types = find_types(&evidence, before);
        let habits = in_parallel(&places, |&at| {
            let mut desk = Desk::new(history, &self.shared);
            let mut totals = Totals::none(history.len());
            let mut learn = |((spells, evidence), own): ((&[Spell], &Evidence), &Own)| {
                let mut own = Own { rates: types.rates(evidence), ..*own };
                desk.learn_habits(spells, &mut own, &mut totals);
                own
            };
            let payers = chunks[at].by_payer().zip(&evidence[at]).zip(&self.own[at]);
            (payers.map(&mut learn).collect::<Vec<Own>>(), totals)
        });
        let mut totals = Totals::none(history.len());
        habits.iter().for_each(|(_, part)| totals.add(part));
        self.own = habits.into_iter().map(|(own, _)| own).collect();
        self.newcomer.rates = types.rates(&Evidence { paid: [0.0; BINS], open: [0.0; BINS] });
        let (weekdays, weekday_strength) =
            habits::weekdays(self.own.iter().flatten(), &sample(&self.own, WEEKDAY_PAYERS));
        let idle = habits::idle_factor(totals.idle_paid, totals.idle_open);
        self.shared = Shared { weekdays, weekday_strength, idle };
        self.level = level(&totals);
        types
    }

    fn curve(&self, own: &Own) -> Curve {
        let mut rates = own.rates;
        rates.iter_mut().for_each(|rate| *rate = (f64::from(*rate) * self.level) as f32);
        Curve { rates, weekdays: own.weekdays(&self.shared).map(|factor| factor as f32), month: own.month }
    }
}

/// The types among the payers with any evidence.
fn find_types(evidence: &[Vec<Evidence>], before: Option<Types>) -> Types {
    let (mut paid, mut open) = ([0.0; BINS], [0.0; BINS]);
    for payer in evidence.iter().flatten() {
        for at in 0..BINS {
            paid[at] += f64::from(payer.paid[at]);
            open[at] += f64::from(payer.open[at]);
        }
    }
    Types::find(&sample(evidence, TYPE_PAYERS), &classes::book_rates(&paid, &open), before)
}

/// About so many of the payers, evenly.
fn sample<T>(payers: &[Vec<T>], about: usize) -> Vec<&T> {
    let count: usize = payers.iter().map(Vec::len).sum();
    payers.iter().flatten().step_by(count.div_ceil(about).max(1)).collect()
}

/// What the book was paid of late, against what its curves say.
fn level(totals: &Totals) -> f64 {
    let (mut paid, mut expected) = (LEVEL_PAYMENTS, LEVEL_PAYMENTS);
    for ((back, on_day), by_curves) in (0..).zip(totals.paid.iter().rev()).zip(totals.expected.iter().rev()) {
        let weight = 0.5_f64.powf(f64::from(back) / LEVEL_HALF_LIFE_DAYS);
        paid += weight * on_day;
        expected += weight * by_curves;
    }
    paid / expected
}

/// Chance by age of leaving by other means than money.
fn other_exits(chunks: &[Chunk], origin: Origin) -> [f64; BINS] {
    let first = origin.day - HISTORY_DAYS;
    let weights: Vec<f64> =
        (first..=origin.day).map(|day| 0.5_f64.powf(f64::from(origin.day - day) / HALF_LIFE_DAYS)).collect();
    let parts = in_parallel(chunks, |chunk| {
        let (mut exits, mut by_age, mut later) = ([0.0; BINS], [0.0; AGES], 0.0);
        for spell in chunk.all() {
            let left = f64::from(spell.left);
            let weights = &weights[(spell.start - first) as usize..=(spell.end - first) as usize];
            exits[bin(spell.end - spell.due)] += weights[weights.len() - 1] * f64::from(spell.other);
            let age = ((spell.start - spell.due - EARLIEST_AGE) as usize).min(AGES);
            let (near, far) = weights.split_at(weights.len().min(AGES - age));
            by_age[age..].iter_mut().zip(near).for_each(|(sum, weight)| *sum += left * weight);
            later += left * far.iter().sum::<f64>();
        }
        let mut open = [0.0; BINS];
        (EARLIEST_AGE..).zip(by_age).for_each(|(age, sum)| open[bin(age)] += sum);
        open[BINS - 1] += later;
        (exits, open)
    });
    let sum = |at: usize| parts.iter().fold((0.0, 0.0), |sum, (exits, open)| (sum.0 + exits[at], sum.1 + open[at]));
    let sums: [(f64, f64); BINS] = std::array::from_fn(sum);
    let all = sums.iter().fold((0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1));
    let mean = all.0 / (all.1 + OTHER_EXIT_DAYS);
    sums.map(|(exits, open)| (exits + OTHER_EXIT_DAYS * mean) / (open + OTHER_EXIT_DAYS))
}
