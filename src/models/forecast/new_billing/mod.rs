//! Forecast of the billing that is still to come: one weekly series in, a central path and what is needed to draw whole
//! paths out.
//!
//! The method, in the order of the code:
//! 1. the amounts are put on a scale without unit: logarithms of a wholly positive series, else multiples of its size;
//! 2. the season is taken off by STL (Cleveland et al. 1990), where its strength is at least 0.64 (Wang, Smith & Hyndman
//!    2006; the rule of `nsdiffs` in R, which M4's benchmarks used) and beyond what noise alone would show; a weaker season
//!    is taken off as the yearly and half-yearly wave, as far as the years agree on them;
//! 3. two forecasts of the rest are averaged: exponential smoothing, without trend or with a damped one, by AICc (Hyndman
//!    et al. 2008), and Theta, which is simple smoothing plus half the long-run slope (Hyndman & Billah 2003), damped;
//! 4. with them counts the mean of the last year, as far as past errors say that the level does not move;
//! 5. the season's last cycle is put back.
//!
//! Smoothing and STL are those of the crate `augurs`. Nothing here is random and nothing is tuned to a series.

use augurs::{
    Predict,
    ets::model::{ErrorComponent, Model, ModelType, SeasonalComponent, TrendComponent, Unfit},
    mstl::stlrs,
};

/// A season weaker than this is left in the series (Wang, Smith & Hyndman 2006).
const SEASON_STRENGTH: f64 = 0.64;
/// A season must be stronger by this much for each cycle that is missing to three.
const SHORT_SEASON: f64 = 0.16;
/// Cycles with weight in a seasonal value: half of [`SEASON_CYCLES`], for the last cycle has none after it.
const SEASON_CYCLES_WITHIN: f64 = 4.0;
/// Waves of a gentle season: the yearly one and the half-yearly one.
const WAVES: usize = 2;
/// A wave counts as far as it exceeds this many times the variance of chance: two standard errors, squared.
const DOUBT: f64 = 4.0;
/// Cycles the seasonal smoother of STL looks at: the smallest that Cleveland et al. (1990) advise.
const SEASON_CYCLES: usize = 7;
/// Weeks the smoothing looks back, ten years: what is older does not bear on the level and the slope of today.
const LOOK_BACK: usize = 520;
/// Fewest weeks to smooth; a shorter history is forecast by its mean.
const FEWEST: usize = 12;
/// Weeks of the mean that stands beside smoothing: a year, so that no season moves it.
const YEAR_WEEKS: usize = 52;
/// Power of the errors in that mean's share; on past weeks of the generated books 2 and 4 were alike, and better than none.
const SHARE_POWER: i32 = 2;
/// Damping of Theta's slope by week: the largest that exponential smoothing may choose (Hyndman et al. 2008).
const DAMPING: f64 = 0.98;
/// A positive series with a value below this share of its middle one is not put on the logarithmic scale.
const LOG_FLOOR: f64 = 0.01;
/// Logarithms are moved by this much, so that they stay away from nought, where `augurs` searches in too small steps.
const LOG_SHIFT: f64 = 10.0;
/// No forecast or path goes beyond this many times the largest amount of the history.
const CEILING: f64 = 10.0;
/// Amounts beyond this are taken for unknown, so that no sum or square overflows.
const HUGE: f64 = 1e100;
/// Level of the interval that `augurs` is asked for, only to learn its width by step.
const LEVEL: f64 = 0.8;

/// How amounts are put on the scale of the model and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// `value = ln(amount / unit) + 10`; a shock is a relative change.
    Log {
        /// Middle amount of the history.
        unit: f64,
    },
    /// `value = amount / unit`; a shock is a multiple of the unit.
    Level {
        /// Mean absolute amount of the history.
        unit: f64,
    },
}

/// What is to be expected, by week, and what is needed to draw whole paths of it.
///
/// A path is drawn with [`Outlook::path`]: give it one shock for each week, taken from `residuals`. Series that are drawn
/// together keep their dependence if each week takes the shock of one and the same past week: `residuals` end at the
/// history's last week, so count from the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// Expected amount by week, `horizon` of them, in the history's unit.
    pub mean: Vec<f64>,
    /// Amount by week with no shock, `horizon` of them: the path half of the paths lie below.
    pub middle: Vec<f64>,
    /// Forecast errors of one week, in units of the scale, oldest first, the last one for the history's last week. Their
    /// mean is nought. At most as many as the history has weeks; empty where there is no history.
    pub residuals: Vec<f64>,
    /// What a shock of 1 adds to the same week, the next one and so on, in units of the scale; `horizon` values.
    pub response: Vec<f64>,
    /// The scale of `residuals` and `response`.
    pub scale: Scale,
    /// Length of the season that was taken off, in weeks, be it a strong one or gentle waves.
    pub season: Option<usize>,
    /// Least and greatest amount of any path.
    pub bounds: (f64, f64),
}

