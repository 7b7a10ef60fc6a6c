//! A mapping held against the columns a file really has.

use std::collections::BTreeSet;
use std::path::Path;

use super::FileMapping;
use super::near::hint;
use super::rule::{Lookup, Rule, Source};
use crate::error::Error;
use crate::sources::header::{is_same, numbered};
use crate::staging::contract::{self, ColumnType};
use crate::staging::rules;

/// What a mapping takes from a file with certain columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Columns of the file that no rule uses.
    pub unused: Vec<String>,
    /// Positions of the columns that are read as dates, from which their format is worked out.
    pub date_columns: Vec<usize>,
    /// Positions of the columns that are read as amounts, which must tell their decimal mark where nothing else does.
    pub amount_columns: Vec<usize>,
    /// Files to look up in; the place of each is the number in the name of its table, `lookup_0`.
    pub lookups: Vec<Lookup>,
}

/// Position of a column by its name; neither capitals nor runs of blanks count.
pub(super) fn position(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| column == name).or_else(|| columns.iter().position(|column| is_same(column, name)))
}

impl FileMapping {
    /// Every rule, with the type of what it gives; rules inside rules follow the one they are in.
    fn rules(&self) -> Vec<(&Rule, ColumnType)> {
        let mut found = Vec::new();
        for table in &self.tables {
            let columns = contract::find(&table.table);
            for (name, rule) in &table.columns {
                let data_type = columns.and_then(|table| table.column_type(name)).unwrap_or(ColumnType::Text);
                rule.visit(&mut |part| {
                    found.push((part, if std::ptr::eq(part, rule) { data_type } else { ColumnType::Text }))
                });
            }
            for condition in &table.when {
                condition.rule().visit(&mut |part| found.push((part, ColumnType::Text)));
            }
        }
        found
    }

    /// Files to look up in, each with its key and value once.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup> {
        let all: BTreeSet<&Lookup> = self.rules().into_iter().filter_map(|(rule, _)| rule.lookup.as_ref()).collect();
        all.into_iter().cloned().collect()
    }

    /// Tables, and columns that each row of them must have and no rule gives.
    fn unmapped(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tables.iter().flat_map(|table| {
            let is_given = |name: &&&str| table.columns.keys().any(|known| known == **name);
            let needed = rules::of(&table.table).required.iter();
            needed.filter(move |name| !is_given(name)).map(|name| (table.table.as_str(), *name))
        })
    }

    /// Holds the mapping against the columns of a file.
    ///
    /// # Errors
    /// [`Error::Source`] naming each column that is missing, near spellings, and the columns there are.
    pub fn bind(&self, columns: &[String], source: &Path) -> Result<Binding, Error> {
        let mut used = BTreeSet::new();
        let (mut date_columns, mut amount_columns) = (BTreeSet::new(), BTreeSet::new());
        let mut missing = BTreeSet::new();
        for (rule, data_type) in self.rules() {
            if let Source::Column(names) = &rule.source {
                match names.iter().find_map(|name| position(columns, name)) {
                    Some(at) => {
                        used.insert(at);
                        if rule.lookup.is_none() && matches!(data_type, ColumnType::Date | ColumnType::Timestamp) {
                            date_columns.insert(at);
                        }
                        if rule.lookup.is_none() && matches!(data_type, ColumnType::Decimal(_)) {
                            amount_columns.insert(at);
                        }
                    }
                    None if rule.is_optional => {}
                    None => {
                        missing.insert(missing_column(columns, names));
                    }
                }
            }
            if let Some(sign) = &rule.sign {
                match position(columns, &sign.column) {
                    Some(at) => {
                        used.insert(at);
                    }
                    None => {
                        missing.insert(missing_column(columns, std::slice::from_ref(&sign.column)));
                    }
                }
            }
        }
        for name in self.values.fill_down.iter().filter(|name| position(columns, name).is_none()) {
            missing.insert(missing_column(columns, std::slice::from_ref(name)));
        }
        if !missing.is_empty() {
            let found = missing.into_iter().collect::<Vec<_>>().join("; ");
            let problem = format!("{found}. The columns are: {}", columns.join(", "));
            return Err(Error::source_file(source, problem));
        }
        if let Some((table, column)) = self.unmapped().next() {
            let problem = format!(
                "the mapping does not say where {column} of {table} is, which every row must have; name its column under [table.columns]. The columns are: {}",
                columns.join(", ")
            );
            return Err(Error::source_file(source, problem));
        }
        let is_used = |name: &String| position(columns, name).is_some_and(|at| used.contains(&at));
        Ok(Binding {
            unused: columns.iter().filter(|name| !is_used(name)).cloned().collect(),
            date_columns: date_columns.into_iter().collect(),
            amount_columns: amount_columns.into_iter().collect(),
            lookups: self.lookups(),
        })
    }
}

fn missing_column(columns: &[String], names: &[String]) -> String {
    let wanted = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
    let places = |name: &String| {
        let is_place = |column: &&String| numbered(column).is_some_and(|(base, _)| is_same(base, name));
        let places = columns.iter().enumerate().filter(|(_, column)| is_place(column));
        places.map(|(at, column)| format!("\"{column}\" (column {})", at + 1)).collect::<Vec<_>>()
    };
    if let Some(places) = names.iter().map(places).find(|places| places.len() > 1) {
        return format!(
            "the column {wanted} stands there more than once; name one of {} in the mapping",
            places.join(", ")
        );
    }
    let near = names.iter().map(|name| hint(name, columns.iter().map(String::as_str))).find(|hint| !hint.is_empty());
    format!("the column {wanted} is missing{}", near.unwrap_or_default())
}
