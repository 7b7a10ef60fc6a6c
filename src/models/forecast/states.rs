//! What is known beside the due date: disputes, promises, plans, and customers or items that are with the lawyers.

use std::collections::BTreeMap;

use super::Line;
use super::book::{Book, Day, Means, Origin, State, StateKind};
use super::disputes::{self, Marked};
use super::payment_curve::Curves;

/// Items' worth of belief in [`prior_factor`], against what the ledger shows.
pub(super) const PRIOR_EVENTS: f64 = 2.0;

/// Days around a promised day within which a payment is taken to be the promised one, and for which the promise outweighs
/// the curve.
const BEFORE_PROMISE_DAYS: Day = 14;
const AFTER_PROMISE_DAYS: Day = 30;

/// Days a past state is looked at for: what happens later says little about it.
pub(super) const LONGEST_LOOK_DAYS: Day = 365;

/// Before a ledger says otherwise: how much slower money comes than the curve says, by reason. Own assumption, that an item in a
/// dispute or with the lawyers is paid at less than a third of the usual pace and one of an insolvent customer hardly at all;
/// a few observed payments outweigh it ([`PRIOR_EVENTS`]).
pub(super) const fn prior_factor(kind: StateKind) -> f64 {
    match kind {
        StateKind::Dispute | StateKind::Legal | StateKind::Agency => 0.3,
        StateKind::Insolvent => 0.05,
        StateKind::Level2 | StateKind::Hold | StateKind::Promise | StateKind::Plan => 1.0,
    }
}

/// What the past of a book says of its states.
#[derive(Clone, Debug)]
pub struct StateEffects {
    /// Pace while in a state, against the curve.
    factors: BTreeMap<StateKind, f64>,
    /// Chance that a dispute open for so many days is still open a day later.
    dispute_stays: Vec<f64>,
    /// Share of what was disputed that was paid in the end.
    disputed_paid_rate: f64,
    /// What the source's own dispute marks say.
    marked: Marked,
    /// Chance of payment on each day around a promised one, given that it is open.
    promise_rates: Vec<f64>,
    /// Pace of a promised payment on the days before those, against the curve.
    awaited_factor: f64,
    /// Pace of each payer's promises against the book's.
    promise_factor: BTreeMap<u32, f64>,
}

/// The states of one open item at an origin.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    factor: Option<f64>,
    disputed_for: Option<Day>,
    /// Disputed by the source's own mark, which has no day.
    is_marked: bool,
    /// Day promised or of the instalment, with the amount and whether a plan says so.
    pub promise: Option<(Day, f64, bool)>,
}

/// The states of the open items at an origin, by place of the item and by payer.
#[derive(Debug)]
pub struct StatesAt<'a> {
    by_item: BTreeMap<usize, Vec<&'a State>>,
    by_payer: BTreeMap<u32, Vec<&'a State>>,
    origin: Origin,
}

impl State {
    fn is_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| to > day)
    }
}

impl<'a> StatesAt<'a> {
    /// Those that hold at the end of the origin's day.
    #[must_use]
    pub fn new(book: &'a Book, origin: Origin) -> Self {
        let mut found = Self { by_item: BTreeMap::new(), by_payer: BTreeMap::new(), origin };
        let is_open = |state: &&State| {
            state.is_on(origin.day)
                && (state.kind != StateKind::Promise || state.on.is_some_and(|on| on + AFTER_PROMISE_DAYS > origin.day))
        };
        for state in book.states.iter().filter(is_open) {
            match state.item_no {
                Some(no) => {
                    if let Some(at) = book.place_of(no) {
                        found.by_item.entry(at).or_default().push(state);
                    }
                }
                None => found.by_payer.entry(state.payer).or_default().push(state),
            }
        }
        found
    }

    /// What holds for one open item.
    #[must_use]
    pub fn of(&self, book: &Book, at: usize, effects: &StateEffects) -> Standing {
        let item = &book.items[at];
        let own = self.by_item.get(&at).into_iter().flatten();
        let payers = self
            .by_payer
            .get(&item.payer)
            .into_iter()
            .flatten()
            .filter(|s| s.kind != StateKind::Promise && s.kind != StateKind::Plan);
        let mut standing = Standing { is_marked: item.is_disputed, ..Standing::default() };
        for state in own.chain(payers) {
            match state.kind {
                StateKind::Dispute => standing.disputed_for = Some(self.origin.day - state.from),
                StateKind::Promise => {
                    let promised = state.on.map(|on| (on, state.amount.unwrap_or(item.amount), false));
                    standing.promise = standing.promise.max_by_day(promised);
                }
                StateKind::Plan => {}
                kind => {
                    let factor = effects.factors.get(&kind).copied().unwrap_or(1.0);
                    standing.factor = Some(standing.factor.map_or(factor, |known| known.min(factor)));
                }
            }
        }
        standing
    }

