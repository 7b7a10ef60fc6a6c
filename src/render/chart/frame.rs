//! The picture around the panels: title, legend, panel headings, footnote, and the words for those who cannot see it.

use chrono::NaiveDate;

use super::axis::{LINE, TEXT};
use super::data::{Figure, Panel};
use super::scale::short;
use super::svg::{Anchor, Svg};
use super::{Place, STYLE, bars, lines, measure, rows};
use crate::sheet::{Chart, Sheet};

/// Lying bars that a panel shows at most.
const BARS_MOST: usize = 60;
/// Lines that a panel shows at most, those in grey among them.
const LINES_MOST: usize = 47;
/// Panels that a chart shows at most.
const PANELS_MOST: usize = 12;
/// Least width of a panel that has another beside it, and the space between them.
const PANEL_LEAST: f64 = 340.0;
const BETWEEN: f64 = 36.0;
const HEADING: f64 = 22.0;

/// Where a panel's plot goes; its height follows from what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Bars,
    Rows,
    Lines,
}

/// The class of a layer: steps of one ramp from light to dark, as far apart as their number allows.
pub(super) fn fill(series: usize, count: usize) -> String {
    const LAST: usize = 7;
    if count == 1 {
        return "dc-one".to_owned();
    }
    // Two or three layers need not reach the darkest end to be told apart.
    let end = (count + 2).min(LAST);
    format!("dc-f{}", (series * end + (count - 1) / 2) / (count - 1))
}

/// The whole chart.
pub(super) fn draw(sheet: &Sheet, chart: &Chart, figure: &Figure, place: Place) -> String {
    let mut svg = Svg::default();
    let margin = if place == Place::File { 24.0 } else { 2.0 };
    let width = place.width();
    let mut pen = Area { left: margin, top: margin, width: width - 2.0 * margin };
    let mut footnotes = Vec::new();
    let mut figure = figure.clone();
    abridge(&mut figure, chart, &mut footnotes);

    if place == Place::File {
        titles(&mut svg, sheet, &mut pen);
    }
    match undrawable(&figure) {
        Some(reason) => message(&mut svg, &reason, &mut pen),
        None => panels(&mut svg, chart, &figure, &mut pen),
    }
    for note in &footnotes {
        pen.top += LINE + 3.0;
        svg.text("dc-muted", (pen.left, pen.top), Anchor::Start, &measure::cut(note, TEXT, pen.width));
    }
    let height = pen.top + margin + 4.0;
    let (paper, style) = if place == Place::File { (true, STYLE) } else { (false, "") };
    let mut sheet_of_paper = Svg::default();
    if paper {
        sheet_of_paper.rect("dc-paper", [0.0, 0.0, width, height], None);
    }
    sheet_of_paper.append(svg);
    sheet_of_paper.into_document(width, height, &sheet.title, &describe(sheet, chart, &figure), style)
}

/// Leaves out what could not be read anyway and says so.
fn abridge(figure: &mut Figure, chart: &Chart, footnotes: &mut Vec<String>) {
    if figure.panels.len() > PANELS_MOST {
        footnotes.push(format!("{} more currencies are in the table.", figure.panels.len() - PANELS_MOST));
        figure.panels.truncate(PANELS_MOST);
    }
    for panel in figure.panels.iter_mut().filter(|panel| panel.bars.iter().all(|(label, _)| label.year.is_none())) {
        if panel.bars.len() > BARS_MOST {
            let left = panel.bars.len() - BARS_MOST;
            let of = panel.currency.as_ref().map(|code| format!(" of {code}")).unwrap_or_default();
            footnotes.push(format!("The first {BARS_MOST} bars{of}; {left} more are in the table."));
            panel.bars.truncate(BARS_MOST);
        }
    }
    if matches!(chart, Chart::Lines { .. }) && figure.series.len() > lines::COLOURED {
        let others = figure.series.len() - lines::COLOURED;
        figure.keep_largest_series(LINES_MOST);
        let undrawn = others + lines::COLOURED - figure.series.len();
        let not_drawn = if undrawn > 0 { format!(", and {undrawn} are only in the table") } else { String::new() };
        footnotes.push(format!("{} smaller lines are in grey, without their names{not_drawn}.", others - undrawn));
    }
}

