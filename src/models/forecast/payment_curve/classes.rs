//! Types of payers: a few curves found in the book, of which each payer's is a mixture.
//!
//! Most of the time of learning goes into these sums over bins and types; they are written as loops, which the compiler makes
//! work on several numbers at a time, as it does not with arrays made by functions.

use super::bins::BINS;
use super::passes::Evidence;
use crate::models::parallel::in_parallel;

/// Most types.
const MOST: usize = 12;

/// Steps of the search for them, the first from an order by when payers pay; and where it goes on from what was found before.
const STEPS: usize = 12;
const FURTHER_STEPS: usize = 4;

/// What a payer's evidence counts: payments come in runs and are not independent of each other.
const TEMPER: f64 = 0.4;

/// Payments of one payer that count for a type, so that none has a type for itself.
const PAYER_CAP: f64 = 30.0;

/// Days open by which the book's curve counts in a type's.
const BOOK_DAYS: f64 = 10.0;

/// Days open by which its type counts in a payer's own curve.
const TYPE_DAYS: f64 = 20.0;

/// Days that the book's curve is believed to be the default one.
const DEFAULT_DAYS: f64 = 10.0;

/// Share of a type below which a payer counts as not of it; most payers are of one or two.
const LEAST_SHARE: f64 = 1e-6;

/// Payers looked at at a time by one thread; fixed, so that sums are made in the same order on any number of them.
const CHUNK_PAYERS: usize = 512;

/// The curve of each type, and how many are of it.
#[derive(Clone, Debug)]
pub(super) struct Types {
    count: usize,
    /// Logarithms of their shares of the payers.
    share_logs: [f64; MOST],
    /// By bin, then by type.
    rates: Vec<[f64; MOST]>,
    logs: Vec<[f64; MOST]>,
}

/// The rates of a book: the default's shape at the book's level, outweighed by what was seen.
pub(super) fn book_rates(paid: &[f64; BINS], open: &[f64; BINS]) -> [f64; BINS] {
    let default = super::bins::default_rates();
    let expected: f64 = open.iter().zip(&default).map(|(open, rate)| open * rate).sum();
    let level = (paid.iter().sum::<f64>() + 1.0) / (expected + 1.0);
    std::array::from_fn(|at| (paid[at] + DEFAULT_DAYS * default[at] * level) / (open[at] + DEFAULT_DAYS))
}

/// What the members of each type add up to, by type, then by bin.
struct Sums {
    paid: [[f64; BINS]; MOST],
    open: [[f64; BINS]; MOST],
    sizes: [f64; MOST],
}

impl Sums {
    /// Adds up payers, each with its shares of the types.
    fn of<'a>(members: impl Iterator<Item = (&'a Evidence, [f64; MOST])>) -> Self {
        let mut sums = Self { paid: [[0.0; BINS]; MOST], open: [[0.0; BINS]; MOST], sizes: [0.0; MOST] };
        for (payer, shares) in members {
            let cap = (PAYER_CAP / payments(payer).max(1e-9)).min(1.0);
            for (kind, share) in noticeable(&shares) {
                add(&mut sums.paid[kind], payer.paid.iter().map(|paid| share * cap * f64::from(*paid)));
                add(&mut sums.open[kind], payer.open.iter().map(|open| share * cap * f64::from(*open)));
            }
            add(&mut sums.sizes, shares);
        }
        sums
    }

    fn add(mut self, other: &Self) -> Self {
        add(self.paid.as_flattened_mut(), other.paid.as_flattened().iter().copied());
        add(self.open.as_flattened_mut(), other.open.as_flattened().iter().copied());
        add(&mut self.sizes, other.sizes);
        self
    }
}

impl Types {
    /// Finds the types among some payers (expectation and maximisation), from those found before, or else from an order of the
    /// payers by when they pay.
    pub(super) fn find(payers: &[&Evidence], book: &[f64; BINS], before: Option<Self>) -> Self {
        let steps = if before.is_some() { FURTHER_STEPS } else { STEPS - 1 };
        let mut types = before.unwrap_or_else(|| {
            let members = in_order(payers, payers.len().clamp(1, MOST));
            Self::of(&Sums::of(payers.iter().copied().zip(members)), book, payers.len())
        });
        let chunks: Vec<&[&Evidence]> = payers.chunks(CHUNK_PAYERS).collect();
        for _ in 0..steps {
            let sums =
                in_parallel(&chunks, |chunk| Sums::of(chunk.iter().map(|payer| (*payer, types.membership(payer)))));
            let none = Sums::of(std::iter::empty());
            types = Self::of(&sums.iter().fold(none, Sums::add), book, payers.len());
        }
        types
    }

    fn of(sums: &Sums, book: &[f64; BINS], payers: usize) -> Self {
        let count = payers.clamp(1, MOST);
        let rate =
            |at: usize, kind: usize| (sums.paid[kind][at] + BOOK_DAYS * book[at]) / (sums.open[kind][at] + BOOK_DAYS);
        let rates: Vec<[f64; MOST]> = (0..BINS).map(|at| std::array::from_fn(|kind| rate(at, kind))).collect();
        let logs = rates.iter().map(|rates| rates.map(f64::ln)).collect();
        let share_logs = sums.sizes.map(|size| ((size + 1.0) / (payers + count) as f64).ln());
        Self { count, share_logs, rates, logs }
    }

