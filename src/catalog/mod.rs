//! The queries the project ships: what each declares of itself, what it needs, and how it becomes a view.

pub mod bind;
pub mod header;
pub mod plan;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::embedded::QUERIES as QUERY_FILES;
use header::Query;

static QUERIES: LazyLock<BTreeMap<String, Query>> = LazyLock::new(|| {
    let parsed =
        QUERY_FILES.iter().filter(|(path, _)| *path != "schema.sql").map(|(path, sql)| Query::parse(path, sql));
    parsed.map(|query| (query.name.clone(), query)).collect()
});

/// Every shipped query, by view name.
#[must_use]
pub fn queries() -> &'static BTreeMap<String, Query> {
    &QUERIES
}

/// The shipped queries of one folder (`metrics`, `checks`, …), in order of name.
pub fn in_folder(folder: &str) -> impl Iterator<Item = &'static Query> {
    QUERIES.values().filter(move |query| query.folder == folder)
}