impl Outlook {
    /// One path: amounts by week, `horizon` of them, for one shock a week (units of the scale). A missing shock is nought.
    pub fn path(&self, shocks: &[f64]) -> Vec<f64> {
        let error = |week: usize| -> f64 {
            let after = self.response.iter().take(week + 1).rev();
            shocks.iter().zip(after).map(|(shock, after)| shock * after).sum()
        };
        self.middle.iter().enumerate().map(|(week, &amount)| self.moved(amount, error(week))).collect()
    }

    /// Standard deviation of a path by week, in units of the scale; `horizon` values.
    pub fn deviation(&self) -> Vec<f64> {
        let one_week = mean(self.residuals.iter().map(|residual| residual * residual));
        let mut sum = 0.0;
        let add = |after: &f64| {
            sum += after * after;
            (one_week * sum).sqrt()
        };
        self.response.iter().map(add).collect()
    }

    /// Amounts by week at `normal` standard deviations from the middle path, e.g. -1.2816 and 1.2816 for the 80% interval.
    pub fn quantile(&self, normal: f64) -> Vec<f64> {
        self.middle.iter().zip(self.deviation()).map(|(&amount, sd)| self.moved(amount, normal * sd)).collect()
    }

    /// An amount, moved by an error in units of the scale, within the bounds.
    fn moved(&self, amount: f64, error: f64) -> f64 {
        let moved = match self.scale {
            Scale::Log { .. } => amount * error.exp(),
            Scale::Level { unit } => amount + error * unit,
        };
        if moved.is_finite() { moved.clamp(self.bounds.0, self.bounds.1) } else { amount }
    }
}

/// Forecasts `horizon` weeks of billing.
///
/// `history`: amounts by week in one currency, oldest first, none left out; a value that is not finite (or beyond
/// 1e100) is unknown and filled in from its neighbours. `season`: weeks in a year or other cycle to look for, 52 for billing; `None` looks for none, and
/// fewer than two cycles cannot show one. Never fails and never returns a value that is not finite.
pub fn forecast(history: &[f64], horizon: usize, season: Option<usize>) -> Outlook {
    let known = filled(history);
    let scale = scale_of(&known);
    let values: Vec<f64> = known.iter().map(|&amount| scale.value(amount)).collect();
    let found = season.and_then(|period| seasonal_part(&values, period).map(|found| (period, found)));
    let widening = found.as_ref().map_or(1.0, |(_, (_, widening))| *widening);
    let seasonal = found.map(|(period, (part, _))| (period, part));
    let rest = match &seasonal {
        Some((_, part)) => values.iter().zip(part).map(|(value, part)| value - part).collect(),
        None => values,
    };
    let lasting = 1.0 / (rest.len().max(1) as f64).sqrt();
    let mut smoothed = smooth(&rest[rest.len().saturating_sub(LOOK_BACK)..], horizon);
    smoothed.residuals.iter_mut().for_each(|residual| *residual *= widening);
    // The level itself is known only from so many weeks: part of every error lasts, as of a mean of that many.
    smoothed.response.iter_mut().for_each(|after| *after = after.max(lasting));
    let at = |step: usize| seasonal.as_ref().map_or(0.0, |(period, part)| part[part.len() - period + step % period]);
    let bounds = bounds_of(&known);
    let amount = |value: f64, times: f64| {
        let amount = scale.amount(value) * times;
        if amount.is_finite() { amount.clamp(bounds.0, bounds.1) } else { bounds.1 }
    };
    let values: Vec<f64> = smoothed.values.iter().enumerate().map(|(step, value)| value + at(step)).collect();
    let times = scale.mean_of_middle(&smoothed.residuals);
    Outlook {
        mean: values.iter().map(|&value| amount(value, times)).collect(),
        middle: values.iter().map(|&value| amount(value, 1.0)).collect(),
        residuals: smoothed.residuals,
        response: smoothed.response,
        scale,
        season: seasonal.map(|(period, _)| period),
        bounds,
    }
}

