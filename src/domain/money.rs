//! Exact amounts.

use std::fmt;

use crate::error::Error;

/// An exact amount with four decimals, as the ledger stores it: `Money::from_units(12_345)` is 1.2345.
///
/// Its text has at least two decimals and no more than it needs: `1.00`, `1.2345`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i128);

/// Decimal places of [`Money`], as of every amount in a ledger.
pub const SCALE: u32 = 4;

const ONE: i128 = 10_i128.pow(SCALE);

impl Money {
    /// Nothing owed.
    pub const ZERO: Self = Self(0);

    /// An amount from its ten-thousandths.
    #[must_use]
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// The amount in ten-thousandths.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// The one door from exact money to a ratio or a model.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Its text with the digits before the decimal point in threes: `-1,234,567.8912`.
    #[must_use]
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, "00"));
        let digits = whole.trim_start_matches('-');
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap_or_default()).collect();
        let sign = if whole.starts_with('-') { "-" } else { "" };
        format!("{sign}{}.{decimals}", groups.join(","))
    }
}

impl std::ops::Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |total, amount| total + amount)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (units, one) = (self.0.unsigned_abs(), ONE.unsigned_abs());
        // Dividing 128 bits takes as long as all the rest, and most amounts have 64.
        let (whole, decimals) = match u64::try_from(units) {
            Ok(units) => (u128::from(units / one as u64), units % one as u64),
            Err(_) => (units / one, (units % one) as u64),
        };
        match (decimals % 100, decimals % 10) {
            (0, _) => write!(f, "{sign}{whole}.{:02}", decimals / 100),
            (_, 0) => write!(f, "{sign}{whole}.{:03}", decimals / 10),
            _ => write!(f, "{sign}{whole}.{decimals:04}"),
        }
    }
}

impl std::str::FromStr for Money {
    type Err = Error;

    /// Reads plain digits with a point, as the engine shows a decimal.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{decimals:0<4}");
        let is_exact = decimals.len() <= SCALE as usize && whole.ends_with(|c: char| c.is_ascii_digit());
        let units = digits.parse().ok().filter(|_| is_exact);
        units.map(Self).ok_or_else(|| Error::internal(format!("\"{text}\" is not an amount of the engine's")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_exact() {
        let shown = |units| Money::from_units(units).grouped();
        assert_eq!(shown(51_198_500), "5,119.85");
        assert_eq!(shown(-12_345_678_912), "-1,234,567.8912");
        assert_eq!(shown(0), "0.00");
    }

    #[test]
    fn reads_what_the_engine_shows() {
        let read = |text: &str| text.parse::<Money>().expect("an amount").units();
        assert_eq!(read("5119.8500"), 51_198_500);
        assert_eq!(read("-0.05"), -500);
        assert_eq!(read("7"), 70_000);
        assert!("1.23456".parse::<Money>().is_err() && "".parse::<Money>().is_err());
    }

    #[test]
    fn shows_two_decimals_or_as_many_as_it_needs() {
        let shown = |units| Money::from_units(units).to_string();
        assert_eq!(shown(0), "0.00");
        assert_eq!(shown(51_198_500), "5119.85");
        assert_eq!(shown(12_345), "1.2345");
        assert_eq!(shown(-500), "-0.05");
        assert_eq!(shown(-1), "-0.0001");
    }
}
