//! How good forecasts were.

use super::Band;

/// One forecast and what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Cash that came.
    pub actual: f64,
    /// Cash forecast.
    pub band: Band,
    /// Whether the forecast said how sure it was.
    pub has_interval: bool,
}

/// Scores of a set of points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Number of points.
    pub forecasts: usize,
    /// `Σ|actual − mean| / Σ|actual|`; none where nothing came.
    pub wape: Option<f64>,
    /// `Σ(mean − actual) / Σ actual`; none where nothing came.
    pub bias: Option<f64>,
    /// Share of the points between p10 and p90; none where no forecast stated them.
    pub coverage: Option<f64>,
    /// Mean pinball loss of p10, p50 and p90 of the points that state them, as a share of their mean actual; none where nothing came
    /// or none does.
    pub pinball: Option<f64>,
}

impl Score {
    /// Scores points.
    #[must_use]
    pub fn of(points: &[Point]) -> Self {
        let sum = |value: &dyn Fn(&Point) -> f64| points.iter().map(value).sum::<f64>();
        let size = sum(&|p| p.actual.abs());
        let total = sum(&|p| p.actual);
        let stated: Vec<&Point> = points.iter().filter(|p| p.has_interval).collect();
        let held = stated.iter().filter(|p| p.band.p10 <= p.actual && p.actual <= p.band.p90).count();
        let share = |amount: f64, of: f64| (of.abs() > 1e-9).then(|| amount / of);
        Self {
            forecasts: points.len(),
            wape: share(sum(&|p| (p.actual - p.band.mean).abs()), size),
            bias: share(sum(&|p| p.band.mean - p.actual), total),
            coverage: (!stated.is_empty()).then(|| held as f64 / stated.len() as f64),
            pinball: share(stated.iter().map(|p| p.pinball()).sum(), stated.iter().map(|p| p.actual.abs()).sum()),
        }
    }
}

impl Point {
    /// Mean over p10, p50 and p90 of `max(q (a − f), (q − 1)(a − f))` (Koenker and Bassett 1978).
    fn pinball(&self) -> f64 {
        let Band { p10, p50, p90, .. } = self.band;
        let loss = |share: f64, forecast: f64| {
            let miss = self.actual - forecast;
            (share * miss).max((share - 1.0) * miss)
        };
        (loss(0.1, p10) + loss(0.5, p50) + loss(0.9, p90)) / 3.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(actual: f64, mean: f64, p10: f64, p90: f64) -> Point {
        Point { actual, band: Band { mean, p10, p50: mean, p90, ..Band::default() }, has_interval: true }
    }

    #[test]
    fn the_made_example_of_wape_and_bias() {
        // Actual 100, 80, 0, 120; forecast 90, 100, 10, 110: 50 of 300 missed, 10 too much.
        let points = [(100.0, 90.0), (80.0, 100.0), (0.0, 10.0), (120.0, 110.0)].map(|(a, f)| point(a, f, f, f));
        let score = Score::of(&points);
        assert!((score.wape.expect("cash came") - 50.0 / 300.0).abs() < 1e-12);
        assert!((score.bias.expect("cash came") - 10.0 / 300.0).abs() < 1e-12);
        assert_eq!(score.forecasts, 4);
    }

    #[test]
    fn coverage_counts_what_lies_between_and_only_stated_intervals() {
        let mut points = vec![point(5.0, 5.0, 4.0, 6.0), point(9.0, 5.0, 4.0, 6.0)];
        assert_eq!(Score::of(&points).coverage, Some(0.5));
        points.iter_mut().for_each(|p| p.has_interval = false);
        assert_eq!(Score::of(&points).coverage, None);
    }

    #[test]
    fn pinball_punishes_the_quantile_on_the_wrong_side() {
        // p10 8, p50 10, p90 12, came 14: (0.1 · 6 + 0.5 · 4 + 0.9 · 2) / 3 = 4.4 / 3.
        let score = Score::of(&[point(14.0, 10.0, 8.0, 12.0)]);
        assert!((score.pinball.expect("cash came") - 4.4 / 3.0 / 14.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_that_came_gives_no_rates() {
        let score = Score::of(&[point(0.0, 3.0, 1.0, 4.0)]);
        assert_eq!((score.wape, score.bias, score.pinball), (None, None, None));
    }
}
