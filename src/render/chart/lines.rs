//! Lines over days, each named at its end.

use chrono::NaiveDate;

use super::axis::{self, LINE, TEXT};
use super::data::{Figure, Panel, Value};
use super::frame::Area;
use super::measure;
use super::scale::{Scale, short};
use super::svg::{Anchor, Svg};
use super::{day, fan};
use crate::sheet::Kind;

const PLOT: f64 = 230.0;
/// Lines with a colour of their own; the others are thin and grey.
pub(super) const COLOURED: usize = 7;
/// Share of the width that the names at the lines' ends may take.
const NAMES_MOST: f64 = 0.26;
/// Points up to which each is marked with a dot.
const DOTS_MOST: usize = 40;

/// Whether a line ends before the panel does: what it ended at is no figure of the last day.
fn is_past(panel: &Panel, day: NaiveDate) -> bool {
    panel.days.last().is_some_and(|(last, _)| day < *last)
}

/// Height of a panel.
pub(super) fn height(area: Area) -> f64 {
    area.plot(PLOT) + 14.0 + 2.0 * LINE
}

/// The class of a line (`l`) or of its dots (`p`).
pub(super) fn class(what: char, series: usize) -> String {
    if series < COLOURED { format!("dc-{what}{series}") } else { format!("dc-{what}x") }
}

/// Whether the lines' names stand at their ends; otherwise a legend is needed.
pub(super) fn names_fit(figure: &Figure, width: f64) -> bool {
    width >= 480.0 && figure.series.len() > 1
}

/// Draws a panel; `days` are those of all panels, so that panels above each other share them.
pub(super) fn draw(svg: &mut Svg, figure: &Figure, panel: &Panel, days: &[NaiveDate], area: Area) {
    let (top, bottom) = (area.top + 8.0, area.top + 8.0 + area.plot(PLOT));
    let scale = Scale::new(figure.kind, range(figure, panel), 5, (bottom, top));
    let labels = scale.labels(figure.kind);
    let left = area.left + axis::gutter(&labels);
    let has_names = names_fit(figure, area.width);
    let end = |series: usize| {
        let last = panel.days.iter().rev().find_map(|(day, values)| values[series].as_ref().map(|value| (*day, value)));
        // A name led past what is expected would be one more line, and a narrow chart has no room for it; the legend has it.
        let is_over = |day: NaiveDate| (figure.today.is_some() || !has_names) && is_past(panel, day);
        last.filter(|(day, _)| !is_over(*day)).map(|(day, value)| (series, day, value))
    };
    let ends: Vec<(usize, NaiveDate, &Value)> = (0..figure.series.len().min(COLOURED)).filter_map(end).collect();
    let room = area.width * NAMES_MOST;
    let name = |(series, day, value): &(usize, NaiveDate, &Value)| {
        let short = short(figure.kind, value.x);
        let mut lines = if has_names { measure::wrap(&figure.series[*series], TEXT, room, 2) } else { Vec::new() };
        if is_past(panel, *day) {
            lines.push(format!("none since {}", day::name(*day)));
            return lines;
        }
        let band = fan::at_the_end(figure, panel, *series);
        match lines.last_mut().filter(|line| measure::width(line, TEXT) + measure::width(&short, TEXT) + 8.0 < room) {
            Some(line) => line.push_str(&format!("\u{2002}{short}")),
            None => lines.push(short),
        }
        lines.extend(band);
        lines
    };
    let names: Vec<Vec<String>> = ends.iter().map(name).collect();
    let widest = names.iter().flatten().map(|line| measure::width(line, TEXT)).fold(0.0, f64::max);
    let right = area.left + area.width - widest - 26.0;
    axis::rungs(svg, &scale, &labels, (left, right + 6.0));

    let x = |day: NaiveDate| across(days, day, (left + 8.0, right - 2.0));
    let marked = day::ticks(days);
    let places: Vec<_> = marked.iter().map(|day| x(*day)).zip(day::labels(&marked)).collect();
    axis::days(svg, &places, bottom + 4.0, (left - 14.0, right + 20.0));
    if let (Some(today), Some((first, last))) = (figure.today, days.first().zip(days.last()))
        && (*first..=*last).contains(&today)
    {
        let line = |series: usize| {
            let known = panel.days.iter().filter_map(|(day, values)| Some((*day, values[series].as_ref()?)));
            known.map(|(day, value)| (x(day), scale.at(value.x))).collect()
        };
        let lines: Vec<Vec<(f64, f64)>> = (0..figure.series.len()).map(line).collect();
        fan::draw_today(svg, today, x(today), (left, right), (top, bottom), &lines);
    }
    fan::draw(svg, panel, &|day, value| (x(day), scale.at(value)));
    // Grey lines first, so that they lie below the coloured ones.
    for series in (0..figure.series.len()).rev() {
        draw_line(svg, figure, panel, series, &|day, value| (x(day), scale.at(value)));
    }
    let end = |(series, day, value): &(usize, NaiveDate, &Value)| End {
        series: *series,
        at: (x(*day), scale.at(value.x)),
        is_past: is_past(panel, *day),
    };
    let points: Vec<End> = ends.iter().map(end).collect();
    draw_names(svg, &points, &names, (right, (top, bottom)));
}

