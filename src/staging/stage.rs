//! The one statement that types a file: each row comes out typed, with the number of the first rule it breaks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::contract::{ColumnType, Table, sql_name};
use super::rules::{self, Rules};
use super::written_day;
use crate::sources::date_format::DateFormat;
use crate::sql_text::literal;

/// How much of a value is told where it is not the first that is wrong with its row.
const SHOWN_CHARS: usize = 40;

/// What stands between a value that cannot be read and a remark on it.
pub const REMARK: char = '\u{1f}';

/// The name under which an unreadable clearing date is refused, as mappings call it.
const CLEARED_ON: &str = "cleared_on";

/// An item cleared longer before it was issued was not: the day fills a column that has to have one.
const PREPAID_DAYS_MOST: u32 = 730;
const FILLER_REASON: &str = "is years before issued_on; where it stands for no day, name it under nulls in [values] of the mapping, as the file writes it";

/// What stands in the place of a number in the totals that lists end with.
const TOTAL_WORDS: [&str; 27] = [
    "total",
    "total:",
    "totals",
    "grand total",
    "grand total:",
    "subtotal",
    "sub-total",
    "sub total",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "összesen",
    "összesen:",
    "mindösszesen",
    "razem",
    "suma",
    "total general",
    "sous-total",
    "totale",
    "totaal",
    "итого",
    "всего",
    "合计",
    "总计",
    "小计",
];
const TOTAL_REASON: &str =
    "is the word of a row of totals, whose amounts stand in other rows too; leave such rows out (when, with not_in)";

/// From here on numbers of single precision (24 bits) lie further apart than a hundredth.
const SINGLE_BELOW: u32 = 1 << 17;

/// How a column arrives from its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// SQL over the source's columns.
    pub sql: String,
    /// Whether it is text still to be read, or a value the file itself types (Parquet).
    pub form: Form,
}

/// The form a value arrives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text,
    /// Typed by the file, exactly.
    Typed,
    /// Binary floating point, by the file.
    Float,
}

/// What is staged, and from where.
#[derive(Clone, Debug)]
pub struct Staging<'a> {
    /// The table the rows are for.
    pub table: &'a Table,
    /// SQL of the source's rows: `select … from read_csv(…)`.
    pub source: String,
    /// The source's columns, for the content of a rejected row.
    pub source_columns: Vec<String>,
    /// What each column of the table is made from; columns not named are null.
    pub incoming: BTreeMap<String, Incoming>,
    /// SQL condition on the source's rows.
    pub when: Option<String>,
    /// SQL of the line a row starts on; none where it is the row's number after a header line.
    pub line: Option<String>,
    /// How dates of a column are written where they are not ISO.
    pub date_formats: BTreeMap<String, DateFormat>,
    /// Currency of rows that name none.
    pub currency: Option<String>,
    /// Made by a mapping from a clearing date.
    pub is_implied: bool,
    /// What a mapping adds.
    pub mapped: Option<Mapped>,
}

/// What a mapping adds to the staging of a table.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// How dates are written, in words.
    pub date_words: String,
    /// The source's columns that each column of the table is made from, in words.
    pub source_names: BTreeMap<String, String>,
    /// SQL of the clearing date of an item, which rows are implied from.
    pub cleared_on: Option<String>,
}

/// A rule as it stands in a staging statement; its number is its place in [`Staging::faults`], from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Column of the table.
    pub column: String,
    /// SQL condition over the typed columns and the texts `t_<column>`.
    pub when: String,
    /// What was expected, after the value.
    pub reason: String,
}

