//! In which order views must be made.

use std::collections::{BTreeMap, BTreeSet};

use super::header::Query;
use crate::error::Error;

/// The queries that `wanted` needs, itself included, each after what it reads. Names that are no query (tables) are
/// left out.
///
/// # Errors
/// [`Error::Internal`] where queries read each other in a circle.
pub fn order<'a>(queries: &'a BTreeMap<String, Query>, wanted: &[&str]) -> Result<Vec<&'a Query>, Error> {
    let mut plan = Planner { queries, done: BTreeSet::new(), open: Vec::new(), ordered: Vec::new() };
    for name in wanted {
        plan.visit(name)?;
    }
    Ok(plan.ordered)
}

struct Planner<'a> {
    queries: &'a BTreeMap<String, Query>,
    done: BTreeSet<String>,
    open: Vec<String>,
    ordered: Vec<&'a Query>,
}

impl Planner<'_> {
    fn visit(&mut self, name: &str) -> Result<(), Error> {
        let Some(query) = self.queries.get(name) else { return Ok(()) };
        if self.open.iter().any(|n| n == name) {
            return Err(Error::internal(format!(
                "queries read each other in a circle: {} -> {name}",
                self.open.join(" -> ")
            )));
        }
        if !self.done.insert(name.to_owned()) {
            return Ok(());
        }
        self.open.push(name.to_owned());
        for read in &query.reads {
            self.visit(read)?;
        }
        self.open.pop();
        self.ordered.push(query);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(reads: &[(&str, &[&str])]) -> BTreeMap<String, Query> {
        let query = |(name, reads): &(&str, &[&str])| {
            let reads = reads.iter().map(|&r| r.to_owned()).collect();
            ((*name).to_owned(), Query { name: (*name).to_owned(), reads, ..Query::default() })
        };
        reads.iter().map(query).collect()
    }

    #[test]
    fn puts_what_is_read_before_what_reads_it() {
        let queries = catalogue(&[("a", &["b", "item"]), ("b", &["c"]), ("c", &[]), ("d", &[])]);
        let ordered = order(&queries, &["a"]).expect("no circle");
        assert_eq!(ordered.iter().map(|q| q.name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
    }

    #[test]
    fn a_circle_is_an_error_that_shows_it() {
        let queries = catalogue(&[("a", &["b"]), ("b", &["a"])]);
        let error = order(&queries, &["a"]).expect_err("a circle").to_string();
        assert!(error.contains("a -> b -> a"), "{error}");
    }
}
