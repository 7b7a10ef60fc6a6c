//! Bars that lie, for names too long or too many to stand side by side.

use super::axis::{LINE, TEXT};
use super::bars;
use super::data::{Figure, Panel};
use super::frame::{Area, fill};
use super::measure;
use super::scale::Scale;
use super::svg::{Anchor, Svg};
use crate::sheet::Kind;

const THICK: f64 = 15.0;
/// Least distance from one bar to the next, and the same where a name needs two lines.
const PITCH: f64 = 23.0;
const TWO_LINES: f64 = 34.0;
/// Share of the width that names may take.
const NAMES_MOST: f64 = 0.36;
/// Room for the ticks' labels.
const ABOVE: f64 = 20.0;

/// The frame of lying bars: names at the left, ticks above, the zero line.
#[derive(Debug)]
pub(super) struct Lying {
    pub(super) scale: Scale,
    top: f64,
    bottom: f64,
}

/// The rows of lying bars: how much room their names take and how far they stand apart.
#[derive(Debug)]
pub(super) struct Pitches {
    names: f64,
    /// Height of each row.
    pub(super) each: Vec<f64>,
}

impl Pitches {
    /// For the bars of a panel of this width, each row at least `least` high.
    pub(super) fn new(panel: &Panel, width: f64, least: f64) -> Self {
        let wide = |label: &super::day::Label| measure::width(&label.day, TEXT);
        let widest = panel.bars.iter().map(|(label, _)| wide(label)).fold(0.0, f64::max);
        let names = (widest + 1.0).min(width * NAMES_MOST);
        let pitch = |label| if wide(label) > names { least.max(TWO_LINES) } else { least.max(PITCH) };
        Self { names, each: panel.bars.iter().map(|(label, _)| pitch(label)).collect() }
    }

    /// Height of the panel.
    pub(super) fn height(&self) -> f64 {
        ABOVE + self.each.iter().sum::<f64>() + 6.0
    }

    /// The middle of each row.
    pub(super) fn middles(&self, top: f64) -> Vec<f64> {
        let mut y = top + ABOVE;
        let mut middle = |pitch: &f64| {
            y += pitch;
            y - pitch / 2.0
        };
        self.each.iter().map(&mut middle).collect()
    }
}

impl Lying {
    /// Draws the rungs and the names; `rooms` are what the numbers need before the bars and after them.
    pub(super) fn draw(
        svg: &mut Svg,
        (kind, range): (Kind, (f64, f64)),
        panel: &Panel,
        pitches: &Pitches,
        rooms: (f64, f64),
        area: Area,
    ) -> Self {
        let left = area.left + pitches.names + 10.0;
        let plot = (left + rooms.0, area.left + area.width - rooms.1);
        let wanted = ((plot.1 - plot.0) / 90.0).floor().clamp(2.0, 6.0) as usize;
        let scale = Scale::new(kind, range, wanted, plot);
        let (top, bottom) = (area.top + ABOVE, area.top + pitches.height() - 6.0);
        for (tick, label) in scale.ticks.iter().zip(scale.labels(kind)) {
            svg.line("dc-grid", [scale.at(*tick), top - 4.0, scale.at(*tick), bottom]);
            svg.text("dc-muted", (scale.at(*tick), top - 9.0), Anchor::Middle, &label);
        }
        for ((label, _), middle) in panel.bars.iter().zip(pitches.middles(area.top)) {
            let lines = measure::wrap(&label.day, TEXT, pitches.names, 2);
            svg.name((left - 10.0, middle), Anchor::End, LINE - 1.0, &lines, &label.day);
        }
        Self { scale, top, bottom }
    }

    /// A bar from one value to another around the middle of its row.
    pub(super) fn bar(
        &self,
        svg: &mut Svg,
        class: &str,
        (from, to): (f64, f64),
        (middle, thick): (f64, f64),
        tip: &str,
    ) {
        let (low, high) = (self.scale.at(from.min(to)), self.scale.at(from.max(to)));
        svg.rect(class, [low, middle - thick / 2.0, high - low, thick], Some(tip));
    }

    /// The number of a bar that reaches from `below` to `above`: at its far end.
    pub(super) fn number(&self, svg: &mut Svg, (below, above): (f64, f64), middle: f64, text: &str) {
        let is_left = below < 0.0 && above <= 0.0;
        let x = if is_left { self.scale.at(below) - 6.0 } else { self.scale.at(above) + 6.0 };
        svg.text("dc-number", (x, middle + 4.0), if is_left { Anchor::End } else { Anchor::Start }, text);
    }

    /// The zero line, over the bars.
    pub(super) fn zero(&self, svg: &mut Svg) {
        svg.line("dc-zero", [self.scale.at(0.0), self.top - 4.0, self.scale.at(0.0), self.bottom]);
    }
}

/// Room that numbers need before the bars (of those that only hang from zero) and after them.
pub(super) fn rooms<'a>(numbers: impl Iterator<Item = (bool, &'a str)>) -> (f64, f64) {
    numbers.fold((4.0, 4.0), |(before, after): (f64, f64), (is_left, text)| {
        let room = measure::width(text, TEXT) + 8.0;
        if is_left { (before.max(room), after) } else { (before, after.max(room)) }
    })
}

/// Height of a panel of this width.
pub(super) fn height(panel: &Panel, width: f64) -> f64 {
    Pitches::new(panel, width, PITCH).height()
}

/// Draws a panel.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) {
    let pitches = Pitches::new(panel, area.width, PITCH);
    let numbers: Vec<String> = panel.bars.iter().map(|(_, values)| bars::net_text(figure, values)).collect();
    let sides = panel.bars.iter().map(|(_, values)| bars::is_below_only(values));
    let rooms = rooms(sides.zip(numbers.iter().map(String::as_str)));
    let lying = Lying::draw(svg, (figure.kind, bars::range(panel)), panel, &pitches, rooms, area);
    for (((label, values), number), middle) in panel.bars.iter().zip(&numbers).zip(pitches.middles(area.top)) {
        for layer in bars::layers(values) {
            let tip = bars::tip(figure, &label.day, layer.series, layer.value);
            let class = fill(layer.series, figure.series.len());
            lying.bar(svg, &class, (layer.from, layer.to), (middle, THICK), &tip);
        }
        if values.iter().any(Option::is_some) {
            lying.number(svg, bars::ends(values), middle, number);
        }
    }
    lying.zero(svg);
}
