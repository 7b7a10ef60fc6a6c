//! The picture around the panels: title, legend, panel headings, footnote, and the words for those who cannot see it.

use chrono::NaiveDate;

use super::axis::{LINE, TEXT};
use super::data::{Figure, Panel};
use super::svg::{Anchor, Svg};
use super::{PANELS_MOST, Place, STYLE, bars, curve, funnel, groups, heat, lines, measure, rows, waterfall, words};
use crate::sheet::{Chart, Sheet};

/// Bars that a panel shows at most; groups of bars and rows of a matrix; days.
const BARS_MOST: usize = 60;
const GROUPS_MOST: usize = 25;
const DAYS_MOST: usize = 120;
/// Lines that a panel shows at most, those in grey among them.
const LINES_MOST: usize = 47;
/// Least width of a panel that has another beside it, and the space between them.
const PANEL_LEAST: f64 = 340.0;
/// The same on a slide where more panels than stand in two rows would leave half of its width blank.
const MANY_PANEL_LEAST: f64 = 245.0;
const TWO_ROWS: usize = 6;
const BETWEEN: f64 = 36.0;
const HEADING: f64 = 22.0;
/// Panels above each other that are no tower yet.
const TOWER: usize = 2;
/// Share of its height to which a plot on a slide is lowered.
const LOW: f64 = 0.72;

/// Where a panel's plot goes; its height follows from what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    /// Whether the plot is to be low: room is left for a table below it.
    pub(super) is_low: bool,
}

