//! Views for one run: what a query reads is made in the engine, for the days, settings and dimensions asked for.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::header::Query;
use super::{plan, queries};
use crate::domain::bucket::{self, Bucket};
use crate::domain::dimension::{Dimension, Filter};
use crate::domain::period::Period;
use crate::error::Error;
use crate::sql_text::literal;
use crate::staging::contract;

/// An engine that runs the portable queries: DuckDB now, a cluster later.
pub trait SqlEngine {
    /// Runs statements that return nothing.
    ///
    /// # Errors
    /// [`Error::Internal`] where the engine refuses them.
    fn run(&self, sql: &str) -> Result<(), Error>;

    /// Gives a query a name to be read by, in place of what had the name before.
    ///
    /// # Errors
    /// As [`SqlEngine::run`]; a query that cannot be run is found out when it is read.
    fn name(&self, view: &str, sql: &str) -> Result<(), Error>;

    /// Works a query out once, as a temporary table in any order.
    ///
    /// # Errors
    /// As [`SqlEngine::run`].
    fn keep(&self, table: &str, sql: &str) -> Result<(), Error>;

    /// What [`bind()`] made in this session.
    fn bound(&self) -> &RefCell<Bound>;
}

impl SqlEngine for crate::ledger::store::Ledger {
    fn run(&self, sql: &str) -> Result<(), Error> {
        Self::run(self, sql)
    }

    fn name(&self, view: &str, sql: &str) -> Result<(), Error> {
        // Views read views: to look through all of them each time that one is made would take longer than a small report.
        Self::run(self, &format!("create or replace temp view \"{view}\" with (defer_binding) as\n{sql}"))
    }

    fn keep(&self, table: &str, sql: &str) -> Result<(), Error> {
        // Rows that need not keep their order are written by all threads.
        Self::run(self, "set preserve_insertion_order = false")?;
        let kept = Self::run(self, &format!("create temp table \"{table}\" as\n{sql}"));
        Self::run(self, "set preserve_insertion_order = true")?;
        kept
    }

    fn bound(&self) -> &RefCell<Bound> {
        &self.bound
    }
}

/// What the runs of a session left in the engine.
#[derive(Debug, Default)]
pub struct Bound {
    /// Whether a later run on the same days may read again what was kept: nothing is loaded meanwhile.
    is_shared: bool,
    /// The statements that made each run's tables and scope; the last run's place among them.
    scopes: Vec<[String; 3]>,
    scope_no: usize,
    /// Views there are, and the kept table that each shows instead of its query.
    views: BTreeMap<String, Option<String>>,
    /// Tables kept.
    kept: BTreeSet<String>,
}

/// While it lives, runs on the same days share what several reports read: it is worked out once.
#[derive(Debug)]
pub struct Sharing<'a>(&'a RefCell<Bound>);

/// Lets the runs that follow share what they read, as long as the returned value lives. Nothing may be loaded meanwhile.
pub fn share(engine: &impl SqlEngine) -> Sharing<'_> {
    let bound = engine.bound();
    bound.borrow_mut().is_shared = true;
    bound.borrow_mut().scopes.clear();
    Sharing(bound)
}

impl Drop for Sharing<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().is_shared = false;
    }
}

/// Between the values of several dimensions in a `scope_key`; stands in no text of a ledger, which refuses control
/// characters.
pub const KEY_SEPARATOR: char = '\u{1f}';

/// What a run asks for.
#[derive(Clone, Debug)]
pub struct Run {
    /// The days looked at, oldest first, each with the start of its period where there is one. Usually one.
    pub days: Vec<RunDay>,
    /// The periods of targets looked at; none for the month of each day.
    pub periods: Vec<RunPeriod>,
    /// The one of the days whose customer master and assignments count on all of them; none where each day's own do.
    pub master_on: Option<NaiveDate>,
    /// Only what was known by then; none for all that is known now.
    pub known_at: Option<NaiveDateTime>,
    /// Days of the sales window of DSO.
    pub window_days: i32,
    /// Days after the promised date within which a promise still counts as kept.
    pub grace_days: i32,
    /// Share of a promised amount that may be missing.
    pub tolerance_rate: f64,
    /// Sales without tax.
    pub is_net: bool,
    /// Ages from the document date instead of the due date.
    pub is_invoice_basis: bool,
    /// Ageing buckets.
    pub buckets: Vec<Bucket>,
    /// Dimensions to split by.
    pub by: Vec<Dimension>,
    /// Narrowings.
    pub filters: Vec<Filter>,
}

