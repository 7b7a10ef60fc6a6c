//! A number against another: a curve a series.

use super::axis::{self, LINE, TEXT};
use super::data::{Figure, Panel, Value};
use super::frame::Area;
use super::lines;
use super::measure;
use super::scale::{Scale, short};
use super::svg::{Anchor, Svg};
use crate::sheet::Kind;

/// Widest and highest plot: a curve is read by its shape, which a wide and flat picture would hide.
const WIDEST: f64 = 640.0;
const HIGHEST: f64 = 300.0;
/// Points up to which each is marked with a dot.
const DOTS_MOST: usize = 30;
/// Heights of a curve of shares that are read off for the reader.
const READ_OFF: [f64; 2] = [0.5, 0.8];
/// Pixels that a point must be away from the one before to be drawn.
const NEAR: f64 = 0.75;

/// Points of a curve of shares at which it first reaches the heights that are read off, as `x` and `y` in words.
pub(super) fn read_off<'a>(figure: &Figure, points: &'a [(f64, Value)]) -> Vec<(&'a (f64, Value), String)> {
    if !is_of_shares(figure) {
        return Vec::new();
    }
    let first = |height: &f64| points.iter().find(|(_, y)| y.x >= *height);
    let mut found: Vec<&(f64, Value)> = READ_OFF.iter().filter_map(first).collect();
    found.dedup_by(|a, b| std::ptr::eq(*a, *b));
    let words = |point: &(f64, Value)| {
        format!("{} \u{2192} {}", short(figure.key_kind, point.0), short(figure.kind, point.1.x))
    };
    found.into_iter().map(|point| (point, words(point))).collect()
}

fn is_of_shares(figure: &Figure) -> bool {
    figure.kind == Kind::Rate && figure.key_kind == Kind::Rate
}

/// Draws a panel and gives its height.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, area: Area) -> f64 {
    let tall = (area.width.min(WIDEST) * 0.6).min(HIGHEST);
    let (top, bottom) = (area.top + 12.0, area.top + 12.0 + tall);
    let points = || panel.points.iter().flatten();
    // Shares are seen against the whole, however few the points.
    let whole = if is_of_shares(figure) { 1.0 } else { 0.0 };
    let range = |numbers: &mut dyn Iterator<Item = f64>| {
        numbers.fold((0.0, whole), |(low, high): (f64, f64), x| (low.min(x), high.max(x)))
    };
    let up = Scale::new(figure.kind, range(&mut points().map(|(_, y)| y.x)), 5, (bottom, top));
    let labels = up.labels(figure.kind);
    let (left, right) = (area.left + axis::gutter(&labels), area.left + area.width.min(WIDEST) - 24.0);
    let across = Scale::new(figure.key_kind, range(&mut points().map(|(x, _)| *x)), 5, (left + 4.0, right));
    axis::rungs(svg, &up, &labels, (left, right));
    for (tick, label) in across.ticks.iter().zip(across.labels(figure.key_kind)) {
        svg.line("dc-grid", [across.at(*tick), bottom, across.at(*tick), bottom + 4.0]);
        svg.text("dc-muted", (across.at(*tick), bottom + 4.0 + LINE), Anchor::Middle, &label);
    }
    let title = measure::cut(&figure.key_title, TEXT, right - left);
    svg.text("dc-muted", (right, bottom + 6.0 + 2.0 * LINE), Anchor::End, &title);
    if is_of_shares(figure) {
        let even = across.at(1.0).min(right);
        svg.line("dc-even", [across.at(0.0), up.at(0.0), even, up.at(1.0)]);
        svg.text("dc-muted dc-halo", (across.at(0.72) + 8.0, up.at(0.72) + 16.0), Anchor::Start, "equal shares");
    }
    for (series, points) in panel.points.iter().enumerate().rev() {
        let place = |x: f64, y: f64| (across.at(x), up.at(y));
        draw_curve(svg, figure, (series, points), right, &place);
    }
    tall + 12.0 + 10.0 + 2.0 * LINE
}

fn draw_curve(
    svg: &mut Svg,
    figure: &Figure,
    (series, points): (usize, &[(f64, Value)]),
    right: f64,
    place: &dyn Fn(f64, f64) -> (f64, f64),
) {
    let tip = |(x, y): &(f64, Value)| {
        let name =
            if figure.series[series].is_empty() { String::new() } else { format!("{}, ", figure.series[series]) };
        format!("{name}{}: {}", short(figure.key_kind, *x), y.text)
    };
    let thin = thinned(&points.iter().map(|(x, y)| place(*x, y.x)).collect::<Vec<_>>());
    if thin.len() > 1 {
        svg.polyline(&format!("dc-line {}", lines::class('l', series)), &thin);
    }
    if points.len() <= DOTS_MOST {
        for point in points {
            svg.dot(&lines::class('p', series), place(point.0, point.1.x), 2.5, &tip(point));
        }
    }
    if figure.series.len() == 1 {
        for (point, words) in read_off(figure, points) {
            let (x, y) = place(point.0, point.1.x);
            svg.dot(&lines::class('p', series), (x, y), 4.0, &tip(point));
            // Near the end of the plot there is room on the other side only.
            let is_cut = x + 9.0 + measure::width(&words, TEXT) > right;
            let (x, anchor) = if is_cut { (x - 9.0, Anchor::End) } else { (x + 9.0, Anchor::Start) };
            svg.text("dc-number dc-halo", (x, y + 15.0), anchor, &words);
        }
    }
}

/// The points without those that no eye could tell from the one drawn before them.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let is_near = kept.last().is_some_and(|(a, b)| (x - a).abs() < NEAR && (y - b).abs() < NEAR);
        if !is_near || at + 1 == points.len() {
            kept.push((*x, *y));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_ten_thousand_points_keeps_those_an_eye_can_tell_apart() {
        let points: Vec<(f64, f64)> = (0..=10_000).map(|n| (f64::from(n) / 20.0, f64::from(n) / 50.0)).collect();
        let kept = thinned(&points);
        assert!(kept.len() < 700, "{}", kept.len());
        assert_eq!((kept[0], kept[kept.len() - 1]), ((0.0, 0.0), (500.0, 200.0)));
    }
}
