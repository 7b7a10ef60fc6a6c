//! Every figure by name, from the headers of the queries that give it.

use crate::catalog::header::{DeclaredMetric, Query};
use crate::catalog::in_folder;

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub metric: String,
    /// Its name for people.
    pub title: String,
    /// Unit of its value.
    pub unit: String,
    /// The question that it and the other figures of its query answer.
    pub question: String,
    /// The report it stands in: `dso` or `kpi`.
    pub report: String,
    /// What it is.
    pub definition: String,
    /// How it is computed.
    pub formula: String,
    /// Where the formula was published, or that it was not.
    pub source: String,
    /// When it misleads: its own caveats, then those of its query.
    pub caveats: Vec<String>,
    /// The query that computes it.
    pub query_path: String,
    /// The view of that query.
    pub view: String,
    /// View of the rows behind it.
    pub rows_view: String,
}

/// Every figure, in order of name.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let of_query = |query: &'static Query| query.metrics.iter().map(move |metric| entry(query, metric));
    let mut entries: Vec<Entry> = in_folder("metrics").flat_map(of_query).collect();
    entries.sort_by(|a, b| a.metric.cmp(&b.metric));
    entries
}

/// One figure by its name or its title.
#[must_use]
pub fn find(metric: &str) -> Option<Entry> {
    let wanted = metric.trim().to_lowercase();
    entries().into_iter().find(|entry| entry.metric == wanted || entry.title.to_lowercase() == wanted)
}

fn entry(query: &Query, metric: &DeclaredMetric) -> Entry {
    Entry {
        metric: metric.name.clone(),
        title: metric.title.clone(),
        unit: metric.unit.clone(),
        question: query.answers.clone(),
        report: if query.name.ends_with("_kpi") { "kpi".to_owned() } else { "dso".to_owned() },
        definition: metric.definition.clone(),
        formula: metric.formula.clone(),
        source: metric.source.clone(),
        caveats: metric.caveats.iter().chain(&query.caveats).cloned().collect(),
        query_path: format!("queries/{}/{}.sql", query.folder, query.name),
        view: query.name.clone(),
        rows_view: query.other("rows").map_or_else(|| rows_read(query), str::to_owned),
    }
}

/// The view of rows that a query sums up.
fn rows_read(query: &Query) -> String {
    query.reads.iter().find(|name| name.ends_with("_row")).cloned().unwrap_or_default()
}