fn titles(svg: &mut Svg, sheet: &Sheet, pen: &mut Area) {
    for line in measure::wrap(&sheet.title, 18.0 * 1.06, pen.width, 3) {
        pen.top += 22.0;
        svg.text("dc-title", (pen.left, pen.top - 4.0), Anchor::Start, &line);
    }
    for line in sheet.notes.first().map(|note| measure::wrap(note, 13.0, pen.width, 2)).unwrap_or_default() {
        pen.top += 18.0;
        svg.text("dc-note", (pen.left, pen.top - 3.0), Anchor::Start, &line);
    }
    pen.top += 10.0;
}

fn undrawable(figure: &Figure) -> Option<String> {
    let values = |panel: &Panel| {
        let bars = panel.bars.iter().map(|(_, values)| values);
        bars.chain(panel.days.iter().map(|(_, values)| values)).flatten().flatten().count()
    };
    if let Some(bar) = &figure.clash {
        return Some(format!(
            "Not drawn: {bar} has several rows, and {} does not add up.",
            figure.value_title.to_lowercase()
        ));
    }
    (figure.panels.iter().map(values).sum::<usize>() == 0).then(|| "Nothing to draw: there are no values.".to_owned())
}

fn message(svg: &mut Svg, text: &str, pen: &mut Area) {
    svg.line("dc-grid", [pen.left, pen.top + 6.0, pen.left + pen.width, pen.top + 6.0]);
    for line in measure::wrap(text, 13.0, pen.width, 3) {
        pen.top += 22.0;
        svg.text("dc-note", (pen.left, pen.top + 12.0), Anchor::Start, &line);
    }
    pen.top += 26.0;
}

fn panels(svg: &mut Svg, chart: &Chart, figure: &Figure, pen: &mut Area) {
    let (body, columns) = layout(chart, figure, pen.width);
    let width = (pen.width - BETWEEN * (columns - 1) as f64) / columns as f64;
    if body == Body::Lines {
        if !lines::names_fit(figure, width) {
            legend(svg, figure, body, pen);
        }
    } else {
        legend(svg, figure, body, pen);
    }
    let mut days: Vec<NaiveDate> =
        figure.panels.iter().flat_map(|panel| panel.days.iter().map(|(day, _)| *day)).collect();
    days.sort_unstable();
    days.dedup();
    for (row, panels) in figure.panels.chunks(columns).enumerate() {
        if row > 0 {
            pen.top += 18.0;
        }
        let mut tallest: f64 = 0.0;
        for (column, panel) in panels.iter().enumerate() {
            let left = pen.left + column as f64 * (width + BETWEEN);
            let heading = heading(figure, panel);
            svg.text("dc-head", (left, pen.top + 14.0), Anchor::Start, &measure::cut(&heading, 13.0 * 1.06, width));
            let area = Area { left, top: pen.top + HEADING, width };
            let height = match body {
                Body::Bars => {
                    bars::draw(svg, figure, panel, area);
                    bars::height(panel)
                }
                Body::Rows => {
                    rows::draw(svg, figure, panel, area);
                    rows::height(panel, width)
                }
                Body::Lines => {
                    lines::draw(svg, figure, panel, &days, area);
                    lines::height()
                }
            };
            tallest = tallest.max(height);
        }
        pen.top += HEADING + tallest;
    }
}

/// Upright bars side by side where their names fit, else below each other, else lying bars.
fn layout(chart: &Chart, figure: &Figure, width: f64) -> (Body, usize) {
    let most = ((width + BETWEEN) / (PANEL_LEAST + BETWEEN)).floor().max(1.0) as usize;
    let columns = figure.panels.len().clamp(1, most);
    if matches!(chart, Chart::Lines { .. }) {
        return (Body::Lines, if figure.panels.len() > 3 { columns } else { 1 });
    }
    let fits = |columns: &usize| bars::fits(figure, (width - BETWEEN * (*columns - 1) as f64) / *columns as f64);
    match (1..=columns).rev().find(fits) {
        Some(columns) => (Body::Bars, columns),
        None => (Body::Rows, 1),
    }
}

