//! An amount or a number of days: what a bridge is in.

use std::fmt;

use crate::domain::money::Money;
use crate::sheet::Cell;

/// Exact money, or days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Amount(Money),
    Days(f64),
}

impl Value {
    pub(super) fn cell(self) -> Cell<'static> {
        match self {
            Self::Amount(amount) => Cell::Amount(amount),
            Self::Days(days) => Cell::Number(rounded(days)),
        }
    }

    pub(super) fn is_zero(self) -> bool {
        match self {
            Self::Amount(amount) => amount == Money::ZERO,
            Self::Days(days) => rounded(days) == 0.0,
        }
    }

    /// How much it moves, whichever way; to compare values of one kind.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Amount(amount) => amount.to_f64().abs(),
            Self::Days(days) => rounded(days).abs(),
        }
    }
}

/// Days are given to nine decimals, as everywhere: what is beyond them is the noise of adding doubles.
const UNITS_PER_DAY: f64 = 1e9;

fn units(days: f64) -> f64 {
    (days * UNITS_PER_DAY).round()
}

fn rounded(days: f64) -> f64 {
    units(days) / UNITS_PER_DAY + 0.0
}

/// Parts of a change in days as they are given, so that they sum to it in every digit: what rounding leaves over, at most a
/// unit a part, goes to the largest.
pub(super) fn parts_of(opening: f64, closing: f64, parts: impl Iterator<Item = f64>) -> Vec<Value> {
    let mut parts: Vec<f64> = parts.map(units).collect();
    let left = units(closing) - units(opening) - parts.iter().sum::<f64>();
    let is_rounding = left.abs() <= parts.len() as f64 + 1.0;
    if let Some(largest) = parts.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).filter(|_| is_rounding) {
        *largest += left;
    }
    parts.into_iter().map(|part| Value::Days(part / UNITS_PER_DAY)).collect()
}

impl std::ops::Add for Value {
    type Output = Self;

    /// The sum of two values of one kind.
    fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Amount(a), Self::Amount(b)) => Self::Amount(a + b),
            (Self::Days(a), Self::Days(b)) => Self::Days(a + b),
            (kept, _) => kept,
        }
    }
}

impl fmt::Display for Value {
    /// With its sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => {
                let sign = if *amount > Money::ZERO { "+" } else { "" };
                write!(f, "{sign}{}", amount.grouped())
            }
            Self::Days(days) => write!(f, "{days:+.2} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(parts: Vec<Value>) -> Vec<f64> {
        parts.iter().map(|part| if let Value::Days(days) = part { *days } else { f64::NAN }).collect()
    }

    #[test]
    fn parts_sum_to_the_change_in_every_digit() {
        let found = days(parts_of(1.0, 2.0, [0.111_111_111_1, 0.333_333_333_3, 0.555_555_555_6].into_iter()));
        assert_eq!(found, [0.111_111_111, 0.333_333_333, 0.555_555_556]);
        let found = days(parts_of(0.0, 1.0, [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0].into_iter()));
        assert_eq!(found.iter().map(|part| units(*part)).sum::<f64>(), units(1.0));
    }

    #[test]
    fn what_is_more_than_rounding_is_not_hidden() {
        assert_eq!(days(parts_of(0.0, 1.0, [0.25, 0.5].into_iter())), [0.25, 0.5]);
    }
}
