//! What a query says of itself, in the comment lines above it.

/// A column a query declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredColumn {
    /// Name.
    pub name: String,
    /// Type, in the words of the portable subset: `decimal(38,4)`.
    pub data_type: String,
    /// What it means.
    pub meaning: String,
}

/// A figure a query gives. What stands below its `metric` line is its own; what stands above the first of them holds for
/// every figure of the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredMetric {
    /// Name.
    pub name: String,
    /// Unit of its value.
    pub unit: String,
    /// What it is.
    pub definition: String,
    /// Its name for people.
    pub title: String,
    /// How it is computed.
    pub formula: String,
    /// Where the formula was published, or that it was not.
    pub source: String,
    /// When it misleads.
    pub caveats: Vec<String>,
}

/// A shipped query: one SELECT and its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// File name without its ending; the view's name.
    pub name: String,
    /// Folder under `queries/`: `ledger`, `metrics`, `metrics/rows`, `checks`, `settle`.
    pub folder: String,
    /// One row per what.
    pub grain: String,
    /// The question it answers.
    pub answers: String,
    /// Tables and views it reads.
    pub reads: Vec<String>,
    /// Its columns, in order.
    pub columns: Vec<DeclaredColumn>,
    /// When it misleads, every figure it gives included.
    pub caveats: Vec<String>,
    /// The figures it gives, in order.
    pub metrics: Vec<DeclaredMetric>,
    /// Of a check: `error` or `warning`.
    pub severity: String,
    /// Of a check: what to do about a finding.
    pub fix: String,
    /// Other header lines, in order (`key`, `text`).
    pub others: Vec<(String, String)>,
    /// The SELECT.
    pub sql: String,
}

impl Query {
    /// Reads a query file; `path` is relative to `queries/`.
    ///
    /// A header line is `-- key: text`; a line `--   text` goes on with the one above.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> Self {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let mut query =
            Self { name: file.trim_end_matches(".sql").to_owned(), folder: folder.to_owned(), ..Self::default() };
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next_if(|line| line.starts_with("--")) {
            let said = &line[2..];
            match said.split_once(": ") {
                Some((key, rest)) if !said.starts_with("   ") && is_key(key.trim()) => {
                    entries.push((key.trim().to_owned(), rest.trim().to_owned()));
                }
                _ => {
                    if let Some((_, above)) = entries.last_mut() {
                        above.push(' ');
                        above.push_str(said.trim());
                    }
                }
            }
        }
        query.sql = lines.collect::<Vec<_>>().join("\n");
        for (key, text) in entries {
            query.take(&key, text);
        }
        query
    }

    fn take(&mut self, key: &str, text: String) {
        match (self.metrics.last_mut(), key) {
            (Some(metric), "title") => return metric.title = text,
            (Some(metric), "formula") => return metric.formula = text,
            (Some(metric), "source") => return metric.source = text,
            (Some(metric), "caveat") => return metric.caveats.push(text),
            _ => {}
        }
        match key {
            "grain" => self.grain = text,
            "answers" => self.answers = text,
            "reads" => self.reads = text.split(',').map(|name| name.trim().to_owned()).collect(),
            "column" => self.columns.extend(declared_column(&text)),
            "caveat" => self.caveats.push(text),
            "metric" => self.metrics.push(declared_metric(&text)),
            "severity" => self.severity = text,
            "fix" => self.fix = text,
            _ => self.others.push((key.to_owned(), text)),
        }
    }

    /// The header line of another key.
    #[must_use]
    pub fn other(&self, key: &str) -> Option<&str> {
        self.others.iter().find(|(k, _)| k == key).map(|(_, text)| text.as_str())
    }
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == ' ') && word.len() <= 20
}

/// `as_of date   the day asked for`: name, type, meaning.
fn declared_column(text: &str) -> Option<DeclaredColumn> {
    let (name, rest) = text.split_once(' ')?;
    let rest = rest.trim_start();
    let (data_type, meaning) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(DeclaredColumn { name: name.to_owned(), data_type: data_type.to_owned(), meaning: meaning.trim().to_owned() })
}

/// `dso_simple days  the balance in days of sales`: name, unit, definition.
fn declared_metric(text: &str) -> DeclaredMetric {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim_start();
    let (unit, definition) = rest.split_once(' ').unwrap_or((rest, ""));
    DeclaredMetric {
        name: name.to_owned(),
        unit: unit.to_owned(),
        definition: definition.trim().to_owned(),
        ..DeclaredMetric::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_a_figure_is_its_own() {
        let text = "-- caveat: of both\n-- metric: a days  the one\n-- formula: x / y\n-- caveat: of a\n\
                    -- metric: b rate  the other\n-- source: own definition\n-- column: as_of date  the day\nselect 1\n";
        let query = Query::parse("metrics/x.sql", text);
        let [a, b] = query.metrics.as_slice() else { panic!("{:?}", query.metrics) };
        assert_eq!((a.name.as_str(), a.unit.as_str(), a.definition.as_str()), ("a", "days", "the one"));
        assert_eq!(
            (a.formula.as_str(), a.source.as_str(), a.caveats.as_slice()),
            ("x / y", "", &["of a".to_owned()][..])
        );
        assert_eq!(
            (b.source.as_str(), b.caveats.len(), query.caveats.as_slice()),
            ("own definition", 0, &["of both".to_owned()][..])
        );
        assert_eq!(query.columns.len(), 1);
    }

    #[test]
    fn reads_the_header_and_leaves_the_select() {
        let text = "-- grain: one row per day\n-- reads: item, run_date\n-- column: as_of date   the day asked for\n\
                    -- caveat: misleads when\n--   nothing is open\nselect 1\n";
        let query = Query::parse("metrics/x.sql", text);
        assert_eq!(query.name, "x");
        assert_eq!(query.folder, "metrics");
        assert_eq!(query.reads, ["item", "run_date"]);
        assert_eq!(query.columns[0].data_type, "date");
        assert_eq!(query.columns[0].meaning, "the day asked for");
        assert_eq!(query.caveats, ["misleads when nothing is open"]);
        assert_eq!(query.sql, "select 1");
    }
}
