//! The reports: each a value made from a view, with the notes a reader must see beside it.
//!
//! A report on existing views is a [`Spec`] in a file of its own and a line in [`all`].

mod aging;
mod aging_trend;
pub mod bridge;
mod cei_trend;
mod checks;
mod concentration;
mod days_late;
mod dispute_funnel;
mod dso;
mod dso_trend;
pub mod figure;
pub mod forecast;
mod headline;
mod items;
mod kpi;
mod loads;
mod month_end;
pub mod pack;
pub mod proof;
mod rejected;
mod roll_rate;
mod rollforward;
pub mod rows_behind;
pub mod targets;
mod top_customers;
mod words;

use crate::catalog::bind::{self, KEY_SEPARATOR, Run};
use crate::catalog::{plan, queries};
use crate::domain::dimension::{Dimension, Filter};
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sheet::{Column, Kind, Sheet};

/// What a report is made from.
#[derive(Debug)]
pub struct Context<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Days, settings, dimensions and filters.
    pub run: Run,
    /// Rows that a report leaves out by default, such as settled items.
    pub show_all: bool,
}

impl Context<'_> {
    /// The day of the report: the last one looked at.
    #[must_use]
    pub fn as_of(&self) -> chrono::NaiveDate {
        self.run.as_of()
    }

    /// The same ledger and settings on other days.
    fn with_run(&self, run: Run) -> Context<'_> {
        Context { ledger: self.ledger, run, show_all: self.show_all }
    }
}

/// A report the program can make.
#[derive(Clone, Copy)]
pub struct Report {
    /// Its name: the command, and the stem of its file in the pack.
    pub name: &'static str,
    /// The question it answers.
    pub answers: &'static str,
    /// Makes it.
    pub make: fn(&Context<'_>) -> Result<Sheet, Error>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every report, in the order of the pack.
#[must_use]
pub fn all() -> &'static [Report] {
    &[
        headline::REPORT,
        aging::REPORT,
        aging_trend::REPORT,
        top_customers::REPORT,
        concentration::REPORT,
        rollforward::REPORT,
        bridge::BALANCE_CUSTOMERS,
        bridge::OVERDUE,
        dso::REPORT,
        dso_trend::REPORT,
        bridge::DSO,
        cei_trend::REPORT,
        kpi::REPORT,
        days_late::REPORT,
        roll_rate::REPORT,
        dispute_funnel::REPORT,
        forecast::REPORT,
        targets::REPORT,
        targets::DAYS,
        items::REPORT,
        checks::REPORT,
        rejected::REPORT,
        loads::REPORT,
    ]
}

/// Names of the reports that have a chart where they are not split, in the order of the pack.
pub const CHARTED: &[&str] = &[
    "aging",
    "aging_trend",
    "top_customers",
    "concentration",
    "rollforward",
    "balance_bridge_customers",
    "overdue_bridge",
    "dso_trend",
    "dso_bridge",
    "cei_trend",
    "days_late",
    "roll_rate",
    "dispute_funnel",
    "forecast",
    "target_days",
];

/// One report by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Report> {
    all().iter().find(|report| report.name == name)
}

/// A column of a report on a view.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The dimensions asked for, but for those that have a column of their own.
    By,
    /// A column: its name, the SQL that gives it, what it holds, whether a total of it means something.
    Column(&'static str, &'static str, Kind, bool),
}

const fn column(name: &'static str, kind: Kind) -> Part {
    Part::Column(name, name, kind, false)
}

/// A report on one view, as data.
#[derive(Clone, Copy, Debug)]
struct Spec {
    name: &'static str,
    view: &'static str,
    parts: &'static [Part],
    /// SQL after the dimensions in ORDER BY: rows within them.
    order: &'static str,
}

impl Spec {
    /// Binds the view and reads the report from it.
    fn sheet(&self, context: &Context<'_>, title: &str) -> Result<Sheet, Error> {
        bind::bind(context.ledger, &context.run, &[self.view])?;
        self.bound_sheet(context, title)
    }

