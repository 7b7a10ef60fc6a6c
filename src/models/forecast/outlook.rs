//! What is open at an origin, and how likely each part of it is to be paid by the end of each span of days.

use std::ops::Range;

use super::book::{Book, Day, Open, Origin, StateKind};
use super::horizon::Horizon;
use super::payment_curve::Curves;
use super::scenario::Scenario;
use super::simulate::Claim;
use super::states::{Standing, StateEffects, StatesAt};
use crate::models::parallel::in_parallel;

/// Parts looked at at a time by one thread.
const CHUNK_PARTS: usize = 2048;

/// What was learnt from a book as an origin knew it, and what is supposed beside it.
#[derive(Clone, Debug)]
pub struct Fit {
    /// When bills are paid.
    pub curves: Curves,
    /// What disputes, promises and the like change.
    pub effects: StateEffects,
    /// What is supposed; nothing where the forecast is of what is expected.
    pub scenario: Scenario,
}

impl Fit {
    /// Learns everything. Where nothing was ever paid, as where only open items were loaded, that is no evidence that nothing
    /// will be: the curves are then those of a book without any.
    #[must_use]
    pub fn new(book: &Book, origin: Origin) -> Self {
        let curves =
            if book.has_payment(origin) { Curves::fit(book, origin) } else { Curves::fit_some(book, origin, &[]) };
        let effects = StateEffects::fit(book, origin, &curves);
        Self { curves, effects, scenario: Scenario::default() }
    }
}

/// The open items of an origin, as claims on weeks to come.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Claims, by scope and payer; an item promised in part is two.
    pub claims: Vec<Claim>,
    /// Place of each claim's item.
    pub items: Vec<u32>,
    /// Places of the open items that the payer's open credit covers, and that are no claim.
    pub covered: Vec<u32>,
    /// Chance of each claim to be paid by the end of each span: `paid_rates[claim * spans + span]`.
    pub paid_rates: Vec<f64>,
    /// The claims of each scope.
    pub scopes: Vec<Range<usize>>,
    /// Number of spans.
    pub spans: usize,
}

/// An open part of an item, and what is known of it.
struct Part {
    item: u32,
    amount: f64,
    standing: Standing,
}

impl Outlook {
    /// Looks from an origin over a horizon. Open credit of a payer is taken off its oldest debts first: it was paid already.
    #[must_use]
    pub fn new(book: &Book, origin: Origin, fit: &Fit, horizon: &Horizon) -> Self {
        let (mut parts, covered) = parts(book, origin, fit);
        parts.sort_by_key(|part| book.items[part.item as usize].scope);
        let parts = disputed(parts, book, origin, &fit.scenario);
        let spans = horizon.ends.len();
        let chunks: Vec<&[Part]> = parts.chunks(CHUNK_PARTS).collect();
        let looked = in_parallel(&chunks, |parts| claims(parts, book, origin, fit, horizon));
        let mut outlook = Self {
            claims: Vec::with_capacity(parts.len()),
            items: parts.iter().map(|part| part.item).collect(),
            covered,
            paid_rates: Vec::with_capacity(parts.len() * spans),
            scopes: Vec::new(),
            spans,
        };
        for (claims, paid_rates) in looked {
            outlook.claims.extend(claims);
            outlook.paid_rates.extend(paid_rates);
        }
        let scope_of = |part: &Part| book.items[part.item as usize].scope;
        outlook.scopes = (0..book.scope_currency.len() as u32)
            .map(|scope| {
                parts.partition_point(|p| scope_of(p) < scope)..parts.partition_point(|p| scope_of(p) <= scope)
            })
            .collect();
        outlook
    }

    /// Cash expected of one claim in each span.
    pub fn expected(&self, claim: usize) -> impl Iterator<Item = f64> {
        let amount = self.claims[claim].amount;
        let rates = &self.paid_rates[claim * self.spans..(claim + 1) * self.spans];
        std::iter::once(&0.0).chain(rates).zip(rates).map(move |(before, by_now)| amount * (by_now - before))
    }
}