impl Scale {
    /// Amount to value of the scale.
    fn value(self, amount: f64) -> f64 {
        match self {
            Scale::Log { unit } => (amount / unit).ln() + LOG_SHIFT,
            Scale::Level { unit } => amount / unit,
        }
    }

    /// Value of the scale to amount.
    fn amount(self, value: f64) -> f64 {
        match self {
            Scale::Log { unit } => (value - LOG_SHIFT).exp() * unit,
            Scale::Level { unit } => value * unit,
        }
    }

    /// Expected amount over the middle one: the mean of what the residuals would make of 1 (Duan 1983, smearing). Only the
    /// week's own error counts, not that of the level, so that a far horizon is not blown up.
    fn mean_of_middle(self, residuals: &[f64]) -> f64 {
        match self {
            Scale::Log { .. } if !residuals.is_empty() => mean(residuals.iter().map(|residual| residual.exp())),
            _ => 1.0,
        }
    }
}

/// What smoothing says of a series without season, all on the scale.
#[derive(Debug)]
struct Smoothed {
    /// Forecast by step.
    values: Vec<f64>,
    /// Errors of one step within the series, oldest first, mean nought.
    residuals: Vec<f64>,
    /// What a shock of 1 adds by step.
    response: Vec<f64>,
}

/// Mean of the values; nought of none.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// Middle one of the values; nought of none.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// The history from its first known amount on, gaps filled on the line between their neighbours, the end by the last one.
fn filled(history: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::with_capacity(history.len());
    let mut gap = 0;
    for &amount in history {
        match (amount.abs() <= HUGE, out.last().copied()) {
            (true, Some(before)) => {
                let step = (amount - before) / (gap + 1) as f64;
                out.extend((1..=gap).map(|i| before + step * i as f64));
                out.push(amount);
                gap = 0;
            }
            (true, None) => out.push(amount),
            (false, Some(_)) => gap += 1,
            (false, None) => {}
        }
    }
    let last = out.last().copied();
    out.extend(last.into_iter().cycle().take(gap));
    out
}

/// Logarithms if every amount is positive and none next to nought, else multiples of the mean absolute amount.
fn scale_of(known: &[f64]) -> Scale {
    let middle = median(known);
    let least = known.iter().copied().fold(f64::INFINITY, f64::min);
    if middle > 0.0 && least > middle * LOG_FLOOR {
        return Scale::Log { unit: middle };
    }
    let size = mean(known.iter().map(|amount| amount.abs()));
    Scale::Level { unit: if size > 0.0 { size } else { 1.0 } }
}

/// Least and greatest amount to forecast: nothing below nought unless the history was, nothing far beyond the history.
fn bounds_of(known: &[f64]) -> (f64, f64) {
    let largest = known.iter().fold(0.0, |largest: f64, amount| largest.max(amount.abs()));
    let ceiling = largest * CEILING;
    let negative = known.iter().any(|&amount| amount < 0.0);
    (if negative { -ceiling } else { 0.0 }, ceiling)
}

/// The seasonal part of each week and how much wider than the residuals it makes the errors: by STL if the season is strong,
/// else the waves that come back year after year, if any; `None` with fewer than two cycles.
fn seasonal_part(values: &[f64], period: usize) -> Option<(Vec<f64>, f64)> {
    if period < 2 || values.len() / 2 < period {
        return None;
    }
    let parts = stlrs::params().seasonal_length(SEASON_CYCLES).fit(values, period).ok()?;
    if parts.seasonal_strength() >= least_strength(values.len(), period) {
        let finite = parts.seasonal().iter().all(|part| part.is_finite());
        return finite.then(|| (parts.seasonal().to_vec(), widening(values.len(), period)));
    }
    let level: Vec<f64> = values.iter().zip(parts.trend()).map(|(value, trend)| value - trend).collect();
    waves(&level, period).map(|part| (part, 1.0))
}