    /// How far a payer is of each type.
    fn membership(&self, payer: &Evidence) -> [f64; MOST] {
        let mut logs = [0.0; MOST];
        for (at, (paid, open)) in payer.paid.iter().zip(&payer.open).enumerate() {
            let (paid, open, by_paid, by_open) = (f64::from(*paid), f64::from(*open), &self.logs[at], &self.rates[at]);
            for kind in 0..MOST {
                logs[kind] = logs[kind] + paid * by_paid[kind] - open.max(0.0) * by_open[kind];
            }
        }
        let mut members = logs;
        members.iter_mut().zip(&self.share_logs).for_each(|(log, share)| *log = TEMPER * *log + share);
        let most = members[..self.count].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        members.iter_mut().for_each(|member| *member = (*member - most).exp());
        members[self.count..].fill(0.0);
        let total: f64 = members.iter().sum();
        members.iter_mut().for_each(|member| *member /= total);
        members
    }

    /// What a payer's rates would be by its types alone, and then with its own evidence.
    pub(super) fn rates(&self, payer: &Evidence) -> [f32; BINS] {
        let mut of_types = [0.0; BINS];
        for (kind, share) in noticeable(&self.membership(payer)) {
            add(&mut of_types, self.rates.iter().map(|rates| share * rates[kind]));
        }
        let mut rates = [0.0; BINS];
        for (at, rate) in rates.iter_mut().enumerate() {
            let (paid, open) = (f64::from(payer.paid[at]), f64::from(payer.open[at]));
            *rate = ((paid + TYPE_DAYS * of_types[at]) / (open + TYPE_DAYS)) as f32;
        }
        rates
    }
}

/// The types that a payer is of to a degree that shows.
fn noticeable(shares: &[f64; MOST]) -> impl Iterator<Item = (usize, f64)> {
    shares.iter().copied().enumerate().filter(|(_, share)| *share > LEAST_SHARE)
}

fn add(sums: &mut [f64], parts: impl IntoIterator<Item = f64>) {
    sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
}

fn payments(payer: &Evidence) -> f64 {
    payer.paid.iter().map(|paid| f64::from(*paid)).sum()
}

fn sum_of_bins(payer: &Evidence) -> f64 {
    payer.paid.iter().enumerate().map(|(at, paid)| at as f64 * f64::from(*paid)).sum()
}

/// Payers cut into as many types, of about as many payments each, by how late they pay.
fn in_order(payers: &[&Evidence], count: usize) -> Vec<[f64; MOST]> {
    let counts: Vec<f64> = payers.iter().map(|payer| payments(payer)).collect();
    let total: f64 = counts.iter().sum();
    let middle = payers.iter().map(|payer| sum_of_bins(payer)).sum::<f64>() / total.max(1e-9);
    // Two payments at the book's mean, so that a single one says little.
    let mean = |at: usize| (sum_of_bins(payers[at]) + 2.0 * middle) / (counts[at] + 2.0);
    let mut order: Vec<(f64, usize)> = (0..payers.len()).map(|at| (mean(at), at)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = counts.iter().map(|count| count.min(PAYER_CAP)).sum();
    let mut members = vec![[0.0; MOST]; payers.len()];
    let mut sum = 0.0;
    for (_, at) in order {
        sum += counts[at].min(PAYER_CAP);
        let kind = (sum / total.max(1e-9) * count as f64) as usize;
        members[at][kind.min(count - 1)] = 1.0;
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payer whose bills are open at the ages of some bins, a day each, and paid on the last.
    fn payer(payments: f32, last: usize) -> Evidence {
        let mut evidence = Evidence { paid: [0.0; BINS], open: [0.0; BINS] };
        evidence.paid[last] = payments;
        evidence.open[16..=last].fill(payments);
        evidence
    }

    #[test]
    fn a_payer_of_few_payments_goes_with_those_like_it() {
        let all: Vec<Evidence> = (0..40).map(|at| payer(20.0, if at % 2 == 0 { 25 } else { 45 })).collect();
        let book = book_rates(&[0.1; BINS], &[1.0; BINS]);
        let types = Types::find(&all.iter().collect::<Vec<_>>(), &book, None);
        let (early, late) = (types.rates(&payer(2.0, 25)), types.rates(&payer(2.0, 45)));
        assert!(early[25] > 5.0 * late[25] && late[45] > 1.5 * early[45], "{early:?} {late:?}");
        let neither = types.rates(&payer(0.0, 25));
        assert!(neither[25] < early[25] && neither[25] > late[25]);
    }

    #[test]
    fn the_book_has_the_default_shape_until_it_is_known() {
        let default = super::super::bins::default_rates();
        assert_eq!(book_rates(&[0.0; BINS], &[0.0; BINS]), default);
        // Open for long and never paid: the same shape, lower.
        let slow = book_rates(&[0.0; BINS], &[1000.0; BINS]);
        assert!(slow.iter().zip(&default).all(|(slow, default)| *slow > 0.0 && *slow < 0.02 * default));
        let known = book_rates(&[5000.0; BINS], &[10_000.0; BINS]);
        assert!(known.iter().all(|rate| (rate - 0.5).abs() < 0.01));
    }

    #[test]
    fn one_payer_is_a_type_of_its_own_and_none_is_the_book() {
        let book = book_rates(&[1.0; BINS], &[10.0; BINS]);
        let none = Types::find(&[], &book, None).rates(&payer(0.0, 20));
        assert!(none.iter().zip(&book).all(|(rate, book)| (f64::from(*rate) - book).abs() < 1e-6));
        let one = payer(500.0, 20);
        let rates = Types::find(&[&one], &book, None).rates(&one);
        assert!(rates[20] > 0.9 && rates[17] < 0.02, "{rates:?}");
    }
}
