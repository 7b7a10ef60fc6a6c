//! Many possible courses of the same weeks: what each payer's items do together, and what all do together.
//!
//! A Gaussian copula: an item is paid in the first bin whose cumulative probability its draw
//! `x = √common · Z + √payer · Zₚ + √batch · Zᵦ + √rest · ε` does not exceed, taken through the normal distribution. `Z` is shared
//! by all items, `Zₚ` by the items of a payer, `Zᵦ` by those of them due on one day. Whatever the shares, each item keeps its
//! own distribution, so the mean of the courses is the sum of the items' means (Li, "On default correlation: a copula
//! function approach", 2000).

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::book::Day;
use super::normal;
use crate::models::parallel::in_parallel;

/// How much of what moves an item moves others too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// Share of an item's variance that all items have in common.
    pub common: f64,
    /// Share that the items of one payer have in common besides.
    pub payer: f64,
    /// Share that those of them due on one day have in common besides: they are paid in one run.
    pub batch: f64,
}

impl Together {
    /// What the residuals of real books showed ([`super::calibrate`] widens what is left).
    pub const USUAL: Self = Self { common: 0.01, payer: 0.2, batch: 0.3 };

    /// Share an item has for itself.
    fn rest(self) -> f64 {
        (1.0 - self.common - self.payer - self.batch).max(0.0)
    }
}

/// An open item as the courses need it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Who pays.
    pub payer: u32,
    /// Day due: what is due on one day is paid in one run.
    pub due: Day,
    /// Line of the answer, below [`Course::lines`].
    pub line: u32,
    /// What can still be paid.
    pub amount: f64,
}

/// Billing to come of one stratum, many small items: what share of it is paid by the end of each bin moves with `Z` alone.
#[derive(Clone, Debug)]
pub struct Stream {
    /// One course of the amounts billed a draw: `amounts[draw][week billed]`.
    pub amounts: Vec<Vec<f64>>,
    /// Share paid by the end of each bin, for each week billed: `paid_rates[week billed][bin]`.
    pub paid_rates: Vec<Vec<f64>>,
}

/// Chunks whose draws are held at the same time.
const CHUNKS_AT_A_TIME: usize = 16;

/// What the courses are drawn for: one set of rows of the answer.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// Number of lines.
    pub lines: usize,
    /// Number of bins (weeks).
    pub bins: usize,
    /// Number of draws.
    pub draws: usize,
    /// The same seed gives the same draws.
    pub seed: u64,
    /// What moves together.
    pub together: Together,
}

/// Cash of each draw, line and bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    lines: usize,
    bins: usize,
    cash: Vec<f64>,
}

/// Claims drawn at a time by one thread; fixed, so that sums are made in the same order on any number of threads.
const CHUNK_CLAIMS: usize = 4096;

impl Course {
    /// Draws the courses of `claims`, given the probability of each to be paid by the end of each bin
    /// (`paid_rates[claim * bins + bin]`, rising within a claim). Claims of one payer stand together.
    #[must_use]
    pub fn draw(&self, claims: &[Claim], paid_rates: &[f64]) -> Draws {
        let common = self.common_shocks();
        let mut total = Draws::none(self);
        let chunks = chunks_by_payer(claims);
        // A few at a time: the draws of every chunk at once would be more than the claims.
        for group in chunks.chunks(CHUNKS_AT_A_TIME) {
            let parts = in_parallel(group, |range| {
                let rates = &paid_rates[range.start * self.bins..range.end * self.bins];
                self.draw_claims(&claims[range.clone()], rates, &common)
            });
            parts.iter().for_each(|part| total.add(part));
        }
        total
    }

    /// Courses that bring nothing.
    #[must_use]
    pub fn nothing(&self) -> Draws {
        Draws::none(self)
    }

    /// `Z` of each draw: equally likely values in a seeded order, so that few draws already have the right mean.
    fn common_shocks(&self) -> Vec<f64> {
        let count = self.draws as f64;
        let mut shocks: Vec<f64> = (0..self.draws).map(|at| normal::quantile((at as f64 + 0.5) / count)).collect();
        let mut rng = stream_rng(self.seed, u64::MAX);
        for at in (1..shocks.len()).rev() {
            shocks.swap(at, rand::RngExt::random_range(&mut rng, 0..=at));
        }
        shocks
    }