/// A day looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunDay {
    /// The end of this day.
    pub as_of: NaiveDate,
    /// The period runs from the end of this day.
    pub from_on: Option<NaiveDate>,
}

/// A period whose target is looked at, or an earlier one beside which it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunPeriod {
    /// Its days.
    pub period: Period,
    /// Asked for; else only a pace is read from it.
    pub is_asked: bool,
    /// The day of it on which as many working days had passed as have on the day asked for.
    pub same_day_on: NaiveDate,
}

impl Run {
    /// The end of one day with the default settings; the period, if asked for, runs from the end of `from_on`.
    #[must_use]
    pub fn on(as_of: NaiveDate, from_on: Option<NaiveDate>) -> Self {
        let buckets = bucket::parse(bucket::BY_DUE_DATE, false).unwrap_or_default();
        Self {
            days: vec![RunDay { as_of, from_on }],
            periods: Vec::new(),
            master_on: None,
            known_at: None,
            window_days: 90,
            grace_days: 3,
            tolerance_rate: 0.0,
            is_net: false,
            is_invoice_basis: false,
            buckets,
            by: Vec::new(),
            filters: Vec::new(),
        }
    }

    /// The day asked for: the last one looked at.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.days.last().map_or(NaiveDate::MIN, |day| day.as_of)
    }

    /// After everything there is.
    #[must_use]
    pub fn at_the_end() -> Self {
        Self::on(NaiveDate::from_ymd_opt(9999, 12, 30).unwrap_or(NaiveDate::MAX), None)
    }
}

/// Makes the run's tables and every view that `wanted` needs.
///
/// # Errors
/// [`Error::Internal`] where a query is not one the engine runs.
pub fn bind(engine: &impl SqlEngine, run: &Run, wanted: &[&str]) -> Result<(), Error> {
    bind_kept(engine, run, "", wanted)
}

/// As [`bind()`], but what several of the wanted queries read is worked out once and kept as a table for the run: the
/// queries that say so in their header, for this `purpose` (`keep: dso`).
///
/// Where runs are shared ([`share`]), the purpose is `pack`, or `trend` for a run on more than a few days; within a split
/// nothing is kept, as no other report has the same.
///
/// # Errors
/// As [`bind()`].
pub fn bind_kept(engine: &impl SqlEngine, run: &Run, purpose: &str, wanted: &[&str]) -> Result<(), Error> {
    let mut bound = engine.bound().borrow_mut();
    bound.start(engine, [run_tables(run), item_in_scope(run), standing_item(run)])?;
    let purpose = match (bound.is_shared, run.by.is_empty(), run.days.len()) {
        (false, ..) => purpose,
        (true, false, _) => "",
        (true, true, 0..=2) => "pack",
        (true, true, _) => "trend",
    };
    bound.make(engine, purpose, wanted)
}

impl Bound {
    /// Makes the run's tables and scope, unless the last run had the same and left them.
    fn start(&mut self, engine: &impl SqlEngine, scope: [String; 3]) -> Result<(), Error> {
        if !self.is_shared {
            self.scopes.clear();
        }
        let found = self.scopes.iter().position(|known| *known == scope);
        if found == Some(self.scope_no) {
            return Ok(());
        }
        if self.scopes.is_empty() {
            for name in std::mem::take(&mut self.kept) {
                engine.run(&format!("drop table \"{name}\""))?;
            }
        }
        engine.run(&scope[0])?;
        self.scope_no = found.unwrap_or(self.scopes.len());
        self.make(engine, "", &["customer_as_of", "assignment_as_of", "observation"])?;
        engine.name("item_in_scope", &scope[1])?;
        engine.name("standing_item", &scope[2])?;
        if found.is_none() {
            self.scopes.push(scope);
        }
        Ok(())
    }

