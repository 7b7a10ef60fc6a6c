//! Many possible courses of the same weeks: what each payer's items do together, and what all do together.
//!
//! A Gaussian copula: an item is paid in the first bin whose cumulative probability its draw
//! `x = √common · Z + √payer · Zₚ + √batch · Zᵦ + √rest · ε` does not exceed, taken through the normal distribution. `Z` is shared
//! by all items, `Zₚ` by the items of a payer, `Zᵦ` by those of them due on one day. Whatever the shares, each item keeps its
//! own distribution, so the mean of the courses is the sum of the items' means (Li, "On default correlation: a copula
//! function approach", 2000).

use std::sync::LazyLock;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

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
    /// Who pays, by what its chance is drawn from ([`super::book::Book::streams`]).
    pub payer: u64,
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

/// Values of `Z` at which the share paid of billing to come is worked out; between them it is a straight line, which is wrong by
/// less than a hundred-thousandth.
const SHOCK_STEPS: usize = 32;

/// Equally likely values of the normal distribution, at the middles of equal shares, of variance 1: what chance is drawn from.
static NORMAL_VALUES: LazyLock<[f32; NORMAL_COUNT]> = LazyLock::new(|| {
    let values: [f64; NORMAL_COUNT] =
        std::array::from_fn(|at| normal::quantile((at as f64 + 0.5) / NORMAL_COUNT as f64));
    let variance = values.iter().map(|value| value * value).sum::<f64>() / NORMAL_COUNT as f64;
    values.map(|value| (value / variance.sqrt()) as f32)
});
const NORMAL_BITS: u32 = 12;
const NORMAL_COUNT: usize = 1 << NORMAL_BITS;
/// Values that one number of 64 bits chooses.
const PLACES: usize = 4;

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

/// Cash of each line, bin and draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    lines: usize,
    bins: usize,
    count: usize,
    /// `cash[(line * bins + bin) * count + draw]`.
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
            shocks.swap(at, rng.random_range(0..=at));
        }
        shocks
    }

    fn draw_claims(&self, claims: &[Claim], paid_rates: &[f64], common: &[f64]) -> Draws {
        let mut draws = Draws::none(self);
        let by_common = self.together.common.sqrt();
        let common: Vec<f32> = common.iter().map(|shock| (by_common * shock) as f32).collect();
        let [by_payer, by_batch, by_item] =
            [self.together.payer, self.together.batch, self.together.rest()].map(|share| share.sqrt() as f32);
        let [mut of_payer, mut of_batch, mut of_item] = std::array::from_fn(|_| vec![0.0_f32; self.draws]);
        let mut bins = vec![0_u32; self.draws];
        let mut rates = paid_rates.chunks_exact(self.bins.max(1));
        for of_one in claims.chunk_by(|a, b| a.payer == b.payer) {
            let mut chance = Chance::new(self.seed, of_one[0].payer);
            chance.add(&common, by_payer, &mut of_payer);
            for batch in of_one.chunk_by(|a, b| a.due == b.due) {
                chance.add(&of_payer, by_batch, &mut of_batch);
                for (claim, rates) in batch.iter().zip(&mut rates) {
                    chance.add(&of_batch, by_item, &mut of_item);
                    bins.fill(0);
                    for bound in rates.iter().map(|rate| normal::quantile(*rate) as f32) {
                        let mut later = 0;
                        for (bin, x) in bins.iter_mut().zip(&of_item) {
                            let is_later = u32::from(*x > bound);
                            *bin += is_later;
                            later += is_later;
                        }
                        if later == 0 {
                            break;
                        }
                    }
                    draws.add_claim(claim, &bins);
                }
            }
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
        let shocks = self.common_shocks();
        let largest = shocks.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let steps: Vec<f64> = shocks.iter().map(|z| (z / largest + 1.0) / 2.0 * SHOCK_STEPS as f64).collect();
        for (week, rates) in stream.paid_rates.iter().enumerate() {
            let mut before = [0.0; SHOCK_STEPS + 1];
            for (rate, cash) in rates.iter().zip(draws.cash.chunks_exact_mut(self.draws.max(1))) {
                let bound = normal::quantile(*rate);
                let by_now: [f64; SHOCK_STEPS + 1] = std::array::from_fn(|step| {
                    let z = (2.0 * step as f64 / SHOCK_STEPS as f64 - 1.0) * largest;
                    normal::share_below((bound - by_common * z) / rest)
                });
                let paid: [f64; SHOCK_STEPS + 1] = std::array::from_fn(|step| by_now[step] - before[step]);
                for ((cash, step), amounts) in cash.iter_mut().zip(&steps).zip(&stream.amounts) {
                    let below = (*step as usize).min(SHOCK_STEPS - 1);
                    let share = paid[below] + (paid[below + 1] - paid[below]) * (step - below as f64);
                    *cash += amounts[week] * share;
                }
                before = by_now;
            }
        }
        draws
    }
}

