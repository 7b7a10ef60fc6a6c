//! Rules as SQL over the columns `c0`, `c1`, … of a file read as text.
//!
//! Every expression gives text: an ISO date, a plain decimal, an identifier in its one spelling, or null. What cannot
//! be read keeps its own text, if need be with a remark behind it, so that the typing that follows rejects the row and
//! shows what stood there. Names of columns never reach the SQL, and words of the user only as literals.

mod amount;

use std::collections::BTreeMap;

use super::bind::position;
use super::rule::{Condition, Lookup, Normal, Rule, Source};
use super::{FileMapping, TableRule, Values};
use crate::sources::date_format::DateFormat;
use crate::sources::date_guess::NO_DATES;
use crate::sources::options::ReadOptions;
use crate::sql_text::literal;
use crate::staging::contract::{self, ColumnType};
use crate::staging::stage::REMARK;
use crate::staging::written_day;

/// Words for yes and no in exports, in small letters; SAP writes `X` and nothing.
const YES: &str = "('true', 't', 'yes', 'y', '1', 'x', 'ja', 'j', 'oui', 'igen', 'tak')";
const NO: &str = "('false', 'f', 'no', 'n', '0', 'nein', 'non', 'nem', 'nie')";

/// What a file's rules are read with.
#[derive(Clone, Debug)]
pub struct ReadContext {
    /// Columns of the file; the one at position n is `c<n>` in SQL.
    pub columns: Vec<String>,
    /// Ways in which dates are written, tried in order.
    pub date_formats: Vec<DateFormat>,
    /// How other values are written.
    pub values: Values,
    /// Files to look up in; the one at position n is the table `lookup_<n>`.
    pub lookups: Vec<Lookup>,
    /// SQL of the line of a row.
    pub line: String,
}

/// A default that stands in where the source has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// What the manifest says of it.
    pub note: String,
    /// SQL condition on a row of the source for which it stands in.
    pub condition: String,
}

/// Codes that are looked up in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// Which of [`ReadContext::lookups`].
    pub lookup_no: usize,
    /// SQL of the code in a row of the source.
    pub key: String,
}

fn list(words: &[String]) -> String {
    words.iter().map(|word| literal(word)).collect::<Vec<_>>().join(", ")
}

impl FileMapping {
    /// How a file of this kind is read: as the mapping says, its numbers with the mark of its amounts.
    #[must_use]
    pub fn reading(&self) -> ReadOptions {
        ReadOptions { decimal_mark: self.values.decimal_mark, ..self.read.clone() }
    }

    /// SQL of the rows of `source` with each empty cell of [`Values::fill_down`] filled from the row before it that has one.
    #[must_use]
    pub fn filled_down(&self, columns: &[String], source: String) -> String {
        let filled = self.values.fill_down.iter().filter_map(|name| position(columns, name)).map(|at| {
            let cell = format!("nullif({}, '')", trimmed(at));
            format!(
                "last_value({cell} ignore nulls) over (order by cast(source_line as bigint) rows unbounded preceding) as c{at}"
            )
        });
        let filled: Vec<String> = filled.collect();
        if filled.is_empty() { source } else { format!("select * replace ({}) from ({source})", filled.join(", ")) }
    }

    /// What the rules are read with: `date_formats` where the mapping names none, `line` as the SQL of a row's line.
    #[must_use]
    pub fn context(&self, columns: &[String], date_formats: &[DateFormat], line: &str) -> ReadContext {
        let own = &self.values.date_formats;
        ReadContext {
            columns: columns.to_vec(),
            date_formats: if own.is_empty() { date_formats.to_vec() } else { own.clone() },
            values: self.values.clone(),
            lookups: self.lookups(),
            line: line.to_owned(),
        }
    }
}