    /// Makes the views that are not there yet as this run shows them: a view reads others by name, so those of the run
    /// before stand.
    fn make(&mut self, engine: &impl SqlEngine, purpose: &str, wanted: &[&str]) -> Result<(), Error> {
        for query in plan::order(queries(), wanted)? {
            let Query { name, sql, .. } = query;
            let keeps = query.other("keep").is_some_and(|purposes| purposes.split(' ').any(|word| word == purpose));
            let table = format!("kept_{}_{name}", self.scope_no);
            if keeps && !self.kept.contains(&table) {
                engine.keep(&table, sql)?;
                self.kept.insert(table.clone());
            }
            let shown = self.kept.contains(&table).then_some(table);
            if self.views.get(name) == Some(&shown) {
                continue;
            }
            let read_kept = shown.as_ref().map(|table| format!("select * from \"{table}\""));
            engine.name(name, read_kept.as_ref().unwrap_or(sql))?;
            self.views.insert(name.clone(), shown);
        }
        Ok(())
    }
}

fn day(day: NaiveDate) -> String {
    format!("date '{day}'")
}

fn run_tables(run: &Run) -> String {
    let mut sql = String::from(
        "create or replace temp table run_date (as_of date, from_on date, run_known_at timestamp);\n\
         create or replace temp table run_period (as_of date, period_start date, period_end date, observed_on date, same_day_on date, is_asked boolean);\n\
         create or replace temp table run_setting (window_days int, grace_days int, tolerance_rate double, is_net boolean, is_invoice_basis boolean);\n\
         create or replace temp table bucket (bucket_no int, bucket string, from_days int, to_days int);\n",
    );
    let known_at = run.known_at.map_or_else(|| "9999-12-31 00:00:00".to_owned(), |at| at.to_string());
    let days = run.days.iter().map(|asked| {
        let from_on = asked.from_on.map_or_else(|| "null".to_owned(), day);
        format!("({}, {from_on}, timestamp '{known_at}')", day(asked.as_of))
    });
    insert(&mut sql, "run_date", days);
    let periods = run.days.iter().flat_map(|asked| {
        let month = RunPeriod { period: Period::month_of(asked.as_of), is_asked: true, same_day_on: asked.as_of };
        let periods = if run.periods.is_empty() { vec![month] } else { run.periods.clone() };
        periods.into_iter().map(|RunPeriod { period, is_asked, same_day_on }| {
            let days = [asked.as_of, period.start, period.end, period.end.min(asked.as_of), same_day_on].map(day);
            format!("({}, {is_asked})", days.join(", "))
        })
    });
    insert(&mut sql, "run_period", periods);
    let Run { window_days, grace_days, tolerance_rate, is_net, is_invoice_basis, .. } = run;
    let setting =
        format!("({window_days}, {grace_days}, cast({tolerance_rate} as double), {is_net}, {is_invoice_basis})");
    insert(&mut sql, "run_setting", [setting].into_iter());
    let buckets = run.buckets.iter().map(|Bucket { bucket_no, name, from_days, to_days }| {
        format!("({bucket_no}, {}, {from_days}, {to_days})", literal(name))
    });
    insert(&mut sql, "bucket", buckets);
    sql
}

/// Adds the statement that fills a table, if there is a row.
fn insert(sql: &mut String, table: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.collect();
    if !rows.is_empty() {
        writeln!(sql, "insert into {table} values {};", rows.join(", ")).ok();
    }
}

/// `item_in_scope`: every item that passes the filters, on each day looked at, with the values of the dimensions
/// asked for.
fn item_in_scope(run: &Run) -> String {
    scoped(run, "d.as_of, d.from_on, d.run_known_at", "run_date d", Vec::new())
}

