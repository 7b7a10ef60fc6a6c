//! An amount or a number of days: what a bridge is in.

use std::fmt;

use super::super::proof::grouped;
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

/// Ten decimals: what is beyond them is the noise of adding doubles.
fn rounded(days: f64) -> f64 {
    (days * 1e10).round() / 1e10 + 0.0
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
                write!(f, "{sign}{}", grouped(*amount))
            }
            Self::Days(days) => write!(f, "{days:+.2} days"),
        }
    }
}