/// A gentle season under much noise: the yearly and the half-yearly wave of a series without trend, each as far as the whole
/// cycles agree on it. With F, the size of the mean wave over its scatter between cycles, 1 - 4/F of it is kept, so that a
/// wave of less than two standard errors counts for nothing (shrinking as of James & Stein 1961). `None` if none is kept.
fn waves(level: &[f64], period: usize) -> Option<Vec<f64>> {
    let cycles = level.len() / period;
    let whole = &level[level.len() - cycles * period..];
    let mut kept: Vec<(f64, f64, f64)> = Vec::new();
    for turns in (1..=WAVES).filter(|turns| period > 2 * turns) {
        let speed = std::f64::consts::TAU * turns as f64 / period as f64;
        let wave = |cycle: &[f64]| {
            let (cos, sin) = cycle.iter().enumerate().fold((0.0, 0.0), |(cos, sin), (week, value)| {
                let angle = speed * week as f64;
                (cos + value * angle.cos(), sin + value * angle.sin())
            });
            (2.0 * cos / period as f64, 2.0 * sin / period as f64)
        };
        let found: Vec<(f64, f64)> = whole.chunks_exact(period).map(wave).collect();
        let (cos, sin) = (mean(found.iter().map(|wave| wave.0)), mean(found.iter().map(|wave| wave.1)));
        let apart = found.iter().map(|wave| (wave.0 - cos).powi(2) + (wave.1 - sin).powi(2)).sum::<f64>();
        let (size, scatter) = (cycles as f64 * (cos * cos + sin * sin), apart / (cycles as f64 - 1.0));
        if size > DOUBT * scatter {
            let share = 1.0 - DOUBT * scatter / size;
            kept.push((speed, share * cos, share * sin));
        }
    }
    let start = level.len() % period;
    let at = |week: usize| {
        let angle = (week + period - start) as f64;
        kept.iter().map(|(speed, cos, sin)| cos * (speed * angle).cos() + sin * (speed * angle).sin()).sum()
    };
    let part: Vec<f64> = (0..level.len()).map(at).collect();
    (!kept.is_empty() && part.iter().all(|value| value.is_finite())).then_some(part)
}

/// The least strength that shows a season of `period` weeks in a history of `weeks`. Where there are fewer than three cycles,
/// noise looks like a season: 5% of random walks without one have a strength of 0.81 with two cycles, of 0.65 with three.
fn least_strength(weeks: usize, period: usize) -> f64 {
    let cycles = weeks as f64 / period as f64;
    SEASON_STRENGTH + SHORT_SEASON * (3.0 - cycles).max(0.0)
}

/// How many times wider than the residuals errors are when the season was fitted to them: a week takes part in its own
/// seasonal value, with a share of one over the cycles that STL looks at, which lessens its residual's variance by that share,
/// and the season is wrong by that share of the variance in the week that comes.
fn widening(weeks: usize, period: usize) -> f64 {
    let share = 1.0 / (weeks as f64 / period as f64).clamp(2.0, SEASON_CYCLES_WITHIN);
    ((1.0 + share) / (1.0 - share)).sqrt()
}

/// Forecasts a series without season: the mean of exponential smoothing and Theta; of a short or constant one its mean.
fn smooth(values: &[f64], horizon: usize) -> Smoothed {
    let centre = mean(values.iter().copied());
    let spread = values.iter().fold(0.0, |spread: f64, value| spread.max((value - centre).abs()));
    if values.len() < FEWEST || spread <= 1e-9 * centre.abs() {
        return flat(values, horizon);
    }
    let smoothing = |trend| fitted(trend, values).and_then(|model| smoothed(&model, values, horizon));
    let Some((simple, criterion)) = smoothing(TrendComponent::None) else { return flat(values, horizon) };
    let trend = smoothing(TrendComponent::Additive).filter(|trend| trend.1 < criterion);
    let best = trend.as_ref().map_or(&simple, |trend| &trend.0);
    let theta = drifted(&simple.values, slope(values) / 2.0);
    let smoothed = Smoothed {
        values: between(&best.values, &theta, 0.5),
        residuals: between(&best.residuals, &simple.residuals, 0.5),
        response: between(&best.response, &simple.response, 0.5),
    };
    let level = of_last_year(values, horizon);
    let share = level_share(values, &level.residuals, &smoothed.residuals, horizon);
    Smoothed {
        values: between(&smoothed.values, &level.values, share),
        residuals: centred(&between(&smoothed.residuals, &level.residuals, share)),
        response: between(&smoothed.response, &level.response, share),
    }
}

/// The first values with a share of the second ones.
fn between(first: &[f64], second: &[f64], share: f64) -> Vec<f64> {
    first.iter().zip(second).map(|(a, b)| a + share * (b - a)).collect()
}

/// The mean of the last year at every step; the residuals are those of each week against the mean of the year before it.
fn of_last_year(values: &[f64], horizon: usize) -> Smoothed {
    let before = |week: usize| mean(values[week.saturating_sub(YEAR_WEEKS)..week].iter().copied());
    let residual = |(week, value): (usize, &f64)| value - before(week.max(1));
    let lasting = 1.0 / values.len().clamp(1, YEAR_WEEKS) as f64;
    Smoothed {
        values: vec![before(values.len()); horizon],
        residuals: values.iter().enumerate().map(residual).collect(),
        response: (0..horizon).map(|step| if step == 0 { 1.0 } else { lasting }).collect(),
    }
}