impl Area {
    /// The height of a plot that has this one where there is room.
    pub(super) fn plot(&self, usual: f64) -> f64 {
        if self.is_low { LOW * usual } else { usual }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Bars,
    Rows,
    Lines,
    Groups,
    Waterfall,
    LyingWaterfall,
    Curve,
    Heat,
    Funnel,
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
pub(super) fn draw(sheet: &Sheet, chart: &Chart, figure: &Figure, place: Place, remark: Option<&str>) -> String {
    let mut svg = Svg::default();
    let margin = if place == Place::File { 24.0 } else { 2.0 };
    let width = place.width();
    let mut pen = Area { left: margin, top: margin, width: width - 2.0 * margin, is_low: place == Place::Wide };
    let mut footnotes = Vec::new();
    let mut figure = figure.clone();
    abridge(&mut figure, chart, &mut footnotes);
    footnotes.extend(sheet.chart_rows.iter().flat_map(|drawn| drawn.notes.iter().cloned()));
    footnotes.extend(remark.map(str::to_owned));

    if place == Place::File {
        titles(&mut svg, sheet, &figure, &mut pen);
    }
    match undrawable(&figure) {
        Some(reason) => message(&mut svg, &reason, &mut pen),
        None => panels(&mut svg, chart, &figure, place, &mut pen),
    }
    for note in &footnotes {
        pen.top += 3.0;
        for line in measure::wrap(note, TEXT, pen.width, 3) {
            pen.top += LINE;
            svg.text("dc-muted", (pen.left, pen.top), Anchor::Start, &line);
        }
    }
    let height = pen.top + margin + 4.0;
    let (paper, style) =
        if matches!(place, Place::File | Place::Slide | Place::Wide) { (true, STYLE) } else { (false, "") };
    let mut sheet_of_paper = Svg::default();
    if paper {
        sheet_of_paper.rect("dc-paper", [0.0, 0.0, width, height], None);
    }
    sheet_of_paper.append(svg);
    sheet_of_paper.into_document(width, height, &sheet.title, &words::describe(chart, &figure), style)
}

/// Leaves out what could not be read anyway and says so.
fn abridge(figure: &mut Figure, chart: &Chart, footnotes: &mut Vec<String>) {
    if let (Some(names), None) = (&figure.drawn_as_one, &figure.clash) {
        footnotes.push(format!("All values of {names} together; each is in the table."));
    }
    if figure.panels.len() > PANELS_MOST {
        footnotes.push(format!("{} more currencies are in the table.", figure.panels.len() - PANELS_MOST));
        figure.panels.truncate(PANELS_MOST);
    }
    let (kind, count) = (figure.kind, figure.series.len());
    let most = if matches!(chart, Chart::Bars { .. } | Chart::Heat { .. }) { GROUPS_MOST } else { BARS_MOST };
    for panel in &mut figure.panels {
        let is_dated = panel.bars.iter().any(|(label, _)| label.year.is_some());
        footnotes.extend(if is_dated {
            words::shortened(panel, DAYS_MOST)
        } else {
            words::abridged(chart, kind, panel, most)
        });
    }
    if matches!(chart, Chart::Heat { .. }) && count > heat::COLUMNS_MOST {
        footnotes.push(format!("{} more columns are in the table.", count - heat::COLUMNS_MOST));
        figure.keep_first_series(heat::COLUMNS_MOST);
    }
    if matches!(chart, Chart::Lines { .. }) {
        footnotes.extend(figure.drop_same_lines());
    }
    if matches!(chart, Chart::Lines { .. }) && figure.series.len() > lines::COLOURED {
        let others = figure.series.len() - lines::COLOURED;
        figure.keep_largest_series(LINES_MOST);
        let undrawn = others + lines::COLOURED - figure.series.len();
        let not_drawn = if undrawn > 0 { format!(", and {undrawn} are only in the table") } else { String::new() };
        footnotes.push(format!("{} smaller lines are in grey, without their names{not_drawn}.", others - undrawn));
    }
}

fn titles(svg: &mut Svg, sheet: &Sheet, figure: &Figure, pen: &mut Area) {
    for line in measure::wrap(&sheet.title, 18.0 * 1.06, pen.width, 3) {
        pen.top += 22.0;
        svg.text("dc-title", (pen.left, pen.top - 4.0), Anchor::Start, &line);
    }
    // The first note is the proof of the first currency, which does not stand for the others.
    let note = sheet.alerts.first().or(sheet.notes.first().filter(|_| figure.panels.len() < 2));
    for line in note.map(|note| measure::wrap(note, 13.0 * 1.06, pen.width, 2)).unwrap_or_default() {
        pen.top += 18.0;
        svg.text("dc-note", (pen.left, pen.top - 3.0), Anchor::Start, &line);
    }
    pen.top += 10.0;
}

fn undrawable(figure: &Figure) -> Option<String> {
    let title = words::within(&figure.value_title);
    match (&figure.clash, &figure.drawn_as_one) {
        (Some(_), Some(names)) => {
            return Some(format!(
                "Not drawn: there are more values of {names} than a chart shows, and {title} does not add up. Each is in the table."
            ));
        }
        (Some(bar), None) => return Some(format!("Not drawn: {bar} has several rows, and {title} does not add up.")),
        (None, _) => {}
    }
    figure.is_blank().then(|| "Nothing to draw: there are no values.".to_owned())
}

fn message(svg: &mut Svg, text: &str, pen: &mut Area) {
    svg.line("dc-grid", [pen.left, pen.top + 6.0, pen.left + pen.width, pen.top + 6.0]);
    for line in measure::wrap(text, 13.0 * 1.06, pen.width, 3) {
        pen.top += 22.0;
        svg.text("dc-note", (pen.left, pen.top + 12.0), Anchor::Start, &line);
    }
    pen.top += 26.0;
}

fn panels(svg: &mut Svg, chart: &Chart, figure: &Figure, place: Place, pen: &mut Area) {
    let (body, columns) = layout(chart, figure, place, pen.width);
    let width = (pen.width - BETWEEN * (columns - 1) as f64) / columns as f64;
    legend(svg, figure, body, width, pen);
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
            let heading = heading(body, figure, panel, width);
            svg.text("dc-head", (left, pen.top + 14.0), Anchor::Start, &measure::cut(&heading, 13.0 * 1.06, width));
            let area = Area { left, top: pen.top + HEADING, width, ..*pen };
            tallest = tallest.max(draw_panel(svg, (body, figure), panel, &days, area));
        }
        pen.top += HEADING + tallest;
    }
}

/// Draws a panel and gives its height.
fn draw_panel(svg: &mut Svg, (body, figure): (Body, &Figure), panel: &Panel, days: &[NaiveDate], area: Area) -> f64 {
    match body {
        Body::Bars => {
            bars::draw(svg, figure, panel, area);
            bars::height(panel, area)
        }
        Body::Rows => {
            rows::draw(svg, figure, panel, area);
            rows::height(panel, area.width)
        }
        Body::Lines => {
            lines::draw(svg, figure, panel, days, area);
            lines::height(area)
        }
        Body::Groups => groups::draw(svg, figure, panel, area),
        Body::Waterfall => waterfall::draw(svg, figure, panel, area),
        Body::LyingWaterfall => waterfall::draw_lying(svg, figure, panel, area),
        Body::Curve => curve::draw(svg, figure, panel, area),
        Body::Heat => heat::draw(svg, figure, panel, area),
        Body::Funnel => funnel::draw(svg, figure, panel, area),
    }
}