    /// Reads the report from its view, which is bound already.
    fn bound_sheet(&self, context: &Context<'_>, title: &str) -> Result<Sheet, Error> {
        let (mut columns, mut selected) = (Vec::new(), Vec::new());
        let is_own = |name: &str| self.parts.iter().any(|part| matches!(part, Part::Column(own, ..) if *own == name));
        for part in self.parts {
            match *part {
                Part::Column(name, sql, kind, has_total) => {
                    columns.push(Column { has_total, ..named(context, name, kind) });
                    selected.push(format!("{sql} as \"{name}\""));
                }
                Part::By => {
                    for (at, dimension) in by_columns(&context.run.by).filter(|(_, by)| !is_own(by.column())) {
                        columns.push(Column { is_split: true, ..Column::new(dimension.column(), Kind::Text) });
                        selected.push(format!(
                            "nullif(split_part(scope_key, '{KEY_SEPARATOR}', {}), '') as {}",
                            at + 1,
                            dimension.column()
                        ));
                    }
                }
            }
        }
        let by = by_columns(&context.run.by).map(|(_, d)| format!("{} nulls last, ", d.column())).collect::<String>();
        let sql = format!(
            "select {} from \"{}\" order by currency nulls last, {by}{}",
            selected.join(", "),
            self.view,
            self.order
        );
        Sheet::new(self.name, title, columns, context.ledger.query(&sql)?.batches)
    }
}

/// A column by its name: its codes have words, and it is aside where it only orders the rows, or they or the title say it.
fn named(context: &Context<'_>, name: &str, kind: Kind) -> Column {
    let is_order = kind == Kind::Count && name.ends_with("_no");
    let is_total = name == "is_total";
    let is_in_title = matches!(name, "as_of" | "from") && context.run.days.len() < 2;
    Column { words: words::of(name), is_aside: is_order || is_total || is_in_title, ..Column::new(name, kind) }
}

/// The dimensions asked for with their place in the scope key; the currency has a column of its own already.
fn by_columns(by: &[Dimension]) -> impl Iterator<Item = (usize, Dimension)> {
    by.iter().copied().enumerate().filter(|(_, dimension)| *dimension != Dimension::Currency)
}

/// `Key figures by company, 2024-06-01 to 2024-06-30`: of a report over a period, which runs from the end of its start.
fn titled_over_period(what: &str, context: &Context<'_>) -> String {
    let first_on = context.run.days.last().and_then(|day| day.from_on?.succ_opt());
    let title = titled(what, context);
    let as_of = format!(" as of {}", context.as_of());
    first_on.map_or(title.clone(), |first| title.replacen(&as_of, &format!(", {first} to {}", context.as_of()), 1))
}

/// `Ageing by customer, company as of 2024-06-30, as known at 2024-07-02 23:59`.
fn titled(what: &str, context: &Context<'_>) -> String {
    let mut title = what.to_owned();
    let by: Vec<&str> = context.run.by.iter().map(|d| d.name()).collect();
    if !by.is_empty() {
        title.push_str(&format!(" by {}", by.join(", ").replace('_', " ")));
    }
    title.push_str(&format!(" as of {}", context.as_of()));
    title + &seen_as(&context.run)
}

/// What is aged, and where ages run from if that is not the due date.
fn aged(what: &str, context: &Context<'_>) -> String {
    if context.run.is_invoice_basis { format!("{what} from the document date") } else { what.to_owned() }
}

/// `, as known at 2024-07-02 23:59, customer C1 only`: what every title of a run says that knows less, or leaves items out.
fn seen_as(run: &Run) -> String {
    let known = run.known_at.map(|at| format!(", as known at {}", at.format("%Y-%m-%d %H:%M")));
    known.unwrap_or_default() + &narrowed_to(run)
}

/// Values of a filter that a title names one by one.
const NAMED_MOST: usize = 3;

/// `, customer C1 only`.
fn narrowed_to(run: &Run) -> String {
    let said = run.filters.iter().map(|Filter { dimension, values }| {
        let named = values.iter().take(NAMED_MOST).cloned().collect::<Vec<_>>().join(" or ");
        let more = values.len().saturating_sub(NAMED_MOST);
        let more = if more == 0 { String::new() } else { format!(" or {more} more") };
        format!("{} {named}{more}", dimension.name().replace('_', " "))
    });
    let said = said.collect::<Vec<_>>().join(", ");
    if said.is_empty() { said } else { format!(", {said} only") }
}

