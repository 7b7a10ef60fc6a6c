//! Types of payers: a few curves found in the book, of which each payer's is a mixture.

use super::bins::BINS;
use super::passes::Evidence;

/// Most types.
const MOST: usize = 12;

/// Steps of the search for them.
const STEPS: usize = 12;

/// What a payer's evidence counts: payments come in runs and are not independent of each other.
const TEMPER: f64 = 0.4;

/// Payments of one payer that count for a type, so that none has a type for itself.
const PAYER_CAP: f64 = 30.0;

/// Days open by which the book's curve counts in a type's.
const BOOK_DAYS: f64 = 10.0;

/// Days open by which its type counts in a payer's own curve.
const TYPE_DAYS: f64 = 20.0;

/// Days that the book's curve is believed to be the default one.
const DEFAULT_DAYS: f64 = 1.0;

/// The curve of each type, and how many are of it.
#[derive(Clone, Debug)]
pub(super) struct Types {
    count: usize,
    shares: [f64; MOST],
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

impl Types {
    /// Finds the types among some payers (expectation and maximisation, from an order of the payers by when they pay).
    pub(super) fn find(payers: &[&Evidence], book: &[f64; BINS]) -> Self {
        let count = payers.len().clamp(1, MOST);
        let caps: Vec<f64> = payers.iter().map(|payer| payments(payer)).collect();
        let mut members = in_order(payers, &caps, count);
        let mut types =
            Self { count, shares: [0.0; MOST], rates: vec![[0.0; MOST]; BINS], logs: vec![[0.0; MOST]; BINS] };
        for _ in 0..STEPS {
            types.learn(payers, &caps, &members, book);
            members = payers.iter().map(|payer| types.membership(payer)).collect();
        }
        types
    }

    fn learn(&mut self, payers: &[&Evidence], payments: &[f64], members: &[[f64; MOST]], book: &[f64; BINS]) {
        let mut paid = book.map(|rate| [BOOK_DAYS * rate; MOST]);
        let mut open = [[BOOK_DAYS; MOST]; BINS];
        let mut sizes = [1.0; MOST];
        for ((payer, payments), member) in payers.iter().zip(payments).zip(members) {
            let cap = (PAYER_CAP / payments.max(1e-9)).min(1.0);
            let weights = member.map(|share| share * cap);
            add_bins(&mut paid, &payer.paid, &weights);
            add_bins(&mut open, &payer.open, &weights);
            sizes.iter_mut().zip(member).for_each(|(sum, share)| *sum += share);
        }
        for (at, (paid, open)) in paid.iter().zip(&open).enumerate() {
            self.rates[at] = std::array::from_fn(|kind| paid[kind] / open[kind]);
            self.logs[at] = self.rates[at].map(f64::ln);
        }
        self.shares = sizes.map(|size| size / (payers.len() + self.count) as f64);
    }

    /// How far a payer is of each type.
    fn membership(&self, payer: &Evidence) -> [f64; MOST] {
        let mut logs = [0.0; MOST];
        for (at, (paid, open)) in payer.paid.iter().zip(&payer.open).enumerate() {
            if *paid > 0.0 {
                logs.iter_mut().zip(&self.logs[at]).for_each(|(sum, log)| *sum += f64::from(*paid) * log);
            }
            if *open > 0.0 {
                logs.iter_mut().zip(&self.rates[at]).for_each(|(sum, rate)| *sum -= f64::from(*open) * rate);
            }
        }
        let mut members: [f64; MOST] = std::array::from_fn(|kind| TEMPER * logs[kind] + self.shares[kind].ln());
        let most = members[..self.count].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        members.iter_mut().for_each(|member| *member = (*member - most).exp());
        members[self.count..].fill(0.0);
        let total: f64 = members.iter().sum();
        members.map(|member| member / total)
    }

    /// What a payer's rates would be by its types alone, and then with its own evidence.
    pub(super) fn rates(&self, payer: &Evidence) -> [f32; BINS] {
        let members = self.membership(payer);
        std::array::from_fn(|at| {
            let of_types: f64 = members.iter().zip(&self.rates[at]).map(|(share, rate)| share * rate).sum();
            let (paid, open) = (f64::from(payer.paid[at]), f64::from(payer.open[at]));
            ((paid + TYPE_DAYS * of_types) / (open + TYPE_DAYS)) as f32
        })
    }
}

fn add_bins(sums: &mut [[f64; MOST]; BINS], bins: &[f32; BINS], weights: &[f64; MOST]) {
    for (sums, value) in sums.iter_mut().zip(bins) {
        if *value > 0.0 {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * f64::from(*value));
        }
    }
}

fn payments(payer: &Evidence) -> f64 {
    payer.paid.iter().map(|paid| f64::from(*paid)).sum()
}

fn sum_of_bins(payer: &Evidence) -> f64 {
    payer.paid.iter().enumerate().map(|(at, paid)| at as f64 * f64::from(*paid)).sum()
}

/// Payers cut into as many types, of about as many payments each, by how late they pay.
fn in_order(payers: &[&Evidence], counts: &[f64], count: usize) -> Vec<[f64; MOST]> {
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
