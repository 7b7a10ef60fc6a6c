//! How one amount becomes another: bars that start where the one before ends, between totals that stand on zero.

use super::axis::{self, LINE, TEXT};
use super::data::{Figure, Panel, Value};
use super::frame::Area;
use super::measure;
use super::rows::{self, Lying, Pitches};
use super::scale::{Scale, short};
use super::svg::{Anchor, Svg};

const PLOT: f64 = 240.0;
/// Room for a number above the highest bar.
const ABOVE: f64 = 20.0;
const WIDEST: f64 = 72.0;
const THICK: f64 = 17.0;

/// A bar, from one level to another.
#[derive(Debug)]
struct Step<'a> {
    name: &'a str,
    value: Option<&'a Value>,
    from: f64,
    to: f64,
    is_total: bool,
}

impl Step<'_> {
    const fn class(&self) -> &'static str {
        match self.is_total {
            true => "dc-total",
            false if self.to >= self.from => "dc-up",
            false => "dc-down",
        }
    }

    /// Its number: a total plain, a change with its sign.
    fn text(&self, figure: &Figure) -> String {
        let Some(value) = self.value else { return String::new() };
        let sign = if !self.is_total && value.x > 0.0 { "+" } else { "" };
        format!("{sign}{}", short(figure.kind, value.x))
    }

    fn tip(&self) -> String {
        format!("{}: {}", self.name, self.value.map_or("", |value| value.text.as_str()))
    }
}

/// The bars of a panel. A change starts where the bar before ended; a total shows its own value, so that a gap before it would
/// tell that the steps do not add up to it.
fn steps(panel: &Panel) -> Vec<Step<'_>> {
    let mut level = 0.0;
    let mut steps = Vec::with_capacity(panel.bars.len());
    for (label, values) in &panel.bars {
        let (change, total) = (values[0].as_ref(), values[1].as_ref());
        let is_total = total.is_some();
        let value = total.or(change);
        let from = if is_total { 0.0 } else { level };
        level = from + value.map_or(0.0, |value| value.x);
        steps.push(Step { name: &label.day, value, from, to: level, is_total });
    }
    steps
}

/// The steps in words.
pub(super) fn in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let known = |step: &Step<'_>| step.value.is_some();
    steps(panel).iter().filter(|step| known(step)).map(|step| format!("{} {}", step.name, step.text(figure))).collect()
}

/// Whether every bar has room for its name below it and its number above it in a panel of this width.
pub(super) fn fits(figure: &Figure, width: f64) -> bool {
    figure.panels.iter().all(|panel| {
        let gutter = axis::gutter(&Scale::new(figure.kind, range(panel), 5, (0.0, 1.0)).labels(figure.kind));
        let band = (width - gutter) / panel.bars.len().max(1) as f64;
        steps(panel).iter().all(|step| {
            measure::wraps_whole(step.name, TEXT, band - 8.0, 3)
                && measure::width(&step.text(figure), TEXT) < band - 4.0
        })
    })
}

fn range(panel: &Panel) -> (f64, f64) {
    let ends = steps(panel).into_iter().flat_map(|step| [step.from, step.to]);
    ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)))
}

/// Draws a panel with upright bars and gives its height.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let floor = area.top + ABOVE + area.plot(PLOT);
    let scale = Scale::new(figure.kind, range(panel), 5, (floor, area.top + ABOVE));
    // Room for the number below a total that hangs from zero.
    let bottom = floor + if range(panel).0 < 0.0 { LINE } else { 0.0 };
    let labels = scale.labels(figure.kind);
    let (left, right) = (area.left + axis::gutter(&labels), area.left + area.width);
    axis::rungs(svg, &scale, &labels, (left, right));
    let steps = steps(panel);
    let band = (right - left) / steps.len() as f64;
    let wide = (band * 0.66).min(WIDEST);
    let middle = |at: usize| left + (at as f64 + 0.5) * band;
    let mut lines_most: usize = 1;
    for (at, step) in steps.iter().enumerate() {
        let (x, top) = (middle(at), scale.at(step.from.max(step.to)));
        let low = scale.at(step.from.min(step.to));
        svg.rect(step.class(), [x - wide / 2.0, top, wide, low - top], Some(&step.tip()));
        let to = middle((at + 1).min(steps.len() - 1)) - wide / 2.0;
        // A step of nothing has no bar: the line goes on in its place.
        let from = if step.from == step.to { x - wide / 2.0 } else { x + wide / 2.0 };
        if from < to {
            svg.line("dc-step", [from, scale.at(step.to), to, scale.at(step.to)]);
        }
        let number = if step.is_total && step.to < 0.0 { low + LINE } else { top - 5.0 };
        svg.text("dc-number", (x, number), Anchor::Middle, &step.text(figure));
        let name = measure::wrap(step.name, TEXT, band - 8.0, 3);
        for (line, text) in name.iter().enumerate() {
            svg.text("", (x, bottom + 6.0 + (line + 1) as f64 * LINE), Anchor::Middle, text);
        }
        lines_most = lines_most.max(name.len());
    }
    svg.line("dc-zero", [left, scale.at(0.0), right, scale.at(0.0)]);
    bottom - area.top + 10.0 + lines_most as f64 * LINE
}

/// Draws a panel with lying bars and gives its height.
pub(super) fn draw_lying(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let pitches = Pitches::new(panel, area.width, THICK + 9.0);
    let steps = steps(panel);
    let texts: Vec<String> = steps.iter().map(|step| step.text(figure)).collect();
    let sides = steps.iter().map(|step| step.from.max(step.to) <= 0.0 && step.from.min(step.to) < 0.0);
    let rooms = rows::rooms(sides.zip(texts.iter().map(String::as_str)));
    let lying = Lying::draw(svg, (figure.kind, range(panel)), panel, &pitches, rooms, area);
    let middles = pitches.middles(area.top);
    for (at, ((step, text), middle)) in steps.iter().zip(&texts).zip(&middles).enumerate() {
        lying.bar(svg, step.class(), (step.from, step.to), (*middle, THICK), &step.tip());
        if let Some(next) = middles.get(at + 1) {
            let x = lying.scale.at(step.to);
            svg.line("dc-step", [x, middle + THICK / 2.0, x, next - THICK / 2.0]);
        }
        lying.number(svg, (step.from.min(step.to), step.from.max(step.to)), *middle, text);
    }
    lying.zero(svg);
    pitches.height()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::chart::data;
    use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

    #[test]
    fn each_change_starts_where_the_bar_before_ends_and_the_closing_stands_on_zero() {
        let columns = vec![
            Column::new("line", Kind::Text),
            Column::new("count", Kind::Count),
            Column::new("is_total", Kind::Flag),
        ];
        let rows = [
            ("Opening", 100, true),
            ("Billed", 60, false),
            ("Received", -180, false),
            ("Closing", -20, true),
            ("Difference", 0, false),
        ]
        .map(|(line, x, is_total)| vec![Cell::Text(line), Cell::Count(x), Cell::Flag(is_total)]);
        let sheet = Sheet::from_rows("s", "S", columns, &rows).expect("a sheet");
        let chart = Chart::Waterfall { step: "line".into(), value: "count".into(), total: "is_total".into() };
        let figure = data::figure(&sheet, &chart).expect("a figure").with_days_as_bars(false);
        let bars: Vec<_> = steps(&figure.panels[0]).iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(bars, [(0.0, 100.0), (100.0, 160.0), (160.0, -20.0), (0.0, -20.0)]);
        assert_eq!(in_words(&figure, &figure.panels[0]), ["Opening 100", "Billed +60", "Received −180", "Closing −20"]);
    }
}
