//! Upright bars, layered from zero up and from zero down.

use super::axis::{self, LINE, TEXT};
use super::data::{Figure, Panel, Value};
use super::frame::{Area, fill};
use super::measure;
use super::scale::{Scale, short};
use super::svg::{Anchor, Svg};

const PLOT: f64 = 220.0;
/// Room for a number above the highest bar.
const ABOVE: f64 = 20.0;
const WIDEST: f64 = 64.0;

/// Height of a panel.
pub(super) fn height(panel: &Panel, area: Area) -> f64 {
    ABOVE
        + area.plot(PLOT)
        + 8.0
        + 2.0 * LINE
        + if panel.bars.iter().any(|(_, values)| is_below_only(values)) { LINE } else { 0.0 }
}

/// Whether every bar's name has its place below the bar in a panel of this width. Days always have: some are left out.
pub(super) fn fits(figure: &Figure, width: f64) -> bool {
    figure.panels.iter().all(|panel| {
        let band = (width - gutter(figure, panel)) / panel.bars.len().max(1) as f64;
        let mut labels = panel.bars.iter().map(|(label, _)| label);
        are_days(panel) || labels.all(|label| measure::wraps_whole(&label.day, TEXT, band - 8.0, 2))
    })
}

/// Whether every bar's number has its place above the bar in a panel of this width.
pub(super) fn has_numbers(figure: &Figure, panel: &Panel, width: f64) -> bool {
    let band = (width - gutter(figure, panel)) / panel.bars.len() as f64;
    panel.bars.iter().all(|(_, values)| measure::width(&net_text(figure, values), TEXT) < band - 2.0)
}

/// Draws a panel.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) {
    let bottom = area.top + ABOVE + area.plot(PLOT);
    let scale = Scale::new(figure.kind, range(panel), 5, (bottom, area.top + ABOVE));
    let labels = scale.labels(figure.kind);
    let left = area.left + axis::gutter(&labels);
    let right = area.left + area.width;
    axis::rungs(svg, &scale, &labels, (left, right));

    let band = (right - left) / panel.bars.len() as f64;
    let wide = (band * 0.72).min(WIDEST);
    let has_numbers = has_numbers(figure, panel, area.width);
    let mut places = Vec::new();
    for (at, (label, values)) in panel.bars.iter().enumerate() {
        let x = left + (at as f64 + 0.5) * band;
        for layer in layers(values) {
            let (top, low) = (scale.at(layer.to.max(layer.from)), scale.at(layer.to.min(layer.from)));
            let tip = tip(figure, &label.day, layer.series, layer.value);
            svg.rect(&fill(layer.series, figure.series.len()), [x - wide / 2.0, top, wide, low - top], Some(&tip));
        }
        if has_numbers && values.iter().any(Option::is_some) {
            let (below, above) = ends(values);
            let y = if is_below_only(values) { scale.at(below) + LINE } else { scale.at(above) - 5.0 };
            svg.text("dc-number", (x, y), Anchor::Middle, &net_text(figure, values));
        }
        places.push((x, label.clone()));
    }
    svg.line("dc-zero", [left, scale.at(0.0), right, scale.at(0.0)]);
    let below = area.top + height(panel, area) - 2.0 * LINE - 6.0;
    if are_days(panel) {
        axis::days(svg, &places, below, (left, right));
    } else {
        for (x, label) in places {
            for (at, line) in measure::wrap(&label.day, TEXT, band - 8.0, 2).iter().enumerate() {
                svg.text("", (x, below + (at + 1) as f64 * LINE), Anchor::Middle, line);
            }
        }
    }
}

/// A layer of a bar, from one value to another.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    pub(super) series: usize,
    pub(super) value: &'a Value,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// The layers of a bar: what is positive stands on what is positive, what is negative hangs from what is negative.
pub(super) fn layers(values: &[Option<Value>]) -> Vec<Layer<'_>> {
    let (mut below, mut above) = (0.0, 0.0);
    let mut layers = Vec::new();
    for (series, value) in values.iter().enumerate() {
        let Some(value) = value.as_ref().filter(|value| value.x != 0.0) else { continue };
        let end = if value.x < 0.0 { &mut below } else { &mut above };
        let from = *end;
        *end += value.x;
        layers.push(Layer { series, value, from, to: *end });
    }
    layers
}

/// How far a bar reaches down from zero and up from it.
pub(super) fn ends(values: &[Option<Value>]) -> (f64, f64) {
    layers(values).iter().fold((0.0, 0.0), |(low, high): (f64, f64), layer| (low.min(layer.to), high.max(layer.to)))
}

/// How far the bars of a panel reach.
pub(super) fn range(panel: &Panel) -> (f64, f64) {
    let ends = panel.bars.iter().map(|(_, values)| ends(values));
    ends.fold((0.0, 0.0), |(low, high): (f64, f64), (below, above)| (low.min(below), high.max(above)))
}

/// The sum of a bar, which is its net where it reaches both ways.
pub(super) fn net_text(figure: &Figure, values: &[Option<Value>]) -> String {
    short(figure.kind, values.iter().flatten().map(|value| value.x).sum())
}

/// Whether a bar reaches both ways from zero, so that its sum is not its length.
pub(super) fn is_two_way(values: &[Option<Value>]) -> bool {
    let (below, above) = ends(values);
    below < 0.0 && above > 0.0
}

/// What a pointer resting on a layer shows: the exact value.
pub(super) fn tip(figure: &Figure, bar: &str, series: usize, value: &Value) -> String {
    match figure.series[series].as_str() {
        "" => format!("{bar}: {}", value.text),
        name if figure.series.len() == 1 && name == bar => format!("{bar}: {}", value.text),
        name => format!("{bar}, {name}: {}", value.text),
    }
}

/// Whether a bar only hangs from zero, so that its number belongs below it.
pub(super) fn is_below_only(values: &[Option<Value>]) -> bool {
    let (below, above) = ends(values);
    below < 0.0 && above == 0.0
}

fn are_days(panel: &Panel) -> bool {
    panel.bars.iter().any(|(label, _)| label.year.is_some())
}

fn gutter(figure: &Figure, panel: &Panel) -> f64 {
    axis::gutter(&Scale::new(figure.kind, range(panel), 5, (0.0, 1.0)).labels(figure.kind))
}