fn draw_line(
    svg: &mut Svg,
    figure: &Figure,
    panel: &Panel,
    series: usize,
    place: &dyn Fn(NaiveDate, f64) -> (f64, f64),
) {
    let line_class = format!("dc-line {}", class('l', series));
    let known: Vec<Option<(NaiveDate, &Value)>> = {
        let is_row = |(day, values): &'_ (NaiveDate, Vec<Option<Value>>)| values[series].is_some().then_some(*day);
        let days: Vec<NaiveDate> = panel.days.iter().filter_map(is_row).collect();
        let span = days.first().copied().zip(days.last().copied());
        let inside =
            panel.days.iter().filter(|(day, _)| span.is_some_and(|(first, last)| (first..=last).contains(day)));
        inside.map(|(day, values)| values[series].as_ref().map(|value| (*day, value))).collect()
    };
    // A day without a value breaks the line: joining its neighbours would invent one.
    for run in known.split(Option::is_none) {
        let run: Vec<(NaiveDate, &Value)> = run.iter().flatten().copied().collect();
        let points: Vec<(f64, f64)> = run.iter().map(|(day, value)| place(*day, value.x)).collect();
        if points.len() > 1 {
            svg.polyline(&line_class, &points);
        }
        let is_dotted = panel.days.len() <= DOTS_MOST && panel.bands.is_empty();
        if series < COLOURED && (is_dotted || points.len() == 1) {
            for (point, (day, value)) in points.iter().zip(&run) {
                let name = &figure.series[series];
                svg.dot(&class('p', series), *point, 3.0, &format!("{name}, {day}: {}", value.text));
            }
        }
    }
}

/// Where a line ends.
struct End {
    series: usize,
    at: (f64, f64),
    is_past: bool,
}

/// The names beside the lines' ends, pushed apart where they would overlap and led to their line, unless it ended before.
fn draw_names(svg: &mut Svg, ends: &[End], names: &[Vec<String>], (right, span): (f64, (f64, f64))) {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].at.1.total_cmp(&ends[*b].at.1).then(a.cmp(b)));
    let blocks: Vec<(f64, f64)> = order.iter().map(|at| (ends[*at].at.1, names[*at].len() as f64 * LINE)).collect();
    for (at, middle) in order.iter().zip(spread(&blocks, span)) {
        let End { series, at: (x, y), is_past } = ends[*at];
        let start = if is_past { Vec::new() } else { vec![(x + 4.0, y), (right + 6.0, y)] };
        let lead: Vec<(f64, f64)> = start.into_iter().chain([(right + 16.0, middle), (right + 20.0, middle)]).collect();
        svg.polyline(&format!("dc-lead {}", class('l', series)), &lead);
        let first = middle + 4.0 - (names[*at].len() as f64 - 1.0) / 2.0 * LINE;
        for (line, text) in names[*at].iter().enumerate() {
            svg.text("dc-number", (right + 24.0, first + line as f64 * LINE), Anchor::Start, text);
        }
    }
}

/// Middles for blocks of given heights, in order, as near as may be to where they would like to be, none over another.
fn spread(blocks: &[(f64, f64)], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut middles: Vec<f64> = Vec::with_capacity(blocks.len());
    let mut edge = f64::NEG_INFINITY;
    for (wanted, height) in blocks {
        let middle = wanted.max(edge + height / 2.0).max(top + height / 2.0 - 8.0);
        edge = middle + height / 2.0;
        middles.push(middle);
    }
    let mut edge = bottom + 8.0;
    for (middle, (_, height)) in middles.iter_mut().zip(blocks).rev() {
        *middle = middle.min(edge - height / 2.0);
        edge = *middle - height / 2.0;
    }
    middles
}

/// How far the lines reach: from zero, unless they all stay in the upper part and zero would flatten them. Shares of a whole are
/// compared from panel to panel, which one scale makes true.
fn range(figure: &Figure, panel: &Panel) -> (f64, f64) {
    let is_share = figure.kind == Kind::Rate || figure.value_title.ends_with("percent");
    let panels = if is_share { figure.panels.as_slice() } else { std::slice::from_ref(panel) };
    let values = |panel: &Panel| -> Vec<f64> {
        let shown = panel.days.iter().flat_map(|(_, values)| values.iter().flatten().map(|value| value.x));
        shown.chain(fan::ends(panel)).collect()
    };
    let (low, high) = panels
        .iter()
        .flat_map(values)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let is_far_from_zero = low > 0.6 * high || high < 0.6 * low;
    if is_far_from_zero && high > low { (low, high) } else { (low.min(0.0), high.max(0.0)) }
}

fn across(days: &[NaiveDate], day: NaiveDate, (left, right): (f64, f64)) -> f64 {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if last > first => {
            left + (day - *first).num_days() as f64 / (*last - *first).num_days() as f64 * (right - left)
        }
        _ => right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_overlap_are_pushed_apart_and_stay_inside() {
        assert_eq!(spread(&[(50.0, 15.0), (52.0, 15.0), (90.0, 15.0)], (0.0, 100.0)), [50.0, 65.0, 90.0]);
        assert_eq!(spread(&[(98.0, 20.0), (99.0, 20.0)], (0.0, 100.0)), [78.0, 98.0]);
    }
}
