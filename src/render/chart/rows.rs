//! Bars that lie, for names too long or too many to stand side by side.

use super::axis::{LINE, TEXT};
use super::bars;
use super::data::{Figure, Panel};
use super::day::Label;
use super::frame::{Area, fill};
use super::measure;
use super::scale::Scale;
use super::svg::{Anchor, Svg};

const THICK: f64 = 15.0;
/// Share of the width that names may take.
const NAMES_MOST: f64 = 0.36;
/// Room for the ticks' labels.
const ABOVE: f64 = 20.0;

/// Height of a panel of this width.
pub(super) fn height(panel: &Panel, width: f64) -> f64 {
    let names = names_width(panel, width);
    ABOVE + panel.bars.iter().map(|(label, _)| pitch(label, names)).sum::<f64>() + 6.0
}

/// Draws a panel.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) {
    let names = names_width(panel, area.width);
    let number = |values| measure::width(&bars::net_text(figure, values), TEXT) + 8.0;
    let room = |is_left: bool| {
        let numbers = panel.bars.iter().filter(|(_, values)| bars::is_below_only(values) == is_left);
        numbers.map(|(_, values)| number(values)).fold(4.0, f64::max)
    };
    let left = area.left + names + 10.0;
    let right = area.left + area.width;
    let plot = (left + room(true), right - room(false));
    let wanted = ((plot.1 - plot.0) / 90.0).floor().clamp(2.0, 6.0) as usize;
    let scale = Scale::new(figure.kind, bars::range(panel), wanted, plot);
    let top = area.top + ABOVE;
    let bottom = area.top + height(panel, area.width) - 6.0;
    for (tick, label) in scale.ticks.iter().zip(scale.labels(figure.kind)) {
        svg.line("dc-grid", [scale.at(*tick), top - 4.0, scale.at(*tick), bottom]);
        svg.text("dc-muted", (scale.at(*tick), top - 9.0), Anchor::Middle, &label);
    }
    let mut y = top;
    for (label, values) in &panel.bars {
        let pitch = pitch(label, names);
        let middle = y + pitch / 2.0;
        y += pitch;
        let lines = measure::wrap(&label.day, TEXT, names, 2);
        for (line, text) in lines.iter().enumerate() {
            let y = middle + 4.0 + (line as f64 - (lines.len() as f64 - 1.0) / 2.0) * (LINE - 1.0);
            svg.text("", (left - 10.0, y), Anchor::End, text);
        }
        for layer in bars::layers(values) {
            let (from, to) = (scale.at(layer.from.min(layer.to)), scale.at(layer.from.max(layer.to)));
            let tip = bars::tip(figure, &label.day, layer.series, layer.value);
            let class = fill(layer.series, figure.series.len());
            svg.rect(&class, [from, middle - THICK / 2.0, to - from, THICK], Some(&tip));
        }
        if values.iter().any(Option::is_some) {
            let (below, above) = bars::ends(values);
            let is_left = bars::is_below_only(values);
            let x = if is_left { scale.at(below) - 6.0 } else { scale.at(above) + 6.0 };
            let anchor = if is_left { Anchor::End } else { Anchor::Start };
            svg.text("dc-number", (x, middle + 4.0), anchor, &bars::net_text(figure, values));
        }
    }
    svg.line("dc-zero", [scale.at(0.0), top - 4.0, scale.at(0.0), bottom]);
}

fn pitch(label: &Label, names: f64) -> f64 {
    if measure::width(&label.day, TEXT) > names { 34.0 } else { 23.0 }
}

fn names_width(panel: &Panel, width: f64) -> f64 {
    let widest = panel.bars.iter().map(|(label, _)| measure::width(&label.day, TEXT)).fold(0.0, f64::max);
    widest.min(width * NAMES_MOST)
}