    /// Promises and instalments of the payer as a whole that lie ahead, soonest first: what they cover is for the caller to say.
    pub fn of_payer(&self, payer: u32) -> impl Iterator<Item = (&'a State, Day)> {
        let ahead = |state: &&State| matches!(state.kind, StateKind::Promise | StateKind::Plan);
        let mut found: Vec<(&State, Day)> = self
            .by_payer
            .get(&payer)
            .into_iter()
            .flatten()
            .copied()
            .filter(ahead)
            .filter_map(|state| Some((state, state.on?)))
            .filter(|(_, on)| *on > self.origin.day)
            .collect();
        found.sort_by_key(|(state, on)| (*on, state.from));
        found.into_iter()
    }
}

/// The later of two promises.
trait LaterPromise {
    fn max_by_day(self, other: Self) -> Self;
}

impl LaterPromise for Option<(Day, f64, bool)> {
    fn max_by_day(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}

impl Standing {
    /// The same, with another promise or with none.
    #[must_use]
    pub fn promising(&self, promise: Option<(Day, f64, bool)>) -> Self {
        Self { promise, ..self.clone() }
    }

    /// The same, in dispute from the origin's day on.
    #[must_use]
    pub fn disputed_today(&self) -> Self {
        Self { disputed_for: Some(0), ..self.clone() }
    }

    /// Whether the item is in dispute.
    #[must_use]
    pub const fn is_disputed(&self) -> bool {
        self.disputed_for.is_some() || self.is_marked
    }

    /// The line of the answer the item belongs to.
    #[must_use]
    pub fn line(&self, due: Day, origin: Day) -> Line {
        match self.promise {
            _ if self.is_disputed() => Line::Disputed,
            Some((_, _, true)) => Line::Plan,
            Some(_) => Line::Promised,
            None => Line::by_due(due, origin),
        }
    }
}

impl StateEffects {
    /// What the past seen from an origin says.
    #[must_use]
    pub fn fit(book: &Book, origin: Origin, curves: &Curves) -> Self {
        let mut factors = BTreeMap::new();
        for kind in [
            StateKind::Dispute,
            StateKind::Level2,
            StateKind::Legal,
            StateKind::Agency,
            StateKind::Insolvent,
            StateKind::Hold,
        ] {
            let (paid, expected) = paid_and_expected(book, origin, curves, kind);
            let prior = prior_factor(kind);
            factors.insert(kind, (paid + PRIOR_EVENTS * prior) / (expected + PRIOR_EVENTS));
        }
        let (promise_rates, promise_factor) = promises(book, origin);
        let awaited_factor = awaited_factor(book, origin, curves);
        Self {
            factors,
            dispute_stays: disputes::stays(book, origin),
            disputed_paid_rate: disputes::paid_rate(book, origin),
            marked: disputes::marked(book, origin, curves),
            promise_rates,
            awaited_factor,
            promise_factor,
        }
    }

    /// The share that is paid in the end of what has these states.
    #[must_use]
    pub const fn paid_rate(&self, standing: &Standing) -> f64 {
        match standing {
            Standing { disputed_for: Some(_), .. } => self.disputed_paid_rate,
            Standing { is_marked: true, .. } => self.marked.paid_rate,
            _ => 1.0,
        }
    }

