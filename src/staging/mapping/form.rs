//! A mapping as it is written in TOML, and how it becomes a [`Mapping`].

use std::collections::BTreeMap;

use serde::Deserialize;

use super::implied;
use super::marks::DASHES;
use super::near::hint;
use super::rule::{Condition, Rule};
use super::{FileMapping, Mapping, TableRule, Values, vocabulary};
use crate::sources::options::ReadOptions;
use crate::staging::contract;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingForm {
    name: String,
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default)]
    title: String,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    read: ReadOptions,
    #[serde(default)]
    values: Values,
    #[serde(default)]
    table: Vec<TableForm>,
    #[serde(default)]
    file: Vec<FileForm>,
}

fn first_version() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    name: String,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    read: ReadOptions,
    #[serde(default)]
    values: Values,
    table: Vec<TableForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableForm {
    table: String,
    #[serde(default)]
    distinct: bool,
    #[serde(default)]
    when: Vec<WhenForm>,
    cleared_on: Option<Rule>,
    columns: BTreeMap<String, Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhenForm {
    column: String,
    #[serde(default)]
    optional: bool,
    equals: Option<String>,
    #[serde(rename = "in")]
    is_in: Option<Vec<String>>,
    not_in: Option<Vec<String>>,
    filled: Option<bool>,
    nonzero: Option<bool>,
}

/// Reads a mapping.
///
/// # Errors
/// The sentence that says where and what is wrong.
pub(super) fn parse(text: &str) -> Result<Mapping, String> {
    let form: MappingForm = toml::from_str(text).map_err(|e| shown(text, &e))?;
    let MappingForm { name, version, title, notes, read, values, table, file } = form;
    let mut files = Vec::new();
    match (table.is_empty(), file.is_empty()) {
        (true, true) => return Err("has no [[table]]; say which table of the ledger the rows are for".to_owned()),
        (false, false) => {
            return Err("has both [[table]] and [[file]]; put the tables under their [[file.table]]".to_owned());
        }
        (false, true) => {
            files.push(FileMapping { name: name.clone(), has: Vec::new(), read, values, tables: tables(table)? })
        }
        (true, false) => {
            for form in file {
                let context = |problem| format!("file \"{}\": {problem}", form.name);
                files.push(FileMapping {
                    name: form.name.clone(),
                    has: form.has,
                    read: form.read.or(&read),
                    values: form.values.or(&values),
                    tables: tables(form.table).map_err(context)?,
                });
            }
        }
    }
    for Values { decimal_mark, thousands_mark, currency_marks, .. } in files.iter().map(|file| &file.values) {
        let decimal_mark = decimal_mark.unwrap_or('.');
        if *thousands_mark == Some(decimal_mark) {
            return Err(format!("\"{decimal_mark}\" is both decimal_mark and thousands_mark; say which mark is which"));
        }
        currency_marks.iter().try_for_each(|mark| passed_over(mark))?;
    }
    files.iter_mut().for_each(FileMapping::give_currency);
    Ok(Mapping { name, version, title, notes, files })
}

/// Refuses to pass over what makes an amount negative.
fn passed_over(mark: &str) -> Result<(), String> {
    if mark.trim().chars().all(|c| DASHES.contains(&c)) {
        return Err(format!(
            "\"{mark}\" of currency_marks is a minus, and would be passed over; leave it out: it is read as one"
        ));
    }
    match vocabulary::is_credit(mark) {
        None => Ok(()),
        Some(is_credit) => {
            let suffix = if is_credit { "negative_suffix" } else { "positive_suffix" };
            Err(format!(
                "\"{mark}\" of currency_marks tells credits from debits, and would be passed over; where it stands behind amounts say {suffix} = \"{mark}\""
            ))
        }
    }
}

fn tables(forms: Vec<TableForm>) -> Result<Vec<TableRule>, String> {
    let mut rules = Vec::new();
    for form in forms {
        let table = contract::find(&form.table).ok_or_else(|| {
            let names: Vec<&str> = contract::tables().iter().map(|table| table.name).collect();
            format!(
                "\"{}\" is not a table of the ledger{}; the tables are: {}",
                form.table,
                hint(&form.table, names.iter().copied()),
                names.join(", ")
            )
        })?;
        for name in form.columns.keys() {
            if table.column_type(name).is_none() {
                let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
                let near = hint(name, names.iter().copied());
                return Err(format!(
                    "\"{name}\" is not a column of {}{near}; its columns are: {}",
                    form.table,
                    names.join(", ")
                ));
            }
        }
        let when = form.when.into_iter().map(WhenForm::condition).collect::<Result<_, _>>()?;
        let rule = TableRule {
            table: form.table,
            is_implied: false,
            is_distinct: form.distinct,
            cleared_on: None,
            when,
            columns: form.columns,
        };
        match form.cleared_on {
            None => rules.push(rule),
            Some(cleared_on) => rules.extend(implied::expand(rule, &cleared_on)?),
        }
    }
    Ok(rules)
}

impl WhenForm {
    fn condition(self) -> Result<Condition, String> {
        let rule = Rule { is_optional: self.optional, ..Rule::column(&self.column) };
        match (self.equals, self.is_in, self.not_in, self.filled, self.nonzero) {
            (Some(word), None, None, None, None) => Ok(Condition::In(rule, vec![word])),
            (None, Some(words), None, None, None) => Ok(Condition::In(rule, words)),
            (None, None, Some(words), None, None) => Ok(Condition::NotIn(rule, words)),
            (None, None, None, Some(is_filled), None) => Ok(Condition::Filled(rule, is_filled)),
            (None, None, None, None, Some(true)) => Ok(Condition::FilledNotZero(rule)),
            _ => Err(format!(
                "the condition on \"{}\" needs one of equals, in, not_in, filled and nonzero = true",
                self.column
            )),
        }
    }
}

impl Values {
    /// These values, and `base` where they leave something open.
    fn or(self, base: &Self) -> Self {
        let list = |own: Vec<String>, base: &[String]| if own.is_empty() { base.to_vec() } else { own };
        Self {
            date_formats: if self.date_formats.is_empty() { base.date_formats.clone() } else { self.date_formats },
            decimal_mark: self.decimal_mark.or(base.decimal_mark),
            thousands_mark: self.thousands_mark.or(base.thousands_mark),
            negative_suffix: self.negative_suffix.or_else(|| base.negative_suffix.clone()),
            positive_suffix: self.positive_suffix.or_else(|| base.positive_suffix.clone()),
            currency_marks: list(self.currency_marks, &base.currency_marks),
            nulls: list(self.nulls, &base.nulls),
            currency: self.currency.or_else(|| base.currency.clone()),
            fill_down: list(self.fill_down, &base.fill_down),
        }
    }
}

impl FileMapping {
    /// Gives the currency of the values to every item that has no rule for it or no currency of its own.
    fn give_currency(&mut self) {
        let Some(currency) = &self.values.currency else { return };
        for table in self.tables.iter_mut().filter(|table| table.table == "item") {
            let rule = table.columns.entry("currency".to_owned()).or_insert_with(|| Rule::constant(currency));
            rule.default.get_or_insert_with(|| currency.clone());
        }
    }
}

/// An error of the TOML reader, with its line.
fn shown(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let place = line.map_or_else(String::new, |line| format!("line {line}: "));
    format!("{place}{}", error.message().trim())
}
