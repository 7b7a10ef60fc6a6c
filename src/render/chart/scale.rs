//! Axes: round ticks, and numbers short enough to stand beside them.

use crate::sheet::Kind;

/// Share of the largest value that the values must differ by to have an axis that does not begin at zero.
const LEAST_EXTENT_SHARE: f64 = 0.02;

/// A range of values laid on a length of pixels.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// Round values to mark, ascending.
    pub(super) ticks: Vec<f64>,
    step: f64,
    range: (f64, f64),
    /// Pixels of the range's low end and of its high end.
    ends: (f64, f64),
}

impl Scale {
    /// A scale that holds `low..=high` with about `wanted` ticks, from the pixel of the low end to that of the high end. Things
    /// that are counted have no ticks between whole numbers.
    pub(super) fn new(kind: Kind, (low, high): (f64, f64), wanted: usize, ends: (f64, f64)) -> Self {
        // Values that hardly differ lie on one line, and zero gives it a height: on an axis of their own they would plunge and soar.
        let has_extent = high - low > LEAST_EXTENT_SHARE * low.abs().max(high.abs());
        let (low, high) = if has_extent { (low, high) } else { (low.min(0.0), high.max(0.0)) };
        // Also keeps the search for a step from never ending where the range is no number.
        if !(high - low).is_normal() {
            return Self { ticks: vec![0.0, 1.0], step: 1.0, range: (0.0, 1.0), ends };
        }
        let least = if matches!(kind, Kind::Count | Kind::Days) { 1.0 } else { 0.0 };
        let step = round_step((high - low) / wanted.max(1) as f64).max(least);
        // A range ends at a tick where one is near; a mostly empty step would only take room from the values.
        let (first, last) = ((low / step).floor() * step, (high / step).ceil() * step);
        let low = if low - first > 0.5 * step { low - 0.1 * step } else { first };
        let high = if last - high > 0.5 * step { high + 0.1 * step } else { last };
        let ticks = ((low / step - 1e-9).ceil() as i64..=(high / step + 1e-9).floor() as i64)
            .map(|n| n as f64 * step)
            .collect();
        Self { ticks, step, range: (low, high), ends }
    }

    /// The pixel of a value, always between the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        self.ends.0 + ((value - low) / (high - low)).clamp(0.0, 1.0) * (self.ends.1 - self.ends.0)
    }

    /// The ticks' labels: one unit for all, as many decimals as the step needs.
    pub(super) fn labels(&self, kind: Kind) -> Vec<String> {
        let most = self.ticks.iter().fold(0.0_f64, |most, tick| most.max(tick.abs()));
        let (divisor, unit) = unit(kind, most);
        let decimals = (0..4).find(|d| is_whole(self.step / divisor * 10_f64.powi(*d))).unwrap_or(4) as usize;
        self.ticks
            .iter()
            .map(|tick| if *tick == 0.0 { "0".to_owned() } else { text(tick / divisor, decimals, unit) })
            .collect()
    }
}

/// A number for the end of a bar or a line: three digits and a unit, `1.23 M`, `45.2`, `12.3%`.
pub(in crate::render) fn short(kind: Kind, x: f64) -> String {
    let (divisor, unit) = unit(kind, x.abs());
    let scaled = x / divisor;
    let decimals = match scaled.abs() {
        _ if unit.is_empty() && matches!(kind, Kind::Amount | Kind::Count | Kind::Days) && is_whole(scaled) => 0,
        // Cents of tens stand beside thousands without any: they are in the table.
        size if unit.is_empty() && kind == Kind::Amount => {
            if size < 10.0 {
                2
            } else {
                0
            }
        }
        size if unit.is_empty() || unit == "%" => usize::from(size < 100.0),
        size if size < 10.0 => 2,
        size => usize::from(size < 100.0),
    };
    text(scaled, decimals, unit)
}