impl Lookup {
    /// The statement that makes the table this file is looked up in. `rows` is SQL with the text columns `key` and
    /// `value`. A key with two different values gives none, for nothing says which is right.
    #[must_use]
    pub fn table_sql(&self, no: usize, rows: &str) -> String {
        let key = normalised("nullif(trim(r.key), '')", self.normal);
        let [least, most] = ["min", "max"].map(|end| format!("{end}(nullif(trim(r.value), ''))"));
        format!(
            "create or replace temp table lookup_{no} as \
             select {key} as key, case when {least} = {most} then {least} end as value, \
               coalesce({least} <> {most}, false) as is_ambiguous \
             from ({rows}) r where {key} is not null group by {key}"
        )
    }
}

impl TableRule {
    /// SQL of each column, in the order of their names.
    #[must_use]
    pub fn columns_sql(&self, context: &ReadContext) -> Vec<(String, String)> {
        let table = contract::find(&self.table);
        let data_type = |name: &str| table.and_then(|table| table.column_type(name)).unwrap_or(ColumnType::Text);
        self.columns.iter().map(|(name, rule)| (name.clone(), rule.sql(data_type(name), context))).collect()
    }

    /// SQL condition under which a row of the file gives a row of this table; none where every row does.
    #[must_use]
    pub fn condition_sql(&self, context: &ReadContext) -> Option<String> {
        let conditions: Vec<String> = self.when.iter().map(|condition| condition.sql(context)).collect();
        (!conditions.is_empty()).then(|| conditions.join(" and "))
    }

    /// The same, true where every row does.
    #[must_use]
    pub fn met_sql(&self, context: &ReadContext) -> String {
        self.condition_sql(context).unwrap_or_else(|| "true".to_owned())
    }

    /// The source's columns that each column is made from, in words.
    #[must_use]
    pub fn source_names(&self, context: &ReadContext) -> BTreeMap<String, String> {
        let cleared_on = self.cleared_on.iter().map(|rule| ("cleared_on", rule));
        let rules = self.columns.iter().map(|(name, rule)| (name.as_str(), rule)).chain(cleared_on);
        let named = rules.map(|(name, rule)| (name.to_owned(), rule.source_names(context)));
        named.filter(|(name, names)| !names.is_empty() && names != name).collect()
    }

    /// SQL of the clearing date, where rows are implied from one.
    #[must_use]
    pub fn cleared_on_sql(&self, context: &ReadContext) -> Option<String> {
        self.cleared_on.as_ref().map(|rule| rule.sql(ColumnType::Date, context))
    }

    /// The defaults that the manifest counts.
    #[must_use]
    pub fn assumptions(&self, context: &ReadContext) -> Vec<Assumption> {
        let mut found = Vec::new();
        for rule in self.columns.values() {
            rule.visit(&mut |part| {
                if let Some(note) = &part.default_note {
                    let condition = format!("({}) is null", part.text(context));
                    found.push(Assumption { note: note.clone(), condition });
                }
            });
        }
        found
    }

    /// What is looked up, for the manifest to tell which codes are not there.
    #[must_use]
    pub fn looked_up(&self, context: &ReadContext) -> Vec<LookedUp> {
        let mut found = Vec::new();
        for rule in self.columns.values() {
            rule.visit(&mut |part| {
                let looked_up = part.lookup_no(context).map(|lookup_no| LookedUp { lookup_no, key: part.key(context) });
                found.extend(looked_up.filter(|looked_up| !found.contains(looked_up)));
            });
        }
        found
    }
}

impl Condition {
    fn sql(&self, context: &ReadContext) -> String {
        let text = self.rule().text(context);
        match self {
            Self::In(_, words) => format!("({text}) in ({})", list(words)),
            Self::NotIn(_, words) => format!("(({text}) is null or ({text}) not in ({}))", list(words)),
            Self::Filled(_, true) => format!("coalesce(({text}) not in ({}), false)", no_dates()),
            Self::Filled(_, false) => format!("coalesce(({text}) in ({}), true)", no_dates()),
            Self::NotZero(rule) => {
                format!(
                    "coalesce(try_cast({} as decimal(38, 9)) <> 0, false)",
                    rule.sql(ColumnType::Decimal(4), context)
                )
            }
            // What is no amount has its row refused, not passed over.
            Self::FilledNotZero(rule) => {
                format!(
                    "(coalesce(({text}) not in ({}), false) and coalesce(try_cast({} as decimal(38, 9)) <> 0, true))",
                    no_dates(),
                    rule.sql(ColumnType::Decimal(4), context)
                )
            }
        }
    }
}