/// `standing_item`: of these, on each day observed, the items posted by then and not settled for good, as known then.
///
/// A day that is never empty is compared while items and days are joined, and of the items settled before the first of the
/// days no other column is read.
fn standing_item(run: &Run) -> String {
    let mut conditions = vec!["i.posted_on <= d.observed_on".to_owned()];
    conditions.extend(run.days.last().map(|last| format!("i.posted_on <= {}", day(last.as_of))));
    let settled_on = if run.known_at.is_some() {
        conditions.push("i.known_at <= d.run_known_at".to_owned());
        "case when i.settled_known_at > d.run_known_at then null else i.settled_on end"
    } else {
        let window_start = |asked: &RunDay| asked.as_of - Days::new(u64::from(run.window_days.unsigned_abs()));
        let observed = run.days.iter().flat_map(|asked| asked.from_on.into_iter().chain([window_start(asked)]));
        let first = observed.min().map(day);
        conditions.extend(first.map(|first| format!("(i.settled_on is null or i.settled_on > {first})")));
        "i.settled_on"
    };
    let open_until = format!("coalesce({settled_on}, date '9999-12-31')");
    conditions.push(format!("{open_until} > d.observed_on"));
    let columns = format!("d.as_of, d.observation, d.observed_on, d.run_known_at, {open_until} as open_until");
    scoped(run, &columns, "observation d", conditions)
}

/// Items that pass the filters and `conditions` beside the rows of `days`. Only the dimensions asked for are joined: most
/// runs need none.
fn scoped(run: &Run, day_columns: &str, days: &str, mut conditions: Vec<String>) -> String {
    let used: Vec<Dimension> = run.by.iter().copied().chain(run.filters.iter().map(|f| f.dimension)).collect();
    let needs = |dimensions: &[Dimension]| used.iter().any(|d| dimensions.contains(d));
    let mut joins = String::new();
    let master_on = run.master_on.map_or_else(|| "d.as_of".to_owned(), day);
    if needs(&[Dimension::Parent, Dimension::Country, Dimension::Segment, Dimension::BusinessUnit]) {
        joins.push_str(&format!(
            "left join customer_as_of c on c.as_of = {master_on} and c.customer_id = i.customer_id\n"
        ));
    }
    if needs(&[Dimension::Collector]) {
        joins.push_str(&format!(
            "left join assignment_as_of a on a.as_of = {master_on} and a.customer_id = i.customer_id\n"
        ));
    }
    let key = run.by.iter().map(|&d| format!("coalesce({}, '')", expression(d))).collect::<Vec<_>>();
    let key = if key.is_empty() { "''".to_owned() } else { key.join(&format!(" || '{KEY_SEPARATOR}' || ")) };
    for Filter { dimension, values } in &run.filters {
        let values = values.iter().map(|v| literal(v)).collect::<Vec<_>>().join(", ");
        conditions.push(format!("{} in ({values})", expression(*dimension)));
    }
    let conditions = if conditions.is_empty() { String::new() } else { format!("where {}", conditions.join("\nand ")) };
    let columns = if run.known_at.is_some() { "i.*".to_owned() } else { columns_whenever_known() };
    format!("select {columns}, {day_columns}, {key} as scope_key\nfrom item i cross join {days}\n{joins}{conditions}")
}

/// The columns of `item` for a run on all that is known now: when a row was keyed is then not read at all, as if it had
/// always been known.
fn columns_whenever_known() -> String {
    let given =
        contract::find("item").map_or(&[][..], |table| &table.columns).iter().map(|(name, _)| contract::sql_name(name));
    let settled = ["load_no", "line_no", "is_implied", "item_no", "first_applied_on", "settled_on", "reversed_item_no"];
    let read: Vec<String> = given.chain(settled).map(|column| format!("i.{column}")).collect();
    let known = "timestamp '1970-01-01 00:00:00'";
    format!("{}, {known} as known_at, cast(null as timestamp) as settled_known_at", read.join(", "))
}

fn expression(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Customer => "i.customer_id",
        Dimension::Parent => "coalesce(c.parent_id, i.customer_id)",
        Dimension::Company => "i.company",
        Dimension::Country => "c.country",
        Dimension::Segment => "c.segment",
        Dimension::BusinessUnit => "coalesce(i.business_unit, c.business_unit)",
        Dimension::Collector => "a.collector_id",
        Dimension::Currency => "i.currency",
        Dimension::Kind => "i.kind",
    }
}
