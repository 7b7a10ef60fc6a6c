//! Every figure by name, from the headers of the queries that give it.

use crate::catalog::header::Query;
use crate::catalog::in_folder;

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub metric: String,
    /// Unit of its value.
    pub unit: String,
    /// The report it stands in: `dso` or `kpi`.
    pub report: String,
    /// What it is.
    pub definition: String,
    /// Published source of its formula.
    pub source: String,
    /// When it misleads.
    pub caveat: String,
    /// The query that computes it.
    pub query_path: String,
    /// View of the rows behind it.
    pub rows_view: String,
}

/// Every figure, in order of name.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = in_folder("metrics").flat_map(of_query).collect();
    entries.sort_by(|a, b| a.metric.cmp(&b.metric));
    entries
}

/// One figure by name.
#[must_use]
pub fn find(metric: &str) -> Option<Entry> {
    entries().into_iter().find(|entry| entry.metric == metric)
}

/// A header line `metric: cei percent   what it is`, for each figure of a query.
fn of_query(query: &Query) -> Vec<Entry> {
    let lines = query.others.iter().filter(|(key, _)| key == "metric").map(|(_, text)| text);
    let entry = |text: &String| {
        let (metric, rest) = text.split_once(' ')?;
        let (unit, definition) = rest.trim_start().split_once(' ')?;
        Some(Entry {
            metric: metric.to_owned(),
            unit: unit.to_owned(),
            report: if query.name.ends_with("_kpi") { "kpi".to_owned() } else { "dso".to_owned() },
            definition: definition.trim().to_owned(),
            source: query.source.clone(),
            caveat: query.caveat.clone(),
            query_path: format!("queries/{}/{}.sql", query.folder, query.name),
            rows_view: query.other("rows").map_or_else(|| rows_read(query), str::to_owned),
        })
    };
    lines.filter_map(entry).collect()
}

/// The view of rows that a query sums up.
fn rows_read(query: &Query) -> String {
    query.reads.iter().find(|name| name.ends_with("_row")).cloned().unwrap_or_default()
}