    /// Bends the daily chances of an open item (from the day after the origin on) by what is known of it.
    pub fn bend(&self, standing: &Standing, payer: u32, origin: Day, chances: &mut [f64]) {
        if let Some(factor) = standing.factor {
            chances.iter_mut().for_each(|chance| *chance *= factor.min(1.0 / chance.max(1e-9)));
        }
        if let Some(open_for) = standing.disputed_for {
            let slow = self.factors.get(&StateKind::Dispute).copied().unwrap_or(1.0);
            let mut still = 1.0;
            for (day, chance) in chances.iter_mut().enumerate() {
                let age = (open_for.max(0) as usize + day).min(self.dispute_stays.len() - 1);
                still *= self.dispute_stays[age];
                *chance = (*chance * (still * slow + 1.0 - still)).min(0.999);
            }
        } else if self.marked.is_known {
            let pace = if standing.is_marked { self.marked.pace } else { self.marked.others_pace };
            chances.iter_mut().for_each(|chance| *chance = (*chance * pace).min(0.999));
        }
        if let Some((on, _, _)) = standing.promise {
            let pace = self.promise_factor.get(&payer).copied().unwrap_or(1.0);
            for (day, chance) in (origin + 1..).zip(chances.iter_mut()) {
                match promise_place(day - on).map(|at| self.promise_rates[at]) {
                    Some(rate) => *chance = (rate * pace).min(0.999),
                    None if day < on => *chance *= self.awaited_factor,
                    None => {}
                }
            }
        }
    }
}

/// Money that came on items while in a state, and what the curve would have had come, in items.
fn paid_and_expected(book: &Book, origin: Origin, curves: &Curves, kind: StateKind) -> (f64, f64) {
    let (mut paid, mut expected) = (0.0, 0.0);
    // How much of what ends a dispute is money is told by [`disputes::paid_rate`].
    let counts = |means: Means| means == Means::Cash || kind == StateKind::Dispute;
    for state in book.states.iter().filter(|s| s.kind == kind && s.from < origin.day) {
        let to = state.to.unwrap_or(origin.day).min(origin.day).min(state.from + LONGEST_LOOK_DAYS);
        let items = match state.item_no {
            Some(no) => book.place_of(no).map_or(0..0, |at| at..at + 1),
            None => book.items_of(state.payer),
        };
        for at in items.filter(|&at| book.items[at].is_bill && book.items[at].posted < to) {
            let seen = seen_and_expected(book, origin, curves, at, state.from..to, counts);
            paid += seen.0;
            expected += seen.1;
        }
    }
    (paid.max(0.0), expected)
}

/// The share of a bill that was settled so within some days, and what the curve would have had settled.
pub(super) fn seen_and_expected(
    book: &Book,
    origin: Origin,
    curves: &Curves,
    at: usize,
    days: std::ops::Range<Day>,
    counts: impl Fn(Means) -> bool,
) -> (f64, f64) {
    let (mut paid, mut expected) = (0.0, 0.0);
    let item = &book.items[at];
    let (from, to) = (days.start.max(item.posted), days.end);
    let Some(due) = item.due.filter(|_| to > from) else { return (0.0, 0.0) };
    let mut chances = vec![0.0; (to - from) as usize];
    curves.chances(item.payer, due, from, &mut chances);
    let mut left = 1.0;
    let mut day = from;
    for settlement in book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known)) {
        let on = settlement.credit_posted.clamp(from, to);
        expected += left * chances[(day - from) as usize..(on.max(day) - from) as usize].iter().sum::<f64>();
        let share = settlement.amount / item.amount;
        if counts(settlement.means) && settlement.credit_posted > from && settlement.credit_posted <= to {
            paid += share;
        }
        left = (left - share).clamp(0.0, 1.0);
        day = day.max(on);
    }
    expected += left * chances[(day - from) as usize..].iter().sum::<f64>();
    (paid, expected)
}

/// How much slower than the curve money comes that was promised for a day more than [`BEFORE_PROMISE_DAYS`] away: who names a day
/// waits for it. Own assumption, until promises show it: a fifth of the pace.
fn awaited_factor(book: &Book, origin: Origin, curves: &Curves) -> f64 {
    let (mut paid, mut expected) = (0.0, 0.0);
    let mut chances = Vec::new();
    for state in book.states.iter().filter(|s| s.kind == StateKind::Promise && s.from < origin.day) {
        let (Some(on), Some(at)) = (state.on, state.item_no.and_then(|no| book.place_of(no))) else { continue };
        let item = &book.items[at];
        let to = (on - BEFORE_PROMISE_DAYS - 1).min(state.to.unwrap_or(origin.day)).min(origin.day);
        let Some(due) = item.due.filter(|_| to > state.from) else { continue };
        let seen =
            book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known) && s.means == Means::Cash);
        let paid_on = seen.map(|s| s.credit_posted).filter(|day| (state.from + 1..=to).contains(day)).min();
        chances.resize((paid_on.unwrap_or(to) - state.from) as usize, 0.0);
        curves.chances(item.payer, due, state.from, &mut chances);
        paid += f64::from(u8::from(paid_on.is_some()));
        expected += chances.iter().sum::<f64>();
    }
    ((paid + PRIOR_EVENTS * 0.2) / (expected + PRIOR_EVENTS)).min(1.0)
}

fn promise_place(lag: Day) -> Option<usize> {
    (-BEFORE_PROMISE_DAYS..=AFTER_PROMISE_DAYS).contains(&lag).then(|| (lag + BEFORE_PROMISE_DAYS) as usize)
}

