//! The chart in words: for those who cannot see it, and for what it leaves out.

use super::data::{Figure, Panel, Value};
use super::scale::short;
use super::{bars, curve, fan, funnel, lines, waterfall};
use crate::sheet::{Chart, Kind};

/// Bars that are said of each panel.
const SAID: usize = 12;

/// What the chart shows and, for each panel, its first bars or where each line starts and ends.
pub(super) fn describe(chart: &Chart, figure: &Figure) -> String {
    let [value, key, series] =
        [&figure.value_title, &figure.key_title, &figure.series_title].map(|title| within(title));
    let mut text = match chart {
        Chart::StackedBars { series: Some(_), .. } => format!("Bars of {value} by {key}, in layers by {series}."),
        Chart::StackedBars { .. } | Chart::Bars { .. } => format!("Bars of {value} by {key}."),
        Chart::Lines { .. } => format!("Lines of {value} over time by {series}."),
        Chart::Fan { .. } => format!("Lines of {value} over time by {series}, with ranges."),
        Chart::Waterfall { .. } => format!("Steps of {value} by {key}."),
        Chart::Curve { .. } => format!("Curve of {value} against {key}."),
        Chart::Heat { .. } => format!("Matrix of {value} by {key} and {series}."),
        Chart::Funnel { .. } => format!("Stages of {value} by {key}, with their share of the first."),
    };
    for panel in &figure.panels {
        let parts = match chart {
            Chart::StackedBars { .. } => layers_in_words(figure, panel),
            Chart::Lines { .. } | Chart::Fan { .. } => lines_in_words(figure, panel),
            Chart::Bars { .. } => bars_in_words(panel, &|values| each(figure, values, false)),
            Chart::Heat { .. } => bars_in_words(panel, &|values| each(figure, values, true)),
            Chart::Waterfall { .. } => waterfall::in_words(figure, panel),
            Chart::Curve { .. } => curves_in_words(figure, panel),
            Chart::Funnel { .. } => stages_in_words(figure, panel),
        };
        let head = panel.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        text.push_str(&format!(" {head}{}.", if parts.is_empty() { "no values".to_owned() } else { parts.join("; ") }));
    }
    text
}

/// A title within a sentence: `open amount`, but `DSO in days`.
pub(super) fn within(title: &str) -> String {
    let is_name = title.chars().take(2).all(char::is_uppercase);
    if is_name { title.to_owned() } else { title.to_lowercase() }
}

/// Leaves out days before the last `most` and says how many.
pub(super) fn shortened(panel: &mut Panel, most: usize) -> Option<String> {
    let left_out = panel.bars.len().checked_sub(most).filter(|count| *count > 0)?;
    let year = panel.bars[..=left_out].iter().rev().find_map(|(label, _)| label.year.clone());
    panel.bars.drain(..left_out);
    panel.bars[0].0.year = year;
    Some(format!("The last {most} days{}; {} before them are in the table.", of(panel), super::count(left_out)))
}

/// ` of EUR`, where there are several panels.
fn of(panel: &Panel) -> String {
    panel.name.as_ref().map(|name| format!(" of {name}")).unwrap_or_default()
}

/// Leaves out bars after the first `most` and says how many, and what they come to where that can be added.
pub(super) fn abridged(chart: &Chart, kind: Kind, panel: &mut Panel, most: usize) -> Option<String> {
    if panel.bars.len() <= most {
        return None;
    }
    let rest = panel.bars.split_off(most);
    let adds_up =
        matches!(kind, Kind::Amount | Kind::Count) && matches!(chart, Chart::StackedBars { .. } | Chart::Bars { .. });
    let sum = |series: usize| rest.iter().filter_map(|(_, values)| values[series].as_ref()).map(|value| value.x).sum();
    let sums: Vec<String> = match (adds_up, chart) {
        (false, _) => Vec::new(),
        (true, Chart::Bars { .. }) => (0..rest[0].1.len()).map(|series| short(kind, sum(series))).collect(),
        (true, _) => vec![short(kind, (0..rest[0].1.len()).map(sum).sum())],
    };
    let sums = if sums.is_empty() { String::new() } else { format!(" ({} in all)", sums.join(" and ")) };
    let what = match chart {
        Chart::Heat { .. } => "rows",
        Chart::Waterfall { .. } => "steps",
        Chart::Funnel { .. } => "stages",
        _ => "bars",
    };
    let left_out = super::count(rest.len());
    Some(format!("The first {most} {what}{}; {left_out} more{sums} are in the table.", of(panel)))
}

