//! Lying bars side by side in groups: several values of each row against one scale.

use super::bars;
use super::data::{Figure, Panel, Value};
use super::frame::{Area, fill};
use super::rows::{self, Lying, Pitches};
use super::scale::short;
use super::svg::Svg;

const THICK: f64 = 13.0;
/// Space between one group and the next.
const BETWEEN: f64 = 10.0;

/// Draws a panel and gives its height.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let pitches = Pitches::new(panel, area.width, figure.series.len() as f64 * THICK + BETWEEN);
    let values = || panel.bars.iter().flat_map(|(_, values)| values.iter().flatten());
    let numbers: Vec<(bool, String)> = values().map(|value| (value.x < 0.0, short(figure.kind, value.x))).collect();
    let rooms = rows::rooms(numbers.iter().map(|(is_left, text)| (*is_left, text.as_str())));
    let range = values().fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value.x), high.max(value.x)));
    let lying = Lying::draw(svg, (figure.kind, range), panel, &pitches, rooms, area);
    for ((label, values), middle) in panel.bars.iter().zip(pitches.middles(area.top)) {
        let first = middle - (values.len() as f64 - 1.0) / 2.0 * THICK;
        let known = |(series, value): (usize, &'_ Option<Value>)| value.clone().map(|value| (series, value));
        for (series, value) in values.iter().enumerate().filter_map(known) {
            let middle = first + series as f64 * THICK;
            let tip = bars::tip(figure, &label.day, series, &value);
            lying.bar(svg, &fill(series, figure.series.len()), (0.0, value.x), (middle, THICK - 1.0), &tip);
            lying.number(svg, (value.x.min(0.0), value.x.max(0.0)), middle, &short(figure.kind, value.x));
        }
    }
    lying.zero(svg);
    pitches.height()
}