/// What draws the panels, and how many stand side by side: as many as their names and numbers have room for.
fn layout(chart: &Chart, figure: &Figure, place: Place, width: f64) -> (Body, usize) {
    let is_wide = place == Place::Wide;
    let least = if is_wide && figure.panels.len() > TWO_ROWS { MANY_PANEL_LEAST } else { PANEL_LEAST };
    let most = ((width + BETWEEN) / (least + BETWEEN)).floor().max(1.0) as usize;
    let columns = figure.panels.len().clamp(1, most);
    let widest = |fits: fn(&Figure, f64) -> bool| {
        (1..=columns).rev().find(|n| fits(figure, (width - BETWEEN * (*n - 1) as f64) / *n as f64))
    };
    // Upright bars where their names fit below them, else lying ones; also where upright ones would make a tower of panels.
    let upright = |upright, fits, lying| match widest(fits) {
        Some(fitting) if fitting == columns || (!is_wide && figure.panels.len() <= TOWER) => (upright, fitting),
        _ => (lying, columns),
    };
    match chart {
        Chart::StackedBars { .. } => upright(Body::Bars, bars::fits, Body::Rows),
        Chart::Lines { .. } | Chart::Fan { .. } => {
            (Body::Lines, if is_wide || figure.panels.len() > 3 { columns } else { 1 })
        }
        Chart::Bars { .. } => (Body::Groups, columns),
        Chart::Waterfall { .. } => upright(Body::Waterfall, waterfall::fits, Body::LyingWaterfall),
        Chart::Curve { .. } => (Body::Curve, columns),
        Chart::Heat { .. } => (Body::Heat, if is_wide { columns } else { widest(heat::fits).unwrap_or(1) }),
        Chart::Funnel { .. } => (Body::Funnel, columns),
    }
}

/// The series by name, unless they stand at the lines' ends, below the bars or above the columns already.
fn legend(svg: &mut Svg, figure: &Figure, body: Body, width: f64, pen: &mut Area) {
    let are_lines = matches!(body, Body::Lines | Body::Curve);
    let count = if are_lines { figure.series.len().min(lines::COLOURED) } else { figure.series.len() };
    let is_named = match body {
        // What came has no name at its end, which is not the end of the chart.
        Body::Lines if figure.today.is_some() => false,
        Body::Lines => lines::names_fit(figure, width) || figure.series.iter().all(String::is_empty),
        Body::Waterfall | Body::LyingWaterfall | Body::Heat | Body::Funnel => true,
        _ => figure.has_series_as_bars || figure.series.len() < 2,
    };
    if is_named {
        return;
    }
    let mut x = pen.left;
    pen.top += LINE;
    let is_drawn = |at: &usize| are_lines || figure.has_layer(*at);
    for (at, name) in figure.series.iter().take(count).enumerate().filter(|(at, _)| is_drawn(at)) {
        let name = measure::cut(name, TEXT, (pen.width - 24.0).min(260.0));
        let wide = 18.0 + measure::width(&name, TEXT) + 18.0;
        if x > pen.left && x + wide - 18.0 > pen.left + pen.width {
            x = pen.left;
            pen.top += LINE + 5.0;
        }
        if are_lines {
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

/// What a panel's numbers are, of what, and how to read them.
fn heading(body: Body, figure: &Figure, panel: &Panel, width: f64) -> String {
    let name = panel.name.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    let has_numbers = || body == Body::Rows || bars::has_numbers(figure, panel, width);
    let is_net = || panel.bars.iter().any(|(_, values)| bars::is_two_way(values)) && has_numbers();
    let how = match body {
        Body::Bars | Body::Rows if is_net() => " (the numbers are net)".to_owned(),
        Body::Heat => {
            format!(": {} down, {} across", words::within(&figure.key_title), words::within(&figure.series_title))
        }
        Body::Funnel if panel.bars.len() > 1 => " (share of the first stage)".to_owned(),
        _ => String::new(),
    };
    let whole = format!("{}{name}{how}", figure.value_title);
    // Rather no advice than half of it.
    if measure::width(&whole, 13.0 * 1.06) <= width { whole } else { format!("{}{name}", figure.value_title) }
}