/// A cell without what stands around it: blanks of any kind, tabs, line ends and the mark of a file joined to another.
fn trimmed(at: usize) -> String {
    format!("trim(trim(c{at}), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279))")
}

fn no_dates() -> String {
    NO_DATES.map(literal).join(", ")
}

impl Rule {
    /// The rule as SQL that gives text for a column of this type, or null.
    #[must_use]
    pub fn sql(&self, data_type: ColumnType, context: &ReadContext) -> String {
        let text = self.text(context);
        // What a mapping itself says is in the ledger's own writing already.
        let is_found = matches!(self.source, Source::Constant(_) | Source::BySign { .. }) || self.lookup.is_some();
        let is_own = is_found || !self.map.is_empty();
        let value = match data_type {
            // Beside the dates that a map gives stand those of the source.
            ColumnType::Date | ColumnType::Timestamp => self.date(&text, data_type, is_found, context),
            ColumnType::Decimal(_) | ColumnType::Int | ColumnType::Double if !is_own => self.amount(&text, context),
            ColumnType::Boolean if !is_own => {
                format!(
                    "case when lower({text}) in {YES} then 'true' when lower({text}) in {NO} then 'false' else {text} end"
                )
            }
            _ => text,
        };
        let value = if self.prefix.is_empty() { value } else { format!("{} || {value}", literal(&self.prefix)) };
        match &self.default {
            Some(default) => format!("coalesce({value}, {})", literal(default)),
            None => value,
        }
    }

    /// The columns of the file that the value is made from, in words.
    fn source_names(&self, context: &ReadContext) -> String {
        let mut names: Vec<&str> = Vec::new();
        self.visit(&mut |part| {
            if let Source::Column(wanted) = &part.source
                && let Some(at) = wanted.iter().find_map(|name| position(&context.columns, name))
                && !names.contains(&context.columns[at].as_str())
            {
                names.push(&context.columns[at]);
            }
        });
        names.join(", ")
    }

    /// The value as text, before it is read as a date or an amount and before any default.
    fn text(&self, context: &ReadContext) -> String {
        let key = self.key(context);
        match self.lookup_no(context) {
            Some(no) => {
                // The map is applied inside, so that the value found is written once however many words there are.
                let value = self.mapped(&format!("lookup_{no}.value"));
                format!("(select {value} from lookup_{no} where lookup_{no}.key = {key})")
            }
            None if matches!(self.source, Source::Nothing) => key,
            None => self.mapped(&key),
        }
    }

    fn lookup_no(&self, context: &ReadContext) -> Option<usize> {
        self.lookup.as_ref().and_then(|lookup| context.lookups.iter().position(|known| known == lookup))
    }

    /// The value of the source in its one spelling: what is looked up, or mapped.
    fn key(&self, context: &ReadContext) -> String {
        let source = match &self.source {
            Source::Nothing => return "cast(null as varchar)".to_owned(),
            Source::Constant(text) => literal(text),
            Source::Line => format!("cast({} as varchar)", context.line),
            Source::Column(names) => match names.iter().find_map(|name| position(&context.columns, name)) {
                Some(at) => context.cell(at),
                None => return "cast(null as varchar)".to_owned(),
            },
            Source::Concat(parts, separator) => {
                let parts: Vec<String> =
                    parts.iter().map(|part| format!("({})", part.sql(ColumnType::Text, context))).collect();
                format!("({})", parts.join(&format!(" || {} || ", literal(separator))))
            }
            Source::BySign { amount, positive, negative } => {
                let [positive, negative] = [positive, negative].map(|rule| rule.sql(ColumnType::Text, context));
                let amount = amount.sql(ColumnType::Decimal(4), context);
                format!("case when starts_with({amount}, '-') then {negative} else {positive} end")
            }
        };
        normalised(&source, self.normal)
    }