/// Chances of payment around the day promised, and each payer's pace against the book's.
fn promises(book: &Book, origin: Origin) -> (Vec<f64>, BTreeMap<u32, f64>) {
    let places = (BEFORE_PROMISE_DAYS + AFTER_PROMISE_DAYS + 1) as usize;
    let (mut paid, mut at_risk) = (vec![0.0; places], vec![0.0; places]);
    let mut courses: Vec<(u32, Vec<usize>, Option<usize>)> = Vec::new();
    for state in book.states.iter().filter(|s| s.kind == StateKind::Promise && s.from < origin.day) {
        let (Some(on), Some(at)) = (state.on, state.item_no.and_then(|no| book.place_of(no))) else { continue };
        let end = state.to.unwrap_or(origin.day).min(origin.day);
        let seen =
            book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known) && s.means == Means::Cash);
        let paid_on = seen.map(|s| s.credit_posted).filter(|day| *day > state.from).min();
        let last = paid_on.map_or(end, |day| day.min(end));
        let days: Vec<usize> = (state.from + 1..=last).filter_map(|day| promise_place(day - on)).collect();
        let event = paid_on.filter(|day| *day <= end).and_then(|day| promise_place(day - on));
        days.iter().for_each(|place| at_risk[*place] += 1.0);
        if let Some(place) = event {
            paid[place] += 1.0;
        }
        courses.push((state.payer, days, event));
    }
    // Before any promise is known: one in two is kept, nearly all of it on the day or in the week after.
    let prior = |place: usize| match place as Day - BEFORE_PROMISE_DAYS {
        0 => 0.25,
        1..=7 => 0.06,
        _ => 0.01,
    };
    let rates: Vec<f64> =
        (0..places).map(|at| (paid[at] + PRIOR_EVENTS * prior(at)) / (at_risk[at] + PRIOR_EVENTS)).collect();
    let mut by_payer: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (payer, days, event) in courses {
        let (kept, expected) = by_payer.entry(payer).or_default();
        *kept += f64::from(u8::from(event.is_some()));
        *expected += days.iter().map(|place| rates[*place]).sum::<f64>();
    }
    let pace = by_payer
        .into_iter()
        .map(|(payer, (kept, expected))| (payer, (kept + PRIOR_EVENTS) / (expected + PRIOR_EVENTS)))
        .collect();
    (rates, pace)
}

#[cfg(test)]
mod tests {
    use super::super::book::Item;
    use super::super::horizon::{Horizon, WeekStart};
    use super::super::outlook::{Fit, Outlook};
    use super::super::tests::{bill, paid};
    use super::*;

    fn state(kind: StateKind, item_no: i64, from: Day, to: Option<Day>, on: Option<Day>) -> State {
        let (amount, currency, credited_rate) = (None, None, None);
        State { kind, item_no: Some(item_no), payer: 0, from, to, on, amount, currency, credited_rate }
    }

    #[test]
    fn what_is_promised_for_a_day_far_ahead_does_not_come_before() {
        // Bills are paid on the due date, or, where that is promised, sixty days after it.
        let is_promised = |at: i64| at % 2 == 0;
        let due = |at: i64| 3 * at as Day + 30;
        let came = |at: i64| due(at) + if is_promised(at) { 60 } else { 5 };
        let items: Vec<Item> = (0..200).map(|at| bill(at, 0, 3 * at as Day, due(at), 100.0)).collect();
        let settlements = (0..200).map(|at| paid(at, came(at), 100.0)).filter(|s| s.effective <= 600).collect();
        let mut book = Book::new(-1, vec!["C".to_owned()], vec![0], items, settlements);
        let promise = |at| state(StateKind::Promise, at, due(at) + 1, Some(came(at)), Some(came(at)));
        book.states = (0..200).filter(|at| is_promised(*at)).map(promise).collect();
        let origin = Origin::replayed(600);
        let outlook = Outlook::new(&book, origin, &Fit::new(&book, origin), &Horizon::weeks(600, 8, WeekStart::Next));
        // Promised are those due in the sixty days before; those that come within four weeks were due 32 to 59 days ago.
        let (mut expected, mut actual) = (0.0, 0.0);
        for (claim, item) in outlook.items.iter().enumerate() {
            let no = book.items[*item as usize].item_no;
            if is_promised(no) && due(no) < 600 {
                expected += outlook.expected(claim).take(4).sum::<f64>();
                actual += if came(no) <= 628 { 100.0 } else { 0.0 };
            }
        }
        assert!((expected / actual - 1.0).abs() < 0.25, "{expected} expected, {actual} came");
    }
}