fn unit(kind: Kind, size: f64) -> (f64, &'static str) {
    match size {
        _ if kind == Kind::Rate => (0.01, "%"),
        size if size >= 999.5e6 => (1e9, "\u{a0}bn"),
        size if size >= 999.5e3 => (1e6, "\u{a0}M"),
        size if size >= 9_999.5 => (1e3, "\u{a0}k"),
        _ => (1.0, ""),
    }
}

fn text(x: f64, decimals: usize, unit: &str) -> String {
    if x.abs() >= 999_999.5 {
        return format!("{x:.1e}{unit}");
    }
    let digits = format!("{:.decimals$}", x.abs());
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let whole = match whole.len() {
        n @ 4..=6 => format!("{},{}", &whole[..n - 3], &whole[n - 3..]),
        _ => whole.to_owned(),
    };
    format!("{}{whole}{rest}{unit}", if x < 0.0 && !is_zero { "\u{2212}" } else { "" })
}

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() < 1e-6 * x.abs().max(1.0)
}

/// The least of 1, 2, 2.5, 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    // Found by multiplying, not by a logarithm, whose last bit differs from one platform's library to another's.
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    [1.0, 2.0, 2.5, 5.0].iter().map(|m| m * power).find(|step| *step >= least).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: (f64, f64), kind: Kind) -> String {
        Scale::new(kind, range, 4, (0.0, 100.0)).labels(kind).join(" | ")
    }

    #[test]
    fn ticks_are_round_and_share_a_unit() {
        assert_eq!(labels((0.0, 1_234_567.0), Kind::Amount), "0 | 0.5\u{a0}M | 1.0\u{a0}M");
        assert_eq!(labels((-40_000.0, 90_000.0), Kind::Amount), "−50\u{a0}k | 0 | 50\u{a0}k | 100\u{a0}k");
        assert_eq!(labels((0.0, 0.31), Kind::Rate), "0 | 10% | 20% | 30%");
        assert_eq!(labels((41.0, 47.0), Kind::Number), "40 | 42 | 44 | 46 | 48");
        assert_eq!(labels((0.0, 9_000.0), Kind::Amount), "0 | 2.5\u{a0}k | 5.0\u{a0}k | 7.5\u{a0}k | 10.0\u{a0}k");
    }

    #[test]
    fn a_range_without_extent_still_has_a_scale() {
        assert_eq!(labels((0.0, 0.0), Kind::Amount), "0 | 1");
        assert_eq!(labels((5.0, 5.0), Kind::Amount), "0 | 2 | 4 | 6");
        assert_eq!(labels((-5.0, -5.0), Kind::Amount), "−6 | −4 | −2 | 0");
        assert_eq!(labels((0.0, 1.0), Kind::Count), "0 | 1");
    }

    #[test]
    fn values_that_hardly_differ_do_not_plunge() {
        assert_eq!(labels((99.9975, 100.0), Kind::Number), "0 | 25 | 50 | 75 | 100");
        assert_eq!(labels((-100.0, -99.0), Kind::Number), "−100 | −75 | −50 | −25 | 0");
        assert_eq!(labels((97.0, 100.0), Kind::Number), "97 | 98 | 99 | 100");
    }

    #[test]
    fn numbers_beside_bars_are_short() {
        let shown: Vec<String> = [999.0, 9_999.0, 12_345.6, 1_234_567.0, -45_600_000.0, 7.2e9, 0.0]
            .iter()
            .map(|x| short(Kind::Amount, *x))
            .collect();
        assert_eq!(shown.join(" | "), "999 | 9,999 | 12.3\u{a0}k | 1.23\u{a0}M | −45.6\u{a0}M | 7.20\u{a0}bn | 0");
        assert_eq!([75.16, 3.5, 9.0].map(|x| short(Kind::Amount, x)), ["75", "3.50", "9"]);
        assert_eq!(short(Kind::Number, 45.24), "45.2");
        assert_eq!(short(Kind::Rate, 0.1234), "12.3%");
    }
}
