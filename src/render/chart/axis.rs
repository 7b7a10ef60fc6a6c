//! What bars and lines share: the rungs behind them and the days below them.

use super::day::Label;
use super::measure;
use super::scale::Scale;
use super::svg::{Anchor, Svg};

/// Size of the text on axes and beside marks, in pixels.
pub(super) const TEXT: f64 = 12.0;
/// Height of a line of such text.
pub(super) const LINE: f64 = 15.0;

/// The room that the widest of `labels` needs at the side of a plot.
pub(super) fn gutter(labels: &[String]) -> f64 {
    labels.iter().map(|label| measure::width(label, TEXT)).fold(0.0, f64::max) + 8.0
}

/// A horizontal line from `left` to `right` at each tick, with its label before it; the one at zero is stronger.
pub(super) fn rungs(svg: &mut Svg, scale: &Scale, labels: &[String], (left, right): (f64, f64)) {
    for (tick, label) in scale.ticks.iter().zip(labels) {
        let y = scale.at(*tick);
        svg.line(if *tick == 0.0 { "dc-zero" } else { "dc-grid" }, [left, y, right, y]);
        svg.text("dc-muted", (left - 8.0, y + 4.0), Anchor::End, label);
    }
}

/// Labels centred below their places, as many as stand clear of each other counted back from the last; the year appears below
/// the first that is shown of it.
pub(super) fn days(svg: &mut Svg, places: &[(f64, Label)], top: f64, (left, right): (f64, f64)) {
    let mut shown: Vec<(f64, &Label, &str)> = Vec::new();
    let mut edge = f64::INFINITY;
    let mut years = Vec::with_capacity(places.len());
    for (_, label) in places {
        let before = years.last().copied().unwrap_or("");
        years.push(label.year.as_deref().unwrap_or(before));
    }
    for ((x, label), year) in places.iter().zip(years).rev() {
        let half = measure::width(&label.day, TEXT).max(measure::width(year, TEXT)) / 2.0;
        let x = x.min(right - half).max(left + half);
        if x + half + 6.0 <= edge {
            edge = x - half;
            shown.push((x, label, year));
        }
    }
    let mut last_year = "";
    for (x, label, year) in shown.into_iter().rev() {
        svg.text("dc-muted", (x, top + LINE), Anchor::Middle, &label.day);
        if year != last_year {
            svg.text("dc-muted", (x, top + 2.0 * LINE), Anchor::Middle, year);
            last_year = year;
        }
    }
}
