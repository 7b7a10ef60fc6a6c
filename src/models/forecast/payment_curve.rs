//! When bills are paid: the chance of being paid on each day, given that the bill is still open.

use super::book::{Book, Day, Means, Origin};

/// Ages looked at one by one, in days since due; what is younger or older shares the first or last.
const FIRST_AGE: Day = -120;
const LAST_AGE: Day = 365;
const AGES: usize = (LAST_AGE - FIRST_AGE + 1) as usize;

/// Days of history after which a bill counts half.
const HALF_LIFE_DAYS: f64 = 90.0;

/// Bills' worth of the book's own curve that a payer's evidence is added to.
const PRIOR_EXPOSURE: f64 = 10.0;

/// Events and exposure by age.
#[derive(Clone, Debug)]
struct Evidence {
    events: Vec<f64>,
    others: Vec<f64>,
    exposure: Vec<f64>,
}

/// The curves of a book as an origin knew it.
#[derive(Clone, Debug)]
pub struct Curves {
    book_rates: Vec<f64>,
    other_rates: Vec<f64>,
    /// Relative chance of each weekday, Monday first.
    weekday: [f64; 7],
    payers: Vec<Option<Vec<f32>>>,
}

impl Curves {
    /// Learns the curves from what an origin sees; bills still open count as at risk until then.
    #[must_use]
    pub fn fit(book: &Book, origin: Origin) -> Self {
        let mut all = Evidence::none();
        let mut weekday_events = [0.0; 7];
        let mut weekday_exposure = [0.0; 7];
        let mut own: Vec<Option<Evidence>> = Vec::with_capacity(book.payers.len());
        for payer in 0..book.payers.len() {
            let mut evidence = Evidence::none();
            for at in book.items_of(payer as u32) {
                learn(book, at, origin, &mut evidence, (&mut weekday_events, &mut weekday_exposure));
            }
            let is_known = evidence.exposure.iter().any(|days| *days > 0.0);
            all.add(&evidence);
            own.push(is_known.then_some(evidence));
        }
        let total = (all.events.iter().sum::<f64>() + 0.5) / (all.exposure.iter().sum::<f64>() + 30.0);
        let book_rates: Vec<f64> =
            all.events.iter().zip(&all.exposure).map(|(d, e)| (d + 5.0 * total) / (e + 5.0)).collect();
        let other_rates = all.others.iter().zip(&all.exposure).map(|(d, e)| (d / (e + 5.0)).max(0.0)).collect();
        let events: f64 = weekday_events.iter().sum();
        let exposure: f64 = weekday_exposure.iter().sum();
        let weekday = std::array::from_fn(|at| {
            ((weekday_events[at] + 0.1) / (events + 0.7)) / ((weekday_exposure[at] + 1.0) / (exposure + 7.0))
        });
        let shrunk = |evidence: Evidence| {
            evidence
                .events
                .iter()
                .zip(&evidence.exposure)
                .zip(&book_rates)
                .map(|((d, e), rate)| ((d + PRIOR_EXPOSURE * rate) / (e + PRIOR_EXPOSURE)) as f32)
                .collect()
        };
        let payers = own.into_iter().map(|evidence| evidence.map(shrunk)).collect();
        Self { book_rates, other_rates, weekday, payers }
    }

    /// The chance of being paid on each day after `from`, given that the bill is open at its start: one value a day of
    /// `chances`.
    pub fn chances(&self, payer: u32, due: Day, from: Day, chances: &mut [f64]) {
        let own = self.payers.get(payer as usize).and_then(Option::as_ref);
        for (day, chance) in (from + 1..).zip(chances.iter_mut()) {
            let age = place(day - due);
            let rate = own.map_or(self.book_rates[age], |rates| f64::from(rates[age]));
            *chance = (rate * self.weekday[weekday(day)]).clamp(0.0, 0.999);
        }
    }
}

impl Curves {
    /// The chance that an open bill leaves by other means than money, a credit note or a write-off, on a day of its age.
    #[must_use]
    pub fn other_exit(&self, age: Day) -> f64 {
        self.other_rates[place(age)]
    }
}

impl Evidence {
    fn none() -> Self {
        Self { events: vec![0.0; AGES], others: vec![0.0; AGES], exposure: vec![0.0; AGES] }
    }

    fn add(&mut self, other: &Self) {
        self.events.iter_mut().zip(&other.events).for_each(|(sum, part)| *sum += part);
        self.others.iter_mut().zip(&other.others).for_each(|(sum, part)| *sum += part);
        self.exposure.iter_mut().zip(&other.exposure).for_each(|(sum, part)| *sum += part);
    }
}

/// Adds what one bill teaches.
fn learn(book: &Book, at: usize, origin: Origin, evidence: &mut Evidence, weekdays: (&mut [f64; 7], &mut [f64; 7])) {
    let item = &book.items[at];
    let Some(due) = item.due.filter(|_| item.is_bill && item.posted < origin.day && item.known <= origin.known) else {
        return;
    };
    let mut left = 1.0;
    let mut day = item.posted.max(due + FIRST_AGE);
    let settled = book.settlements_of(at).iter().filter(|s| s.effective <= origin.day && s.known <= origin.known);
    let paid = settled.map(|s| (s.credit_posted.max(item.posted), s)).chain(None);
    for (on, settlement) in paid {
        let share = (settlement.amount / item.amount).clamp(-1.0, left);
        for risk in day + 1..=on {
            let weight = 0.5_f64.powf(f64::from(origin.day - risk) / HALF_LIFE_DAYS) * left;
            evidence.exposure[place(risk - due)] += weight;
            weekdays.1[weekday(risk)] += weight;
        }
        if on <= item.posted {
            // Paid before it was posted: never open.
        } else if settlement.means == Means::Cash {
            let weight = 0.5_f64.powf(f64::from(origin.day - on) / HALF_LIFE_DAYS) * share;
            evidence.events[place(on - due)] += weight;
            weekdays.0[weekday(on)] += weight;
        } else {
            let weight = 0.5_f64.powf(f64::from(origin.day - on) / HALF_LIFE_DAYS) * share;
            evidence.others[place(on - due)] += weight;
        }
        left -= share;
        day = day.max(on);
        if left < 1e-6 {
            return;
        }
    }
    for risk in day + 1..=origin.day {
        let weight = 0.5_f64.powf(f64::from(origin.day - risk) / HALF_LIFE_DAYS) * left;
        evidence.exposure[place(risk - due)] += weight;
        weekdays.1[weekday(risk)] += weight;
    }
}

fn place(age: Day) -> usize {
    (age.clamp(FIRST_AGE, LAST_AGE) - FIRST_AGE) as usize
}

/// Weekday of a day, Monday 0: 1970-01-01 was a Thursday.
fn weekday(day: Day) -> usize {
    (day + 3).rem_euclid(7) as usize
}