/// A payer's own sequence of chance.
struct Chance {
    rng: ChaCha8Rng,
}

impl Chance {
    fn new(seed: u64, payer: u64) -> Self {
        Self { rng: stream_rng(seed, payer) }
    }

    /// A sum and so much of a new value of the normal distribution, for every draw.
    fn add(&mut self, sums: &[f32], weight: f32, out: &mut [f32]) {
        let values: &[f32; NORMAL_COUNT] = &NORMAL_VALUES;
        let value = |bits: u64| values[usize::from(bits as u16 >> (u16::BITS - NORMAL_BITS))];
        let (fours, rest) = out.as_chunks_mut::<PLACES>();
        let (four_sums, rest_sums) = sums.as_chunks::<PLACES>();
        for (out, sums) in fours.iter_mut().zip(four_sums) {
            let bits = self.rng.next_u64();
            *out = std::array::from_fn(|at| sums[at] + weight * value(bits >> (u16::BITS as usize * at)));
        }
        for (out, sum) in rest.iter_mut().zip(rest_sums) {
            *out = sum + weight * value(self.rng.next_u64());
        }
    }
}

impl Draws {
    fn none(course: &Course) -> Self {
        let Course { lines, bins, draws: count, .. } = *course;
        Self { lines, bins, count, cash: vec![0.0; count * lines * bins] }
    }

    fn add(&mut self, other: &Self) {
        self.add_at(other, 1.0);
    }

    /// Adds other draws, course by course, at a rate.
    pub fn add_at(&mut self, other: &Self, rate: f64) {
        self.cash.iter_mut().zip(&other.cash).for_each(|(sum, part)| *sum += rate * part);
    }

    /// Adds a claim that is paid in some bin, or none, in each draw.
    fn add_claim(&mut self, claim: &Claim, bins: &[u32]) {
        let size = self.bins * self.count;
        let line = &mut self.cash[claim.line as usize * size..][..size];
        for (draw, bin) in bins.iter().enumerate() {
            if let Some(cash) = line.get_mut(*bin as usize * self.count + draw) {
                *cash += claim.amount;
            }
        }
    }

    /// Adds a share of draws of one line to a line of these.
    pub fn add_share(&mut self, line: usize, stream: &Self, share: f64) {
        let own = &mut self.cash[line * stream.cash.len()..];
        own.iter_mut().zip(&stream.cash).for_each(|(sum, cash)| *sum += share * cash);
    }

    /// Number of draws.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Cash of one line and bin in every draw.
    #[must_use]
    pub fn of_line(&self, line: usize, bin: usize) -> &[f64] {
        &self.cash[(line * self.bins + bin) * self.count..][..self.count]
    }

    /// Cash of all lines in one bin, in every draw.
    #[must_use]
    pub fn of_bin(&self, bin: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        for line in 0..self.lines {
            sums.iter_mut().zip(self.of_line(line, bin)).for_each(|(sum, cash)| *sum += cash);
        }
        sums
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

/// The value below which `share` (0 to 1) of the sorted values lie once each one's distance from `mean` is multiplied by
/// `width`. Ranges that must be narrower are taken nearer to the middle one instead: what often brings nothing would
/// otherwise be drawn up to its mean.
#[must_use]
pub fn widened_quantile(sorted: &[f64], share: f64, mean: f64, width: f64) -> f64 {
    if width < 1.0 {
        return quantile_of_sorted(sorted, normal::share_below(width * normal::quantile(share)));
    }
    (mean + width * (quantile_of_sorted(sorted, share) - mean)).max(0.0)
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