/// How much the mean of a year counts beside smoothing: by the inverse of their mean squared errors over all the weeks to
/// forecast, from every past week on, to a power (Stock & Watson 1999). Smoothing follows the noise of a level that does
/// not move, and the mean lags behind one that does; the errors tell which it is.
fn level_share(values: &[f64], level: &[f64], smoothed: &[f64], horizon: usize) -> f64 {
    let missed = |residuals: &[f64]| {
        let from = |week: usize| {
            let expected = values[week] - residuals[week];
            values[week..].iter().take(horizon).map(|value| (value - expected).powi(2)).sum::<f64>()
        };
        (FEWEST..values.len()).map(from).sum::<f64>()
    };
    let (level, smoothed) = (missed(level), missed(smoothed));
    if smoothed > 0.0 { 1.0 / (1.0 + (level / smoothed).powi(SHARE_POWER)) } else { 0.0 }
}

/// The mean of the values at every step; their distances from it are the residuals, and no shock lasts.
fn flat(values: &[f64], horizon: usize) -> Smoothed {
    let centre = mean(values.iter().copied());
    let response = (0..horizon).map(|step| if step == 0 { 1.0 } else { 0.0 }).collect();
    Smoothed { values: vec![centre; horizon], residuals: centred(values), response }
}

/// The values less their mean.
fn centred(values: &[f64]) -> Vec<f64> {
    let centre = mean(values.iter().copied());
    values.iter().map(|value| value - centre).collect()
}

/// Exponential smoothing with additive errors; a trend is damped.
fn fitted(trend: TrendComponent, values: &[f64]) -> Option<Model> {
    let kind = ModelType { error: ErrorComponent::Additive, trend, season: SeasonalComponent::None };
    Unfit::new(kind).damped(trend == TrendComponent::Additive).fit(values).ok()
}

/// Forecast, residuals and response of a fitted model, and its AICc; `None` if any is not finite.
fn smoothed(model: &Model, values: &[f64], horizon: usize) -> Option<(Smoothed, f64)> {
    let steps = horizon.max(1);
    let ahead = model.predict(steps, LEVEL).ok()?;
    let within = model.predict_in_sample(None).ok()?;
    let bands = ahead.intervals?;
    let variances =
        bands.upper.iter().zip(&bands.lower).map(|(upper, lower)| (upper - lower).powi(2)).collect::<Vec<_>>();
    let mut ahead = ahead.point;
    ahead.truncate(horizon);
    let out = Smoothed {
        values: ahead,
        residuals: values.iter().zip(&within.point).map(|(value, fit)| value - fit).collect(),
        response: response(&variances, horizon),
    };
    let all_finite = [&out.values, &out.residuals, &out.response].iter().all(|list| list.iter().all(|v| v.is_finite()));
    (all_finite && model.aicc().is_finite()).then(|| (out, model.aicc()))
}

/// What a shock adds by step, from the forecast variance by step: each step's variance exceeds the last by its square
/// (Hyndman et al. 2008, chapter 6). `augurs` keeps the smoothing parameters to itself but tells the widths.
fn response(variances: &[f64], horizon: usize) -> Vec<f64> {
    let Some(&one) = variances.first().filter(|&&one| one > 0.0) else {
        return (0..horizon).map(|step| if step == 0 { 1.0 } else { 0.0 }).collect();
    };
    let growth = variances.windows(2).map(|pair| ((pair[1] - pair[0]) / one).max(0.0).sqrt());
    std::iter::once(1.0).chain(growth).take(horizon).collect()
}

/// Least-squares slope of the values by step.
fn slope(values: &[f64]) -> f64 {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let centre = mean(values.iter().copied());
    let (over, under) = values.iter().enumerate().fold((0.0, 0.0), |(over, under), (i, value)| {
        let x = i as f64 - middle;
        (over + x * (value - centre), under + x * x)
    });
    if under > 0.0 { over / under } else { 0.0 }
}

/// The values with a slope added that is damped step by step.
fn drifted(values: &[f64], slope: f64) -> Vec<f64> {
    let mut added = 0.0;
    let mut step = slope;
    let add = |value: &f64| {
        step *= DAMPING;
        added += step;
        value + added
    };
    values.iter().map(add).collect()
}

#[cfg(test)]
mod tests;
