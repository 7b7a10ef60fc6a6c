//! The standard normal distribution.

use statrs::function::erf::{erfc, erfc_inv};

/// Share of the distribution below `x`.
#[must_use]
pub fn share_below(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// The value below which `share` of the distribution lies; minus infinity for 0, infinity for 1.
#[must_use]
pub fn quantile(share: f64) -> f64 {
    if share <= 0.0 {
        f64::NEG_INFINITY
    } else if share >= 1.0 {
        f64::INFINITY
    } else {
        -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share)
    }
}

/// Height of the distribution at `x`.
#[must_use]
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}