    fn draw_claims(&self, claims: &[Claim], paid_rates: &[f64], common: &[f64]) -> Draws {
        let mut draws = Draws::none(self);
        let bounds: Vec<f32> = paid_rates.iter().map(|rate| normal::quantile(*rate) as f32).collect();
        let Together { common: shared, payer, batch } = self.together;
        let (by_common, by_payer, by_batch) = (shared.sqrt(), payer.sqrt(), batch.sqrt() as f32);
        let by_item = self.together.rest().sqrt() as f32;
        let mut from = 0;
        while from < claims.len() {
            let who = claims[from].payer;
            let count = claims[from..].iter().take_while(|claim| claim.payer == who).count();
            let mut rng = stream_rng(self.seed, u64::from(who));
            for (draw, shock) in common.iter().enumerate() {
                let own: f64 = StandardNormal.sample(&mut rng);
                let moved = (by_common * shock + by_payer * own) as f32;
                let mut run: f32 = StandardNormal.sample(&mut rng);
                for at in from..from + count {
                    if at > from && claims[at].due != claims[at - 1].due {
                        run = StandardNormal.sample(&mut rng);
                    }
                    let chance: f32 = StandardNormal.sample(&mut rng);
                    let x = moved + by_batch * run + by_item * chance;
                    let bin = bounds[at * self.bins..(at + 1) * self.bins].iter().filter(|bound| x > **bound).count();
                    if bin < self.bins {
                        draws.cash[(draw * self.lines + claims[at].line as usize) * self.bins + bin] +=
                            claims[at].amount;
                    }
                }
            }
            from += count;
        }
        draws
    }

    /// Draws the cash of billing to come, as draws of one line. The share paid by a bin's end, given `Z`, is
    /// `Φ((Φ⁻¹(rate) − √common · Z) / √(1 − common))`.
    #[must_use]
    pub fn draw_stream(&self, stream: &Stream) -> Draws {
        let shared = self.together.common;
        let (by_common, rest) = (shared.sqrt(), (1.0 - shared).max(f64::MIN_POSITIVE).sqrt());
        let mut draws = Draws::none(&Self { lines: 1, ..*self });
        let bounds: Vec<Vec<f64>> =
            stream.paid_rates.iter().map(|rates| rates.iter().map(|rate| normal::quantile(*rate)).collect()).collect();
        for (draw, (shock, amounts)) in self.common_shocks().iter().zip(&stream.amounts).enumerate() {
            let cash = &mut draws.cash[draw * self.bins..(draw + 1) * self.bins];
            for (amount, bounds) in amounts.iter().zip(&bounds) {
                let mut before = 0.0;
                for (cash, bound) in cash.iter_mut().zip(bounds) {
                    let by_now = normal::share_below((bound - by_common * shock) / rest);
                    *cash += amount * (by_now - before);
                    before = by_now;
                }
            }
        }
        draws
    }
}

impl Draws {
    fn none(course: &Course) -> Self {
        let Course { lines, bins, draws, .. } = *course;
        Self { lines, bins, cash: vec![0.0; draws * lines * bins] }
    }

    fn add(&mut self, other: &Self) {
        self.add_at(other, 1.0);
    }

    /// Adds other draws, course by course, at a rate.
    pub fn add_at(&mut self, other: &Self, rate: f64) {
        self.cash.iter_mut().zip(&other.cash).for_each(|(sum, part)| *sum += rate * part);
    }

    /// Adds a share of draws of one line to a line of these.
    pub fn add_share(&mut self, line: usize, stream: &Self, share: f64) {
        let row = self.lines * self.bins;
        for (own, other) in self.cash.chunks_exact_mut(row.max(1)).zip(stream.each()) {
            own[line * self.bins..(line + 1) * self.bins]
                .iter_mut()
                .zip(other)
                .for_each(|(sum, cash)| *sum += share * cash);
        }
    }

    /// Cash of one line and bin in every draw.
    pub fn of_line(&self, line: usize, bin: usize) -> impl Iterator<Item = f64> {
        self.each().map(move |draw| draw[line * self.bins + bin])
    }

    /// Cash of all lines in one bin, in every draw.
    pub fn of_bin(&self, bin: usize) -> impl Iterator<Item = f64> {
        self.each().map(move |draw| (0..self.lines).map(|line| draw[line * self.bins + bin]).sum())
    }

    /// Every draw: its cash by line and bin.
    fn each(&self) -> std::slice::ChunksExact<'_, f64> {
        self.cash.chunks_exact((self.lines * self.bins).max(1))
    }
}

/// Ranges of about [`CHUNK_CLAIMS`] claims that part no payer's items.
fn chunks_by_payer(claims: &[Claim]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut from = 0;
    while from < claims.len() {
        let mut to = (from + CHUNK_CLAIMS).min(claims.len());
        while to < claims.len() && claims[to].payer == claims[to - 1].payer {
            to += 1;
        }
        ranges.push(from..to);
        from = to;
    }
    ranges
}

/// A sequence of chance of its own for every stream of a seed.
pub(super) fn stream_rng(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// The value below which `share` (0 to 1) of the sorted values lie, between neighbours in proportion (Hyndman and Fan's
/// type 7); 0 of none.
#[must_use]
pub fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}