impl Staging<'_> {
    /// Every rule the rows are held to: types first, then what is required, words, and the table's own.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let Rules { required, words, refusals, .. } = rules::of(self.table.name);
        let mut faults = Vec::new();
        for &(column, data_type) in &self.table.columns {
            if let Some(incoming) = self.incoming.get(column) {
                faults.extend(self.type_fault(column, data_type, incoming.form));
            }
        }
        let fault = |column: &str, when: String, reason: &str| Fault {
            column: column.to_owned(),
            when,
            reason: reason.to_owned(),
        };
        for column in required {
            let reason = match self.mapped {
                Some(_) if *column == "customer_id" => {
                    "is missing; every row must have it (where it stands once above its rows: fill_down in [values])"
                }
                _ => "is missing; every row must have it",
            };
            faults.push(fault(column, format!("{} is null", sql_name(column)), reason));
        }
        for (column, words) in words {
            // One by one, as few rows are left after the first words; a list is looked through for every row.
            let is_none = words.iter().map(|word| format!("{column} <> '{word}'")).collect::<Vec<_>>().join(" and ");
            let remedy = if self.mapped.is_some() {
                format!("; say what it means in the map of {column}")
            } else {
                String::new()
            };
            let reason = format!("is not one of {}{remedy}", words.join(", "));
            faults.push(fault(column, is_none, &reason));
        }
        for refusal in refusals {
            faults.push(fault(refusal.column, refusal.when.to_owned(), refusal.reason));
        }
        if let Some(mapped) = &self.mapped {
            if mapped.cleared_on.is_some() {
                let day = written_day::day("t_cleared_on", &[]);
                faults.push(self.unread_day(CLEARED_ON, &day));
                faults.push(fault(CLEARED_ON, format!("{day} < issued_on - {PREPAID_DAYS_MOST}"), FILLER_REASON));
            }
            if self.table.name == "item" {
                let is_total = format!("lower(trim(item_id)) in ({})", TOTAL_WORDS.map(literal).join(", "));
                // Such a row has little else, which is not what is wrong with it.
                faults.insert(0, fault("item_id", is_total, TOTAL_REASON));
            }
            for fault in &mut faults {
                if let Some(names) = mapped.source_names.get(&fault.column) {
                    write!(fault.reason, " (from {names})").expect("a string takes all");
                }
            }
        }
        faults
    }

    /// The rule that a text is a day; `read` is SQL of what it was read as.
    fn unread_day(&self, column: &str, read: &str) -> Fault {
        let reason = match self.date_words(column) {
            Some(words) => format!("is not a date; dates are read as {words}, unless --date-format says otherwise"),
            None => "is not a date; expected YYYY-MM-DD, or say how they are written with --date-format".to_owned(),
        };
        Fault { column: column.to_owned(), when: format!("t_{column} is not null and {read} is null"), reason }
    }

    /// How the days of a column are written, where that was said or worked out.
    fn date_words(&self, column: &str) -> Option<String> {
        let own = self.date_formats.get(column).map(ToString::to_string);
        own.or_else(|| self.mapped.as_ref().map(|mapped| mapped.date_words.clone()))
    }

    fn type_fault(&self, column: &str, data_type: ColumnType, form: Form) -> Option<Fault> {
        let text = format!("t_{column}");
        let unread = format!("{text} is not null and {} is null", sql_name(column));
        let (when, reason) = match data_type {
            ColumnType::Text => return None,
            ColumnType::Date => return Some(self.unread_day(column, sql_name(column))),
            ColumnType::Timestamp => (
                unread,
                format!(
                    "is not a time; expected a day, or a day and a time as in {} HH:MM:SS, without a zone",
                    self.date_words(column).unwrap_or_else(|| "YYYY-MM-DD".to_owned())
                ),
            ),
            ColumnType::Decimal(scale) => {
                let when = match form {
                    // Nearly every amount passes the first test, which is the cheap one.
                    Form::Text => format!(
                        "not regexp_full_match({text}, '-?[0-9]{{1,{whole}}}(\\.[0-9]{{0,{scale}}})?') and (({unread}) or (length({text}) - strpos({text}, '.') > {scale} and strpos({text}, '.') > 0 and length(rtrim({text}, '0')) - strpos({text}, '.') > {scale}) or strpos({text}, '_') > 0 or (strpos(lower({text}), 'e') > 0 and try_cast({text} as double) <> cast({column} as double)))",
                        whole = 18 - scale,
                    ),
                    Form::Float => format!(
                        "({unread}) or abs({text} - {column}) > 1e-9 + 1e-14 * abs({text}) or (typeof({text}) = 'FLOAT' and abs({text}) >= {SINGLE_BELOW})"
                    ),
                    Form::Typed => format!("({unread}) or {text} <> {column}"),
                };
                (
                    when,
                    // How a mapping reads amounts is its own remark.
                    format!(
                        "is not an amount; expected {}at most {scale} decimals, below 10^{}{}",
                        if self.mapped.is_some() { "" } else { "digits with a point and " },
                        18 - scale,
                        if form == Form::Float {
                            format!(
                                ", or below {SINGLE_BELOW} in single precision, which has too few digits for cents beyond"
                            )
                        } else {
                            String::new()
                        }
                    ),
                )
            }
            ColumnType::Int => (unread, "is not a whole number".to_owned()),
            ColumnType::Double => (unread, "is not a number".to_owned()),
            ColumnType::Boolean => (unread, "is neither yes nor no; expected true or false".to_owned()),
        };
        Some(Fault { column: column.to_owned(), when, reason })
    }

    /// The statement that makes the staging table `name`: the table's columns, `line_no`, `is_derived`, and, where the row is
    /// wrong, `fault` (the rule's number) and `told` (a list: the value it is about, what else is wrong with the row in words,
    /// and the source's fields as a JSON array). What all rows have in common is no column of it.
    #[must_use]
    pub fn sql(&self, name: &str) -> String {
        let faults = self.faults();
        let mut cases = String::new();
        for (at, fault) in faults.iter().enumerate() {
            writeln!(cases, "    when {} then {}", fault.when, at + 1).expect("a string takes all");
        }
        let fault = if faults.is_empty() { "cast(null as int)".to_owned() } else { format!("case\n{cases}  end") };
        let content = self.content();
        let line = self.line.as_ref().map_or_else(String::new, |line| format!("{line} as line_no, "));
        let line_no = if self.line.is_some() { "line_no, " } else { "" };
        let when = self.when.as_ref().map_or_else(String::new, |when| format!("\n      where {when}"));
        let columns = self.each(|column, _| sql_name(column).to_owned());
        let typed = self.each(|column, data_type| format!("{} as {}", self.typed(column, data_type), sql_name(column)));
        let mut texts = self.each(|column, _| {
            let sql = self.incoming.get(column).map_or("cast(null as string)", |incoming| incoming.sql.as_str());
            format!("{sql} as t_{column}")
        });
        if let Some(cleared_on) = self.mapped.as_ref().and_then(|mapped| mapped.cleared_on.as_ref()) {
            write!(texts, ", {cleared_on} as t_{CLEARED_ON}").expect("a string takes all");
        }
        let defaults = self.each(|column, _| format!("{} as {}", self.defaulted(column), sql_name(column)));
        let value = self.fault_value(&faults);
        let also = self.other_faults(&faults);
        let is_derived = self.derived();
        format!(
            "create temp table {name} as\n\
             select {columns}, {line_no}is_derived, fault,\n\
             \x20 case when fault is not null then list_value({value}, {also}, {content}) end as told\n\
             from (\n\
             \x20 select *, {fault} as fault\n\
             \x20 from (\n\
             \x20   select {defaults}, {is_derived} as is_derived, * exclude ({columns})\n\
             \x20   from (\n\
             \x20     select *, {typed}\n\
             \x20     from (select {texts}, {line}* from ({source}){when})\n\
             \x20   )\n\
             \x20 )\n\
             )",
            source = self.source,
        )
    }

    /// The rows of the source once more, with the line of each as `field_line_no`: of a row that is refused after it was
    /// staged, [`Staging::content`] is told from them.
    #[must_use]
    pub fn fields(&self) -> String {
        let line = self.line.as_deref().unwrap_or("row_number() over () + 1");
        format!("select {line} as field_line_no, * from ({})", self.source)
    }

    /// The source's fields of a row as a JSON array, but for those that must never be kept.
    #[must_use]
    pub fn content(&self) -> String {
        let secret: Vec<&str> = rules::of(self.table.name)
            .secret
            .iter()
            .filter_map(|column| self.incoming.get(*column).map(|incoming| incoming.sql.as_str()))
            .collect();
        let field = |c: &String| {
            if secret.contains(&c.as_str()) { "'(not kept)'".to_owned() } else { format!("cast({c} as string)") }
        };
        let fields = self.source_columns.iter().map(field).collect::<Vec<_>>().join(", ");
        format!("cast(to_json(list_value({fields})) as string)")
    }

    /// The value a broken rule is about, as the source gave it.
    fn fault_value(&self, faults: &[Fault]) -> String {
        let secret = secret_faults(faults, self.table);
        let mut cases = String::new();
        for (at, fault) in faults.iter().enumerate() {
            let no = at + 1;
            if secret.contains(&no) {
                write!(cases, " when {no} then '(not kept)'").expect("a string takes all");
            } else if let Some(value) = self.shown(&fault.column, 1) {
                write!(cases, " when {no} then {value}").expect("a string takes all");
            }
        }
        if cases.is_empty() { "cast(null as string)".to_owned() } else { format!("case fault{cases} end") }
    }

    /// The value of a column as the source gave it (part 1), or a mapping's remark on it (part 2); none where the source
    /// has no such column.
    fn shown(&self, column: &str, part: u8) -> Option<String> {
        let has_text = self.incoming.contains_key(column) || column == CLEARED_ON;
        let value = format!("cast(t_{column} as string)");
        let of_mapping = || format!("split_part({value}, chr({}), {part})", u32::from(REMARK));
        has_text.then(|| if self.mapped.is_some() { of_mapping() } else { value.clone() })
    }

    /// What a mapping remarks on the value a broken rule is about.
    fn remark(&self, faults: &[Fault]) -> Option<String> {
        self.mapped.as_ref()?;
        let secret = secret_faults(faults, self.table);
        let told = faults.iter().enumerate().filter(|(at, _)| !secret.contains(&(at + 1)));
        let cases = told.filter_map(|(at, fault)| {
            let remark = self.shown(&fault.column, 2)?;
            Some(format!(" when {} then '; ' || nullif({remark}, '')", at + 1))
        });
        let cases: String = cases.collect();
        (!cases.is_empty()).then(|| format!("coalesce(case fault{cases} end, '')"))
    }

    /// Every rule that a row breaks beside the first one, in words: one for a column, so that a date that cannot be read is
    /// not missing too.
    fn other_faults(&self, faults: &[Fault]) -> String {
        let secret = secret_faults(faults, self.table);
        let said = faults.iter().enumerate().skip(1).map(|(at, Fault { column, when, reason })| {
            let no = at + 1;
            let before = faults[..at].iter().filter(|earlier| earlier.column == *column);
            let once: String = before.map(|earlier| format!(" and not coalesce({}, false)", earlier.when)).collect();
            let value = if secret.contains(&no) {
                "' (not kept)'".to_owned()
            } else {
                let value = self.shown(column, 1);
                value.map_or("''".to_owned(), |value| {
                    format!("coalesce(' \"' || left({value}, {SHOWN_CHARS}) || '\"', '')")
                })
            };
            let fault = reason.split(';').next().unwrap_or_default();
            let (column, reason) = (literal(&format!("; also {column}")), literal(&format!(" {fault}")));
            format!("case when fault < {no} and ({when}){once} then {column} || {value} || {reason} end")
        });
        let remark = self.remark(faults).unwrap_or_else(|| "''".to_owned());
        format!("concat({})", std::iter::once(remark).chain(said).collect::<Vec<_>>().join(", "))
    }

    /// Each column of the table, shown and joined.
    fn each(&self, show: impl Fn(&str, ColumnType) -> String) -> String {
        self.table.columns.iter().map(|&(column, ty)| show(column, ty)).collect::<Vec<_>>().join(", ")
    }

    /// The value of a column, null where its text cannot be read.
    fn typed(&self, column: &str, data_type: ColumnType) -> String {
        let text = format!("t_{column}");
        let Some(incoming) = self.incoming.get(column) else { return format!("cast(null as {})", data_type.sql()) };
        let sql = data_type.sql();
        match (data_type, incoming.form) {
            (ColumnType::Text, Form::Text) => format!("cast({text} as string)"),
            (ColumnType::Text, _) => typed_text(&text),
            // A typed file may hold days that are none, such as infinity, and years with which days cannot be counted.
            (ColumnType::Date | ColumnType::Timestamp, Form::Typed) => {
                format!(
                    "case when try_cast({text} as date) between date '0001-01-01' and date '9999-12-31' then try_cast({text} as {sql}) end"
                )
            }
            (_, Form::Typed) => format!("try_cast({text} as {sql})"),
            // The shortest text that is the number: rounding a large one would multiply it first, and lose digits.
            (ColumnType::Decimal(_), Form::Float) => format!("try_cast(cast({text} as string) as {sql})"),
            (ColumnType::Date, _) => written_day::day(&text, self.formats(column)),
            (ColumnType::Timestamp, _) => written_day::moment(&text, self.formats(column)),
            (ColumnType::Int, Form::Text) => {
                format!("case when strpos({text}, '.') = 0 then try_cast({text} as int) end")
            }
            (ColumnType::Double, _) => {
                format!("case when isfinite(try_cast({text} as double)) then try_cast({text} as double) end")
            }
            (ColumnType::Boolean, Form::Text) => format!(
                "case when lower({text}) in ('true', 't', 'yes', 'y', '1', 'x') then true when lower({text}) in ('false', 'f', 'no', 'n', '0') then false end"
            ),
            _ => format!("try_cast({text} as {sql})"),
        }
    }

    fn formats(&self, column: &str) -> &[DateFormat] {
        self.date_formats.get(column).map_or(&[], std::slice::from_ref)
    }

    /// The value of a column once the contract's defaults are in.
    fn defaulted(&self, column: &str) -> String {
        match (self.table.name, column) {
            ("item" | "gl_balance", "company") => "coalesce(company, 'main')".to_owned(),
            ("item", "document_no") => "coalesce(document_no, item_id)".to_owned(),
            // A day that is there but cannot be read must be refused, not replaced.
            ("item", "posted_on") => "case when t_posted_on is null then issued_on else posted_on end".to_owned(),
            ("item", "due_on") => format!("case when {} then issued_on + terms_days else due_on end", self.derived()),
            ("application", "application_id") => {
                "coalesce(application_id, credit_item_id || '>' || debit_item_id || '@' || applied_on || ':' || amount)"
                    .to_owned()
            }
            ("assignment", "cover") => "coalesce(cover, 'primary')".to_owned(),
            (_, "currency") => match &self.currency {
                Some(currency) => format!("coalesce(currency, '{}')", currency.replace('\'', "''")),
                None => column.to_owned(),
            },
            _ => sql_name(column).to_owned(),
        }
    }

    /// Whether a value of the row was worked out instead of read.
    fn derived(&self) -> &'static str {
        if self.table.name == "item" {
            // A due date that is there but cannot be read must be refused, not replaced.
            "(case when t_due_on is null and terms_days is not null then kind in ('invoice', 'debit_note', 'chargeback', 'interest', 'refund') or (kind in ('opening', 'adjustment') and amount > 0) else false end)"
        } else {
            "false"
        }
    }
}

/// A value that a file types, as text: a whole number without decimals, so that an identifier that a tool kept as a number is
/// the same in every file.
#[must_use]
pub fn typed_text(value: &str) -> String {
    format!("regexp_replace(cast({value} as string), '^(-?[0-9]+)[.]0+$', '\\1')")
}

/// Numbers of the rules about a value that must never be kept.
fn secret_faults(faults: &[Fault], table: &Table) -> Vec<usize> {
    let secret = rules::of(table.name).secret;
    let numbered = faults.iter().enumerate().map(|(at, fault)| (at + 1, fault));
    numbered.filter(|(_, fault)| secret.contains(&fault.column.as_str())).map(|(no, _)| no).collect()
}
