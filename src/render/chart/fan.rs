//! Lines over days with bands around them: what came, and what is expected within what range.

use chrono::NaiveDate;

use super::axis::TEXT;
use super::data::{self, Figure, Panel, Value, Values};
use super::lines::COLOURED;
use super::measure;
use super::scale::short;
use super::svg::{Anchor, Svg};
use crate::error::Error;
use crate::sheet::{Chart, Sheet};

/// The same figure with the bands of a fan; other charts have none.
pub(super) fn banded(mut figure: Figure, sheet: &Sheet, chart: &Chart) -> Result<Figure, Error> {
    let Chart::Fan { day, lower, upper, series, today, .. } = chart else { return Ok(figure) };
    figure.today = Some(*today);
    let of = |value: &String| {
        let ends = Chart::Lines { day: day.clone(), series: series.clone(), value: value.clone() };
        data::figure(sheet, &ends)
    };
    let (lower, upper) = (of(lower)?, of(upper)?);
    for (panel, (lower, upper)) in figure.panels.iter_mut().zip(lower.panels.into_iter().zip(upper.panels)) {
        let ends = lower.days.into_iter().zip(upper.days);
        panel.bands = ends.map(|((_, lower), (_, upper))| [lower, upper]).collect();
    }
    Ok(figure)
}

impl Figure {
    /// The ends of the bands as lines of their own, for charts that have no bands.
    pub(in crate::render) fn with_bands_as_lines(mut self) -> Self {
        let count = self.series.len();
        let has_band = |series: &usize| {
            let bands = self.panels.iter().flat_map(|panel| &panel.bands);
            bands.into_iter().any(|[lower, upper]| lower[*series].is_some() && upper[*series].is_some())
        };
        let banded: Vec<usize> = (0..count).filter(has_band).collect();
        for series in &banded {
            let name = self.series[*series].clone();
            self.series.extend(["lower", "upper"].map(|end| format!("{name}, {end}")));
        }
        for panel in &mut self.panels {
            for ((_, values), ends) in panel.days.iter_mut().zip(std::mem::take(&mut panel.bands)) {
                values.extend(banded.iter().flat_map(|series| ends.each_ref().map(|end| end[*series].clone())));
            }
        }
        self
    }
}

/// Both ends of every band of a panel, as numbers.
pub(super) fn ends(panel: &Panel) -> impl Iterator<Item = f64> {
    panel.bands.iter().flatten().flatten().flatten().map(|value| value.x)
}

/// The band around the last value of a line in words: `1.1 M to 1.3 M`.
pub(super) fn at_the_end(figure: &Figure, panel: &Panel, series: usize) -> Option<String> {
    let last = panel.days.iter().rposition(|(_, values)| values[series].is_some())?;
    let (lower, upper) = band(panel.bands.get(last)?, series)?;
    (lower.text != upper.text).then(|| format!("{} to {}", short(figure.kind, lower.x), short(figure.kind, upper.x)))
}

/// Draws the bands; a day without one breaks a band, as it breaks a line.
pub(super) fn draw(svg: &mut Svg, panel: &Panel, place: &dyn Fn(NaiveDate, f64) -> (f64, f64)) {
    let series = panel.bands.first().map_or(0, |[lower, _]| lower.len());
    for series in 0..series.min(COLOURED) {
        let known: Vec<Option<[(f64, f64); 2]>> = panel
            .days
            .iter()
            .zip(&panel.bands)
            .map(|((day, _), ends)| band(ends, series).map(|(a, b)| [place(*day, a.x), place(*day, b.x)]))
            .collect();
        for run in known.split(Option::is_none).filter(|run| run.len() > 1) {
            let upper = run.iter().flatten().map(|[_, upper]| *upper);
            let lower = run.iter().flatten().rev().map(|[lower, _]| *lower);
            svg.polygon(&format!("dc-b{series}"), &upper.chain(lower).collect::<Vec<_>>());
        }
    }
}

/// Marks the day that parts what came from what is expected; its name stands on the side with more room, above, or below where
/// one of the lines would go through it.
pub(super) fn draw_today(
    svg: &mut Svg,
    today: NaiveDate,
    x: f64,
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
    lines: &[Vec<(f64, f64)>],
) {
    svg.line("dc-step", [x, top - 4.0, x, bottom]);
    let name = format!("as of {today}");
    let width = measure::width(&name, TEXT);
    let (anchor, at, from) =
        if x - left > right - x { (Anchor::End, x - 5.0, x - 5.0 - width) } else { (Anchor::Start, x + 5.0, x + 5.0) };
    let is_free = |y: &f64| {
        let is_there =
            |(px, py): (f64, f64)| (from..from + width).contains(&px) && (py - (y - TEXT / 3.0)).abs() < TEXT * 0.7;
        !lines.iter().flat_map(|line| line.windows(2)).any(|pair| between(pair[0], pair[1]).any(is_there))
    };
    let places = [top + 6.0, bottom - 6.0];
    svg.text("dc-muted dc-halo", (at, places.into_iter().find(is_free).unwrap_or(places[0])), anchor, &name);
}

/// Points along a stretch of a line, as close together as letters.
fn between(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let steps = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / 6.0).ceil().max(1.0);
    (0..=steps as u32).map(move |step| {
        let share = f64::from(step) / steps;
        (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
    })
}

fn band([lower, upper]: &[Values; 2], series: usize) -> Option<(&Value, &Value)> {
    lower[series].as_ref().zip(upper[series].as_ref())
}
