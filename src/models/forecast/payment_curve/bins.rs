//! Ages of a bill, in days since it was due, and which of them share a rate.

use crate::models::forecast::book::Day;

/// Ages told apart; what is younger or older shares the rate of the first or the last, for ever.
const FIRST_AGE: Day = -45;
pub(super) const LAST_AGE: Day = 120;

/// Number of bins.
pub(super) const BINS: usize = 66;

/// A rate per bin.
pub(super) type Rates = [f32; BINS];

const AGES: usize = (LAST_AGE - FIRST_AGE + 1) as usize;
const BIN_OF_AGE: [u8; AGES] = bins_of_ages();

/// Weeks before the third week before the due date, then days to a month after it, five days to two months, half months.
const fn bins_of_ages() -> [u8; AGES] {
    let mut bins = [0; AGES];
    let mut at = 1;
    while at < AGES {
        let age = at as Day + FIRST_AGE;
        let is_new = match age {
            ..-21 => age.rem_euclid(7) == 0,
            -21..=30 => true,
            31..=60 => (age - 31) % 5 == 0,
            _ => (age - 61) % 15 == 0,
        };
        bins[at] = bins[at - 1] + is_new as u8;
        at += 1;
    }
    bins
}

/// The bin of an age.
#[inline]
pub(super) fn bin(age: Day) -> usize {
    BIN_OF_AGE[(age.clamp(FIRST_AGE, LAST_AGE) - FIRST_AGE) as usize] as usize
}

/// Rates where a book says nothing: few pay early, next to none more than six weeks early, however long the terms, and most in the
/// month from the due date.
pub(super) fn default_rates() -> [f64; BINS] {
    let mut rates = [0.0; BINS];
    for age in FIRST_AGE..=LAST_AGE {
        rates[bin(age)] = match age {
            ..-42 => 0.00001,
            -42..-7 => 0.005,
            -7..0 => 0.03,
            0..=30 => 0.12,
            31..=60 => 0.04,
            _ => 0.02,
        };
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_weeks_then_days_then_five_days_then_half_months() {
        assert_eq!(bin(Day::MIN), 0);
        assert_eq!([-43, -42, -22, -21, -20].map(bin), [0, 1, 3, 4, 5]);
        assert_eq!([30, 31, 35, 36, 60, 61, 75, 76].map(bin), [55, 56, 56, 57, 61, 62, 62, 63]);
        assert_eq!(bin(Day::MAX), BINS - 1);
    }
}
