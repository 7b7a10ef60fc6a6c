//! A matrix of numbers, shaded by size: the number stands in each cell, so that no colour need be read.

use super::axis::{LINE, TEXT};
use super::data::{Figure, Panel};
use super::frame::Area;
use super::measure;
use super::scale::short;
use super::svg::{Anchor, Svg};
use crate::sheet::Kind;

const TALL: f64 = 28.0;
const WIDEST: f64 = 96.0;
/// Shades from the least to the most.
const SHADES: f64 = 6.0;
/// Share of the width that the rows' names may take.
const NAMES_MOST: f64 = 0.3;
/// Lines that a column's name may take.
const LINES_MOST: usize = 3;
/// Height that an upright name may take.
const UPRIGHT_MOST: f64 = 110.0;
/// Columns of a matrix that can be read on a page.
pub(super) const COLUMNS_MOST: usize = 16;

fn names_width(panel: &Panel, width: f64) -> f64 {
    let widest = panel.bars.iter().map(|(label, _)| measure::width(&label.day, TEXT)).fold(0.0, f64::max);
    (widest + 1.0).min(width * NAMES_MOST)
}

/// Whether every number has room in its cell, and every column's name above it, in a panel of this width.
pub(super) fn fits(figure: &Figure, width: f64) -> bool {
    figure.panels.iter().all(|panel| {
        let wide = cell_width(figure, panel, width);
        wide >= widest_number(figure, panel) + 4.0 && heads_fit(figure, wide)
    })
}

fn heads_fit(figure: &Figure, wide: f64) -> bool {
    figure.series.iter().all(|name| measure::wraps_whole(name, TEXT, wide - 4.0, LINES_MOST))
}

fn cell_width(figure: &Figure, panel: &Panel, width: f64) -> f64 {
    ((width - names_width(panel, width) - 10.0) / figure.series.len().max(1) as f64).min(WIDEST)
}

fn widest_number(figure: &Figure, panel: &Panel) -> f64 {
    let values = panel.bars.iter().flat_map(|(_, values)| values.iter().flatten());
    values.map(|value| measure::width(&short(figure.kind, value.x), TEXT)).fold(0.0, f64::max)
}

/// A number for a cell: rates without decimals where the cells are narrow.
fn text(figure: &Figure, x: f64, is_narrow: bool) -> String {
    if is_narrow && figure.kind == Kind::Rate {
        let percent = (x * 100.0).round();
        format!("{}{}%", if percent < 0.0 { "\u{2212}" } else { "" }, percent.abs())
    } else {
        short(figure.kind, x)
    }
}

/// The columns' names, upright where a word would have to be broken; gives their height.
fn heads(svg: &mut Svg, figure: &Figure, (left, top, wide): (f64, f64, f64)) -> f64 {
    let middle = |column: usize| left + (column as f64 + 0.5) * wide - 1.0;
    if !heads_fit(figure, wide) {
        let names = figure.series.iter().map(|name| measure::cut(name, TEXT, UPRIGHT_MOST));
        let names: Vec<String> = names.collect();
        let tall = names.iter().map(|name| measure::width(name, TEXT)).fold(0.0, f64::max) + 12.0;
        for (column, name) in names.iter().enumerate() {
            svg.upright((middle(column) + 4.0, top + tall - 8.0), name);
        }
        return tall;
    }
    let names: Vec<Vec<String>> =
        figure.series.iter().map(|name| measure::wrap(name, TEXT, wide - 4.0, LINES_MOST)).collect();
    let tall = names.iter().map(Vec::len).max().unwrap_or(1) as f64 * LINE + 8.0;
    for (column, lines) in names.iter().enumerate() {
        let y = top + tall - 8.0 - lines.len() as f64 / 2.0 * LINE;
        svg.name((middle(column), y), Anchor::Middle, LINE, lines, &figure.series[column]);
    }
    tall
}

/// Draws a panel and gives its height.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let names = names_width(panel, area.width);
    let wide = cell_width(figure, panel, area.width);
    let is_narrow = wide < widest_number(figure, panel) + 4.0;
    let left = area.left + names + 10.0;
    let top = area.top + heads(svg, figure, (left, area.top, wide));
    let known = || panel.bars.iter().flat_map(|(_, values)| values.iter().flatten()).map(|value| value.x);
    let (least, most) = known().fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)));
    for (row, (label, values)) in panel.bars.iter().enumerate() {
        let y = top + row as f64 * TALL;
        let lines = measure::wrap(&label.day, TEXT, names, 2);
        svg.name((left - 10.0, y + TALL / 2.0 - 1.0), Anchor::End, LINE - 2.0, &lines, &label.day);
        for (column, value) in values.iter().enumerate() {
            let x = left + column as f64 * wide;
            let Some(value) = value else {
                svg.text("dc-muted", (x + wide / 2.0 - 1.0, y + TALL / 2.0 + 3.0), Anchor::Middle, "\u{2013}");
                continue;
            };
            let share = if most > least { (value.x - least) / (most - least) } else { 0.0 };
            let shade = (share * SHADES).floor().min(SHADES - 1.0);
            let tip = format!("{}, {}: {}", label.day, figure.series[column], value.text);
            svg.rect(&format!("dc-h{shade}"), [x, y, wide - 2.0, TALL - 2.0], Some(&tip));
            let place = (x + wide / 2.0 - 1.0, y + TALL / 2.0 + 3.0);
            svg.text(&format!("dc-t{shade}"), place, Anchor::Middle, &text(figure, value.x, is_narrow));
        }
    }
    top - area.top + panel.bars.len() as f64 * TALL
}