/// Claims of some parts, and the chance of each to be paid by the end of each span.
fn claims(parts: &[Part], book: &Book, origin: Origin, fit: &Fit, horizon: &Horizon) -> (Vec<Claim>, Vec<f64>) {
    let mut chances = vec![0.0; horizon.day_count()];
    let mut paid_rates = Vec::with_capacity(parts.len() * horizon.ends.len());
    let claim = |part: &Part| {
        let item = &book.items[part.item as usize];
        let due = item.due_day();
        paid_by_day(fit, item.payer, due, &part.standing, origin, &mut chances);
        fit.scenario.delay(item, &mut chances);
        paid_rates.extend(horizon.ends.iter().map(|end| chances[(end - origin.day - 1) as usize]));
        let (payer, line) = (book.streams[item.payer as usize], part.standing.line(due, origin.day) as u32);
        Claim { payer, due, line, amount: part.amount }
    };
    let claims = parts.iter().map(claim).collect();
    (claims, paid_rates)
}

/// Turns `chances` into the share of an open item that is paid by the end of each day after the origin.
pub fn paid_by_day(fit: &Fit, payer: u32, due: Day, standing: &Standing, origin: Origin, chances: &mut [f64]) {
    fit.curves.chances(payer, due, origin.day, chances);
    fit.effects.bend(standing, payer, origin.day, chances);
    let ceiling = fit.effects.paid_rate(standing);
    let (mut open, mut paid) = (1.0, 0.0);
    for (age, chance) in (origin.day + 1 - due..).zip(chances.iter_mut()) {
        let paid_now = open * *chance;
        paid += paid_now;
        open -= paid_now + open * fit.curves.other_exit(age).min(1.0 - *chance);
        *chance = (paid * ceiling).min(1.0);
    }
}

/// Parts of which a scenario puts a share into dispute, in two.
fn disputed(parts: Vec<Part>, book: &Book, origin: Origin, scenario: &Scenario) -> Vec<Part> {
    let line = |part: &Part| {
        let item = &book.items[part.item as usize];
        (part.item, part.standing.line(item.due_day(), origin.day), part.amount)
    };
    let Some(rates) = scenario.disputed_rates(book, &parts.iter().map(line).collect::<Vec<_>>()) else { return parts };
    let split = |(part, rate): (Part, f64)| {
        let standing = part.standing.disputed_today();
        let moved = Part { item: part.item, amount: part.amount * rate, standing };
        let rest = Part { amount: part.amount - moved.amount, ..part };
        [rest, moved]
    };
    parts.into_iter().zip(rates).flat_map(split).filter(|part| part.amount > 0.0).collect()
}

/// The parts of the open items, and the items that credit covers.
fn parts(book: &Book, origin: Origin, fit: &Fit) -> (Vec<Part>, Vec<u32>) {
    let states = StatesAt::new(book, origin);
    let mut credit = book.credit_at(origin);
    let (mut parts, mut covered) = (Vec::new(), Vec::new());
    let open = book.open_at(origin);
    for items in open.chunk_by(|a, b| book.items[a.item as usize].payer == book.items[b.item as usize].payer) {
        let payer = book.items[items[0].item as usize].payer;
        let mut ahead: Vec<(Day, f64, bool)> = states
            .of_payer(payer)
            .map(|(state, on)| (on, state.amount.unwrap_or(f64::INFINITY), state.kind == StateKind::Plan))
            .collect();
        for &Open { item, open_amount } in items {
            let mut amount = open_amount;
            if let Some(left) = credit.get_mut(&(payer, book.items[item as usize].scope)) {
                let used = left.min(amount);
                *left -= used;
                amount -= used;
            }
            if amount <= 0.0 {
                covered.push(item);
            }
            let standing = states.of(book, item as usize, &fit.effects);
            split(item, amount, standing, &mut ahead, &mut parts);
        }
    }
    (parts, covered)
}

/// An open amount as the parts that its own promise, or the payer's next ones, cover, and the rest.
fn split(item: u32, mut amount: f64, standing: Standing, ahead: &mut Vec<(Day, f64, bool)>, parts: &mut Vec<Part>) {
    if let Some((_, promised, _)) = standing.promise {
        let covered = promised.min(amount);
        parts.push(Part { item, amount: covered, standing: standing.clone() });
        amount -= covered;
    }
    let rest = standing.promising(None);
    while amount > 0.0 && !rest.is_disputed() {
        let Some((on, left, is_plan)) = ahead.first_mut() else { break };
        let covered = left.min(amount);
        parts.push(Part { item, amount: covered, standing: rest.promising(Some((*on, covered, *is_plan))) });
        amount -= covered;
        *left -= covered;
        if *left <= 0.0 {
            ahead.remove(0);
        }
    }
    if amount > 0.0 {
        parts.push(Part { item, amount, standing: rest });
    }
}