fn bars_in_words(panel: &Panel, said: &dyn Fn(&[Option<Value>]) -> String) -> Vec<String> {
    let known = || panel.bars.iter().filter(|(_, values)| values.iter().any(Option::is_some));
    let mut parts: Vec<String> =
        known().take(SAID).map(|(label, values)| format!("{} {}", label.day, said(values))).collect();
    let more = known().count().saturating_sub(SAID);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    parts
}

/// Bars as their sums, and the layers of the last one: of days it is today's, and the last ones are said.
fn layers_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let net = |values: &[Option<Value>]| bars::net_text(figure, values);
    if !panel.bars.iter().any(|(label, _)| label.year.is_some()) {
        return bars_in_words(panel, &net);
    }
    let mut year = "";
    let mut parts = Vec::new();
    for (label, values) in &panel.bars {
        year = label.year.as_deref().unwrap_or(year);
        parts.push(format!("{} {year} {}", label.day, net(values)));
    }
    let earlier = parts.len().saturating_sub(SAID);
    parts.drain(..earlier);
    if earlier > 0 {
        parts.insert(0, format!("{earlier} earlier"));
    }
    if let (true, Some((_, last))) = (figure.series.len() > 1, panel.bars.last()) {
        let layers: Vec<Option<Value>> =
            last.iter().map(|value| value.clone().filter(|value| value.x != 0.0)).collect();
        parts.push(format!("the last one is {}", each(figure, &layers, true)));
    }
    parts
}

/// The values of a row: `1.2 M and 300 k`, or each with its column.
fn each(figure: &Figure, values: &[Option<Value>], has_names: bool) -> String {
    let known = values.iter().zip(&figure.series).filter_map(|(value, name)| value.as_ref().map(|value| (value, name)));
    let text = |(value, name): (&Value, &String)| {
        let number = short(figure.kind, value.x);
        if has_names { format!("{name} {number}") } else { number }
    };
    known.map(text).collect::<Vec<_>>().join(if has_names { ", " } else { " and " })
}

fn stages_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let stage = |(at, (label, _)): (usize, &(super::day::Label, Vec<Option<Value>>))| {
        funnel::text(figure, panel, at).map(|text| format!("{} {text}", label.day))
    };
    panel.bars.iter().enumerate().take(SAID).filter_map(stage).collect()
}

fn curves_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let curve = |(name, points): (&String, &Vec<(f64, Value)>)| {
        let (x, y) = points.last()?;
        let mut places: Vec<String> = curve::read_off(figure, points).into_iter().map(|(_, words)| words).collect();
        places.push(format!("{} \u{2192} {}", short(figure.key_kind, *x), short(figure.kind, y.x)));
        places.dedup();
        let name = if name.is_empty() { String::new() } else { format!("{name} ") };
        Some(format!("{name}{}", places.join(", ")))
    };
    figure.series.iter().zip(&panel.points).filter_map(curve).collect()
}

fn lines_in_words(figure: &Figure, panel: &Panel) -> Vec<String> {
    let line = |(series, name): (usize, &String)| {
        let known =
            || panel.days.iter().filter_map(|(day, values)| values[series].as_ref().map(|value| (day, value.x)));
        let ((first, from), (last, to)) = (known().next()?, known().next_back()?);
        let (from, to) = (short(figure.kind, from), short(figure.kind, to));
        let name = if name.is_empty() { &figure.value_title } else { name };
        let band = fan::at_the_end(figure, panel, series).map(|band| format!(" ({band})")).unwrap_or_default();
        Some(if first == last {
            format!("{name} {to}{band} on {last}")
        } else {
            format!("{name} from {from} on {first} to {to}{band} on {last}")
        })
    };
    figure.series.iter().enumerate().take(lines::COLOURED).filter_map(line).collect()
}
