//! Stages below each other, each with how much of the first reached it; apart from them what is no stage.

use super::bars;
use super::data::{Figure, Panel, Value};
use super::frame::Area;
use super::rows::{self, Lying, Pitches};
use super::scale::short;
use super::svg::Svg;
use crate::sheet::Kind;

const THICK: f64 = 22.0;
/// Space above a bar that is no stage after the one above it.
const APART: f64 = 16.0;

/// What stands at a stage, whether it follows the one above it or stands apart.
fn value(values: &[Option<Value>]) -> Option<&Value> {
    values.iter().flatten().next()
}

/// A stage's number and its share of the first: `42 (35.0%)`.
pub(super) fn text(figure: &Figure, panel: &Panel, stage: usize) -> Option<String> {
    let size = |at: usize| panel.bars.get(at).and_then(|(_, values)| value(values)).map(|value| value.x);
    let (own, first) = (size(stage)?, size(0).unwrap_or_default());
    let share = if stage > 0 && first > 0.0 { format!(" ({})", short(Kind::Rate, own / first)) } else { String::new() };
    Some(format!("{}{share}", short(figure.kind, own)))
}

/// Draws a panel and gives its height.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let mut pitches = Pitches::new(panel, area.width, THICK + 10.0);
    let is_apart = |values: &[Option<Value>]| values[1].is_some();
    for (pitch, (_, values)) in pitches.each.iter_mut().zip(&panel.bars) {
        *pitch += if is_apart(values) { APART } else { 0.0 };
    }
    let texts: Vec<String> =
        (0..panel.bars.len()).map(|stage| text(figure, panel, stage).unwrap_or_default()).collect();
    let sides = panel.bars.iter().map(|(_, values)| bars::is_below_only(values));
    let rooms = rows::rooms(sides.zip(texts.iter().map(String::as_str)));
    let lying = Lying::draw(svg, (figure.kind, bars::range(panel)), panel, &pitches, rooms, area);
    for (((label, values), text), middle) in panel.bars.iter().zip(&texts).zip(pitches.middles(area.top)) {
        let Some(value) = value(values) else { continue };
        let tip = format!("{}: {}", label.day, value.text);
        let class = if is_apart(values) { "dc-f0" } else { "dc-one" };
        lying.bar(svg, class, (0.0, value.x), (middle, THICK), &tip);
        lying.number(svg, bars::ends(values), middle, text);
    }
    lying.zero(svg);
    pitches.height()
}
