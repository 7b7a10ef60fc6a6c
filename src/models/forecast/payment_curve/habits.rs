//! How much of a weekday habit is the book's, and how much the payer's own.

use statrs::function::gamma::ln_gamma;

use super::passes::{Own, Shared};
use crate::models::parallel::in_parallel;

/// Strengths tried, evenly on a logarithmic scale, from 1 up.
const STRONGEST: f64 = 500.0;
const TRIED: usize = 15;

/// Learns the book's weekdays from all payers, and how closely payers keep to them from some (gamma and Poisson, by largest likelihood).
pub(super) fn weekdays<'a>(all: impl Iterator<Item = &'a Own>, some: &[&Own]) -> ([f64; 7], f64) {
    let (mut paid, mut open) = ([0.0; 7], [0.0; 7]);
    for own in all {
        for at in 0..7 {
            paid[at] += f64::from(own.weekday_paid[at]);
            open[at] += f64::from(own.weekday_open[at]);
        }
    }
    let mut factors: [f64; 7] = std::array::from_fn(|at| (paid[at] + 1.0) / (open[at] + 1.0));
    let total: f64 = open.iter().sum();
    if total > 0.0 {
        let mean = factors.iter().zip(&open).map(|(factor, open)| factor * open).sum::<f64>() / total;
        factors.iter_mut().for_each(|factor| *factor /= mean);
    }
    let cells: Vec<(f64, f64, f64)> = some
        .iter()
        .flat_map(|own| (0..7).map(|at| (own.weekday_paid[at].into(), own.weekday_open[at].into(), factors[at])))
        .filter(|(_, open, _)| *open > 1e-6)
        .collect();
    (factors, strength(&cells))
}

/// The strength of the book's factors under which payments, what was open and factors are the likeliest.
fn strength(cells: &[(f64, f64, f64)]) -> f64 {
    if cells.is_empty() {
        return STRONGEST;
    }
    let tried: Vec<f64> = (0..TRIED).map(|step| STRONGEST.powf(step as f64 / (TRIED - 1) as f64)).collect();
    let likelihoods = in_parallel(&tried, |strength| {
        cells.iter().map(|(paid, open, factor)| log_likelihood(*paid, *open, *factor, *strength)).sum::<f64>()
    });
    let best = (0..TRIED).rev().max_by(|a, b| likelihoods[*a].total_cmp(&likelihoods[*b]));
    best.map_or(STRONGEST, |at| tried[at])
}

fn log_likelihood(paid: f64, open: f64, factor: f64, strength: f64) -> f64 {
    let shape = (strength * factor).max(1e-9);
    let by_payments =
        if paid > 0.0 { ln_gamma(shape + paid) - ln_gamma(shape) - paid * (strength + open).ln() } else { 0.0 };
    by_payments - shape * (open / strength).ln_1p()
}

/// Share of a working day's payments that is made on a day that is not worked on.
pub(super) fn idle_factor(paid: f64, open: f64) -> f64 {
    (paid + 0.05) / (open + 1.0)
}

impl Shared {
    /// Before anything is known.
    pub(super) const fn unknown() -> Self {
        Self { weekdays: [1.0; 7], weekday_strength: 1.0, idle: 0.05 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payer(paid: [f32; 7]) -> Own {
        Own { weekday_paid: paid, weekday_open: [10.0; 7], ..Own::unknown(0.1) }
    }

    #[test]
    fn payers_who_keep_to_different_days_have_habits_of_their_own() {
        let one_day = |at: usize| payer(std::array::from_fn(|day| if day == at % 7 { 70.0 } else { 0.0 }));
        let all: Vec<Own> = (0..70).map(one_day).collect();
        let (factors, strength) = weekdays(all.iter(), &all.iter().collect::<Vec<_>>());
        assert!(factors.iter().all(|factor| (factor - 1.0).abs() < 1e-9) && strength < 2.0, "{factors:?} {strength}");
    }

    #[test]
    fn payers_who_are_all_alike_have_the_habits_of_the_book() {
        let all: Vec<Own> = (0..70).map(|_| payer([20.0, 10.0, 10.0, 10.0, 20.0, 0.0, 0.0])).collect();
        let (factors, strength) = weekdays(all.iter(), &all.iter().collect::<Vec<_>>());
        assert!(factors[0] > 1.9 && factors[5] < 0.01 && strength > 400.0, "{factors:?} {strength}");
        assert_eq!(weekdays([].iter(), &[]), ([1.0; 7], STRONGEST));
    }
}