/// Refuses a run without a period.
fn needs_period(context: &Context<'_>, report: &str) -> Result<(), Error> {
    if context.run.days.iter().all(|day| day.from_on.is_some()) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{report} needs the start of its period: --from DATE (the period runs from the end of that day)"
    )))
}

/// The same run without the dimensions that a report's rows are themselves, and a sentence where one was asked for.
fn without_split<'a>(context: &'a Context<'_>, rows: &[Dimension]) -> (Context<'a>, Option<String>) {
    let (dropped, by): (Vec<Dimension>, Vec<Dimension>) = context.run.by.iter().partition(|d| rows.contains(d));
    let names: Vec<&str> = dropped.iter().map(|dimension| dimension.name()).collect();
    let note =
        (!names.is_empty()).then(|| format!("Not split by {}: the rows are customers already.", names.join(", ")));
    (context.with_run(Run { by, ..context.run.clone() }), note)
}

/// Whether the rows are split, so that rates of several scopes would stand on one place of a chart.
fn is_split(context: &Context<'_>) -> bool {
    by_columns(&context.run.by).next().is_some()
}

/// Said of a sheet that has a chart only where it is not split.
const NOT_DRAWN: &str = "Not drawn where it is split: each part is in the table.";

/// Headings of columns whose name does not say enough.
fn retitle(sheet: &mut Sheet, titles: &[(&str, &str)]) {
    for column in &mut sheet.columns {
        if let Some((_, title)) = titles.iter().find(|(name, _)| *name == column.name) {
            (*title).clone_into(&mut column.title);
        }
    }
}

/// A sentence about what was narrowed, and whether anything is left.
fn filter_note(context: &Context<'_>, sheet: &Sheet) -> Option<String> {
    let filters = &context.run.filters;
    let nothing =
        if sheet.row_count() == 0 { " Nothing of it is in this report: settled, or not in the ledger." } else { "" };
    let said = filters.iter().map(|f| format!("{} {}", f.dimension.name().replace('_', " "), f.values.join(" or ")));
    (!filters.is_empty()).then(|| format!("Only {}.{nothing}", said.collect::<Vec<_>>().join(", ")))
}

/// A sentence for each optional table the report would use and the ledger does not have.
fn missing_notes(context: &Context<'_>, uses: &[(&str, &str)]) -> Result<Vec<String>, Error> {
    let needed_by = |dimension: Dimension| match dimension {
        Dimension::Parent | Dimension::Country | Dimension::Segment => Some(("customer", dimension.name())),
        Dimension::Collector => Some(("assignment", dimension.name())),
        _ => None,
    };
    let mut notes = Vec::new();
    let by_dimension = context.run.by.iter().copied().filter_map(needed_by);
    for (table, what) in uses.iter().copied().chain(by_dimension) {
        if !has_table(context.ledger, table)? {
            notes.push(format!("No {table} table: {} not available.", what.replace('_', " ")));
        }
    }
    Ok(notes)
}

/// Optional tables that figures are made from, and what of.
const OPTIONAL: [(&str, &str); 2] = [("promise", "promises"), ("dispute", "disputes")];

/// Where a sheet of a view has no rows, the sentences of [`missing_notes`] for what the view is made from.
fn missing_of(context: &Context<'_>, view: &str, sheet: &Sheet) -> Result<Vec<String>, Error> {
    if sheet.row_count() > 0 {
        return Ok(Vec::new());
    }
    let read = plan::order(queries(), &[view])?;
    let reads = |table: &str| read.iter().any(|query| query.reads.iter().any(|name| name == table));
    let uses: Vec<(&str, &str)> = OPTIONAL.into_iter().filter(|(table, _)| reads(table)).collect();
    missing_notes(context, &uses)
}

/// Whether an optional table has rows.
fn has_table(ledger: &Ledger, table: &str) -> Result<bool, Error> {
    ledger.has_rows(&format!("select 1 from {table} limit 1"))
}