fn legend(svg: &mut Svg, figure: &Figure, body: Body, pen: &mut Area) {
    let count = if body == Body::Lines { figure.series.len().min(lines::COLOURED) } else { figure.series.len() };
    if figure.has_series_as_bars {
        return;
    }
    if figure.series.len() < 2 && (body != Body::Lines || figure.series.iter().all(String::is_empty)) {
        return;
    }
    let mut x = pen.left;
    pen.top += LINE;
    for (at, name) in figure.series.iter().take(count).enumerate() {
        let name = measure::cut(name, TEXT, (pen.width - 24.0).min(260.0));
        let wide = 18.0 + measure::width(&name, TEXT) + 18.0;
        if x > pen.left && x + wide - 18.0 > pen.left + pen.width {
            x = pen.left;
            pen.top += LINE + 5.0;
        }
        if body == Body::Lines {
            let y = pen.top - 4.0;
            svg.line(&format!("dc-line {}", lines::class('l', at)), [x, y, x + 14.0, y]);
            svg.text("", (x + 20.0, pen.top), Anchor::Start, &name);
            x += 6.0;
        } else {
            svg.rect(&fill(at, count), [x, pen.top - 10.0, 12.0, 12.0], None);
            svg.text("", (x + 18.0, pen.top), Anchor::Start, &name);
        }
        x += wide;
    }
    pen.top += 14.0;
}

fn heading(figure: &Figure, panel: &Panel) -> String {
    let currency = panel.currency.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
    let net = if panel.bars.iter().any(|(_, values)| bars::is_two_way(values)) { " (the numbers are net)" } else { "" };
    format!("{}{currency}{net}", figure.value_title)
}

/// The chart in words: what it shows and, for each panel, the first bars or where each line starts and ends.
fn describe(sheet: &Sheet, chart: &Chart, figure: &Figure) -> String {
    let title =
        |name: &String| sheet.column_index(name).map_or_else(String::new, |at| sheet.columns[at].title.to_lowercase());
    let mut text = match chart {
        Chart::StackedBars { category, series: Some(series), .. } => {
            format!(
                "Bars of {} by {}, in layers by {}.",
                figure.value_title.to_lowercase(),
                title(category),
                title(series)
            )
        }
        Chart::StackedBars { category, .. } => {
            format!("Bars of {} by {}.", figure.value_title.to_lowercase(), title(category))
        }
        Chart::Lines { series, .. } => {
            format!("Lines of {} over time by {}.", figure.value_title.to_lowercase(), title(series))
        }
    };
    for panel in &figure.panels {
        let parts = if panel.days.is_empty() { bars_in_words(figure, panel) } else { lines_in_words(figure, panel) };
        let head = panel.currency.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
        text.push_str(&format!(" {head}{}.", if parts.is_empty() { "no values".to_owned() } else { parts.join("; ") }));
    }
    text
}

fn bars_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    const SAID: usize = 12;
    let known = || panel.bars.iter().filter(|(_, values)| values.iter().any(Option::is_some));
    let mut parts: Vec<String> =
        known().take(SAID).map(|(label, values)| format!("{} {}", label.day, bars::net_text(figure, values))).collect();
    let more = known().count().saturating_sub(SAID);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    parts
}

fn lines_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let line = |(series, name): (usize, &String)| {
        let known =
            || panel.days.iter().filter_map(|(day, values)| values[series].as_ref().map(|value| (day, value.x)));
        let ((first, from), (last, to)) = (known().next()?, known().next_back()?);
        let (from, to) = (short(figure.kind, from), short(figure.kind, to));
        let name = if name.is_empty() { &figure.value_title } else { name };
        Some(if first == last {
            format!("{name} {to} on {last}")
        } else {
            format!("{name} from {from} on {first} to {to} on {last}")
        })
    };
    figure.series.iter().enumerate().take(lines::COLOURED).filter_map(line).collect()
}