    fn mapped(&self, text: &str) -> String {
        if self.map.is_empty() {
            return text.to_owned();
        }
        // As in a file, an empty text is nothing.
        let meant = |to: &String| if to.is_empty() { "null".to_owned() } else { literal(to) };
        let cases: Vec<String> =
            self.map.iter().map(|(from, to)| format!("when {} then {}", literal(from), meant(to))).collect();
        let cases = cases.join(" ");
        match &self.otherwise {
            Some(otherwise) => {
                format!("case when {text} is not null then case {text} {cases} else {} end end", literal(otherwise))
            }
            None => format!("case {text} {cases} else {text} end"),
        }
    }

    fn date(&self, text: &str, data_type: ColumnType, is_own: bool, context: &ReadContext) -> String {
        let formats: &[DateFormat] = if is_own { &[] } else { &context.date_formats };
        let days = self.days(context);
        let filled = format!("(case when {text} not in ({}) then {text} end)", no_dates());
        if formats.iter().all(DateFormat::is_iso) && days.is_none() {
            return filled;
        }
        let day = match data_type {
            ColumnType::Timestamp => written_day::moment(text, formats),
            _ => written_day::day(text, formats),
        };
        let read = match days {
            None => format!("coalesce(cast({day} as varchar), {filled})"),
            Some((sign, days)) => format!(
                "coalesce(cast({day} {sign} {} as varchar), \
                 {filled} || case when {day} is null then '' else \
                   ' {sign} ' || coalesce(split_part({days}, '{REMARK}', 1), '?') || ' days{REMARK}the days are no whole number' end)",
                whole_number(&days)
            ),
        };
        // A day that stands for none is none, however it is written.
        format!(
            "case when coalesce(cast({day} as date) in (date '9999-12-31', date '4712-12-31'), false) then null else {read} end"
        )
    }

    fn days(&self, context: &ReadContext) -> Option<(char, String)> {
        let plus = self.plus_days.as_ref().map(|rule| ('+', rule.sql(ColumnType::Int, context)));
        plus.or_else(|| self.minus_days.as_ref().map(|rule| ('-', rule.sql(ColumnType::Int, context))))
    }
}

impl ReadContext {
    /// The trimmed text of a cell; null where it is empty or a word for nothing.
    fn cell(&self, at: usize) -> String {
        if self.values.nulls.is_empty() {
            return format!("nullif({}, '')", trimmed(at));
        }
        let words: Vec<String> = self.values.nulls.iter().map(|word| word.trim().to_lowercase()).collect();
        let text = trimmed(at);
        format!("(case when lower({text}) not in ('', {}) then {text} end)", list(&words))
    }
}

/// An identifier in its one spelling. The cheap test comes first and the costly one inside it: a `case` looks at the
/// inner one only for the rows that pass.
fn normalised(text: &str, normal: Normal) -> String {
    let mut key = text.to_owned();
    if normal.upper {
        key = format!("upper({key})");
    }
    if normal.strip_zeros {
        key = format!(
            "case when starts_with({key}, '0') then case when {} then coalesce(nullif(ltrim({key}, '0'), ''), '0') \
             else {key} end else {key} end",
            is_number(&key)
        );
    }
    if let Some(length) = normal.pad {
        // lpad cuts a text that is longer.
        key = format!(
            "case when length({key}) < {length} then case when {} then lpad({key}, {length}, '0') else {key} end \
             else {key} end",
            is_number(&key)
        );
    }
    key
}

/// A whole number of days, also with a point and noughts, as a workbook gives it; a cast alone would round.
fn whole_number(text: &str) -> String {
    format!("try_cast(case when regexp_full_match({text}, '[-+]?[0-9]+(?:[.]0*)?') then {text} end as int)")
}

fn is_number(key: &str) -> String {
    format!("translate({key}, '0123456789', '') = ''")
}
