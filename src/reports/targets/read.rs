//! Targets and what became of the items to be collected, as the ledger has them.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::{Asked, SCOPES};
use crate::catalog::bind::{self, Run, RunDay, RunPeriod};
use crate::domain::dimension::Dimension;
use crate::domain::money::Money;
use crate::domain::period::Period;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::models::forecast::attainment::{Rest, Spread};
use crate::models::forecast::book::Day;
use crate::models::forecast::normal;
use crate::models::forecast::pace::{Pace, Past, WorkingDays};
use crate::reports::forecast::read::{day_number, holidays};
use crate::reports::{Context, has_table};

/// Days into a period by which a ledger that holds the whole of it has a first item.
const FIRST_WEEK_DAYS: Day = 7;

/// Earlier periods that a pace is read from.
const PAST_PERIODS: u32 = 12;

/// Who is meant: period, scope, which one, currency.
pub(super) type Key = (Period, &'static str, String, String);

/// A target, or a company without one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) period: Period,
    pub(super) scope: &'static str,
    pub(super) scope_id: String,
    /// The collector's name, where it is known; else the identifier.
    pub(super) scope_name: String,
    pub(super) currency: String,
    pub(super) target: Option<Money>,
    /// Open before the period and as known now, collected, credited, written off, remaining.
    pub(super) frozen: Money,
    pub(super) now: Money,
    pub(super) collected: Money,
    pub(super) credited: Money,
    pub(super) written_off: Money,
    pub(super) remaining: Money,
    /// What was collected on each day of the period so far.
    pub(super) by_day: Vec<(Day, f64)>,
    /// Earlier periods of the same length.
    pub(super) past: Vec<Past>,
    /// What came in each of them, after this working day, on items not yet posted by it.
    pub(super) later: Vec<f64>,
    /// What is still to come; none where the period has ended.
    pub(super) rest: Option<Rest>,
    /// Factor on the distance of each draw from what is expected.
    pub(super) width: f64,
}

/// Targets and what they are measured against.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) rows: Vec<Row>,
    pub(super) periods: Vec<Period>,
    /// The run they were read with.
    pub(super) run: Run,
    pub(super) days: WorkingDays,
    pub(super) notes: Vec<String>,
}

impl Standing {
    /// The day asked for.
    pub(super) fn as_of(&self) -> NaiveDate {
        self.run.days.last().map_or(NaiveDate::MIN, |day| day.as_of)
    }
}

impl Row {
    pub(super) fn key(&self) -> Key {
        (self.period, self.scope, self.scope_id.clone(), self.currency.clone())
    }

    /// The pace by a day of the period.
    pub(super) fn pace_by(&self, days: &WorkingDays, day: NaiveDate) -> Option<Pace> {
        Pace::of(&self.past, days, working_days(self.period, days, day))
    }

    /// What is collected by the end of the period.
    pub(super) fn end(&self) -> Spread {
        let collected = self.collected.to_f64();
        let rest = self.rest.as_ref().map(|rest| rest.by(rest.means.len() - 1, self.width)).unwrap_or_default();
        Spread {
            mean: collected + rest.mean,
            p10: collected + rest.p10,
            p50: collected + rest.p50,
            p90: collected + rest.p90,
        }
    }

    /// The chance that the target is reached; after the period 1 or 0.
    pub(super) fn reach_rate(&self) -> Option<f64> {
        let target = self.target?;
        Some(match &self.rest {
            Some(rest) => rest.reach_rate((target - self.collected).to_f64(), self.width),
            None => f64::from(u8::from(self.collected >= target)),
        })
    }
}

/// Reads the targets asked for with what became of them so far.
pub(super) fn read(context: &Context<'_>, asked: &Asked) -> Result<Standing, Error> {
    let (ledger, as_of) = (context.ledger, context.as_of());
    let mut notes = Vec::new();
    let mut run = plain_run(context);
    let has_targets = has_table(ledger, "target")?;
    let is_of_customers = context.run.filters.iter().any(|filter| filter.dimension == Dimension::Customer);
    let periods = asked_periods(ledger, asked, (as_of, run.known_at), has_targets, &mut notes)?;
    bind::bind(ledger, &run, &["bank_holiday"])?;
    let days = WorkingDays { holidays: holidays(ledger, &currencies(ledger, as_of, run.known_at)?, as_of)? };
    run.periods = with_earlier(&periods, &days, as_of);
    bind::bind_kept(ledger, &run, "targets", &["target_attainment", "target_day"])?;
    let mut rows = rows(ledger)?;
    if is_of_customers {
        rows.retain(|row| row.scope == "company");
        rows.iter_mut().for_each(|row| row.target = None);
        notes.push("A target is not of single customers: none is shown beside those asked for.".to_owned());
    } else if !has_targets {
        notes.push("No target table: progress is shown without targets, pace and probability.".to_owned());
    }
    rows.retain(|row| asked.wants(&context.run.filters, row.scope, &row.scope_id));
    let currencies = context.run.filters.iter().filter(|filter| filter.dimension == Dimension::Currency);
    currencies.for_each(|filter| rows.retain(|row| filter.values.contains(&row.currency)));
    if rows.is_empty() && (asked.scope.is_some() || !context.run.filters.is_empty()) {
        notes.push("No target and nothing to collect of what is asked for.".to_owned());
    }
    let rank = |scope: &str| SCOPES.iter().position(|(name, _)| *name == scope);
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.period, rank(row.scope), row.scope_id.clone(), row.currency.clone());
        key(a).cmp(&key(b))
    });
    add_days(ledger, &mut rows)?;
    Ok(Standing { rows, periods, run, days, notes })
}

/// The run without what narrows to some targets and not to some items: a currency has the same chances whether the others are
/// shown or not.
fn plain_run(context: &Context<'_>) -> Run {
    let is_of_items = |dimension: Dimension| {
        dimension != Dimension::Currency && SCOPES.iter().all(|(_, own)| *own != Some(dimension))
    };
    let filters = context.run.filters.iter().filter(|filter| is_of_items(filter.dimension)).cloned().collect();
    // What was open before a period is read as it was known then.
    let all_known = NaiveDate::from_ymd_opt(9999, 12, 30).map(|day| day.and_time(NaiveTime::MIN));
    Run {
        days: vec![RunDay { as_of: context.as_of(), from_on: None }],
        known_at: context.run.known_at.or(all_known),
        by: Vec::new(),
        filters,
        ..context.run.clone()
    }
}

/// The periods of targets known on the day that hold it, or those asked for; the calendar month where there is none.
fn asked_periods(
    ledger: &Ledger,
    asked: &Asked,
    (as_of, known_at): (NaiveDate, Option<NaiveDateTime>),
    has_targets: bool,
    notes: &mut Vec<String>,
) -> Result<Vec<Period>, Error> {
    let known_on = known_at.map_or(as_of, |at| at.date().min(as_of));
    let begun = format!(
        "period_start <= date '{as_of}' and period_end >= period_start and coalesce(frozen_on, period_start) <= date '{known_on}'"
    );
    let which = match asked.period_start {
        Some(start) => format!("{begun} and period_start = date '{start}'"),
        None if asked.is_all => begun,
        None => format!("{begun} and period_end >= date '{as_of}'"),
    };
    let sql = format!("select distinct period_start, period_end from target where {which} order by 1, 2");
    let mut periods = Vec::new();
    for batch in ledger.query(&sql)?.batches {
        let day = |at: usize, row| NaiveDate::from_epoch_days(batch.column(at).as_primitive::<Date32Type>().value(row));
        periods.extend((0..batch.num_rows()).filter_map(|row| Some(Period { start: day(0, row)?, end: day(1, row)? })));
    }
    if !periods.is_empty() {
        return Ok(periods);
    }
    let month = Period::month_of(asked.period_start.unwrap_or(as_of));
    match asked.period_start {
        Some(start) if has_targets || start != month.start || start > as_of => Err(Error::usage(format!(
            "--period-start {start}: no period of a target that has begun by {as_of} starts on that day; without targets, a \
             calendar month does"
        ))),
        _ => {
            if has_targets {
                notes.push(format!("No target is set for a period that holds {as_of}: the calendar month is shown."));
            }
            Ok(vec![month])
        }
    }
}

/// Those of the items seen on the day: a later one must not change which days banks work on.
fn currencies(
    ledger: &Ledger,
    as_of: NaiveDate,
    known_at: Option<NaiveDateTime>,
) -> Result<Vec<(String, String)>, Error> {
    let known = known_at.map_or_else(String::new, |at| format!(" and known_at <= timestamp '{at}'"));
    let texts = ledger.texts(&format!(
        "select distinct currency from item where currency is not null and posted_on <= date '{as_of}'{known} order by 1"
    ))?;
    Ok(texts.into_iter().filter_map(|row| Some((row.into_iter().next()??, String::new()))).collect())
}

/// The periods with those before them that a pace is read from; each period once. Those that still run come first: a period
/// that is asked for and stands before one of them too is seen on the day by which as much of it had passed.
fn with_earlier(periods: &[Period], days: &WorkingDays, as_of: NaiveDate) -> Vec<RunPeriod> {
    let (running, ended): (Vec<Period>, Vec<Period>) = periods.iter().partition(|period| period.end > as_of);
    let mut all: Vec<RunPeriod> = Vec::new();
    let mut add = |period: Period, same_day_on: NaiveDate| {
        if all.iter().all(|known| known.period != period) {
            all.push(RunPeriod { period, is_asked: periods.contains(&period), same_day_on });
        }
    };
    running.iter().for_each(|period| add(*period, as_of));
    for asked in [&running, &ended] {
        for period in asked {
            let working = working_days(*period, days, as_of);
            for period in (1..=PAST_PERIODS).filter_map(|count| period.before(count)) {
                let same_day = days.day_of(day_number(period.start), day_number(period.end), working);
                add(period, NaiveDate::from_epoch_days(same_day).unwrap_or(period.start));
            }
        }
    }
    ended.iter().for_each(|period| add(*period, as_of));
    all
}

fn text(batch: &RecordBatch, at: usize, row: usize) -> &str {
    let column = batch.column(at).as_string::<i32>();
    if column.is_null(row) { "" } else { column.value(row) }
}

fn money(batch: &RecordBatch, at: usize, row: usize) -> Option<Money> {
    let column = batch.column(at).as_primitive::<Decimal128Type>();
    column.is_valid(row).then(|| Money::from_units(column.value(row)))
}

fn period(batch: &RecordBatch, row: usize) -> Option<Period> {
    let day = |at: usize| NaiveDate::from_epoch_days(batch.column(at).as_primitive::<Date32Type>().value(row));
    Some(Period { start: day(0)?, end: day(1)? })
}

fn scope(word: &str) -> Option<&'static str> {
    SCOPES.iter().map(|(name, _)| *name).find(|name| *name == word)
}

fn rows(ledger: &Ledger) -> Result<Vec<Row>, Error> {
    let sql = "select period_start, period_end, scope, scope_id, currency, target_amount, collectable_frozen, collectable_now,
        collected, credited, written_off, remaining, coalesce(c.name, scope_id) as scope_name
        from target_attainment
        left join (
          select collector_id,
            name || case when count(*) over (partition by name) > 1 then ' (' || collector_id || ')' else '' end as name
          from collector
        ) c on scope = 'collector' and c.collector_id = scope_id
        where scope_id is not null";
    let mut rows = Vec::new();
    for batch in &ledger.query(sql)?.batches {
        for row in 0..batch.num_rows() {
            let amount = |at: usize| money(batch, at, row).unwrap_or_default();
            let (Some(period), Some(scope)) = (period(batch, row), scope(text(batch, 2, row))) else { continue };
            rows.push(Row {
                period,
                scope,
                scope_id: text(batch, 3, row).to_owned(),
                scope_name: text(batch, 12, row).to_owned(),
                currency: text(batch, 4, row).to_owned(),
                target: money(batch, 5, row),
                frozen: amount(6),
                now: amount(7),
                collected: amount(8),
                credited: amount(9),
                written_off: amount(10),
                remaining: amount(11),
                by_day: Vec::new(),
                past: Vec::new(),
                later: Vec::new(),
                rest: None,
                width: 1.0,
            });
        }
    }
    Ok(rows)
}

/// What a scope collected on the days of a period, and how much of it after the day asked for and on later items.
#[derive(Default)]
struct Course {
    by_day: Vec<(Day, f64)>,
    later: f64,
}

/// Gives each row the days of its own period and of those before it.
fn add_days(ledger: &Ledger, rows: &mut [Row]) -> Result<(), Error> {
    let sql = "select period_start, period_end, scope, scope_id, currency, on_date, collected_amount, later_amount
        from target_day where collected_amount <> 0 or later_amount <> 0
        order by period_start, period_end, scope, scope_id, currency, on_date";
    let mut courses: BTreeMap<Key, Course> = BTreeMap::new();
    for batch in &ledger.query(sql)?.batches {
        let on = batch.column(5).as_primitive::<Date32Type>();
        for row in 0..batch.num_rows() {
            let (Some(period), Some(scope)) = (period(batch, row), scope(text(batch, 2, row))) else { continue };
            let key = (period, scope, text(batch, 3, row).to_owned(), text(batch, 4, row).to_owned());
            let amount = |at: usize| money(batch, at, row).unwrap_or_default().to_f64();
            let course = courses.entry(key).or_default();
            course.by_day.push((on.value(row), amount(6)));
            course.later += amount(7);
        }
    }
    let first_on = ledger.day("select min(posted_on) from item")?.map_or(Day::MIN, day_number);
    for row in rows {
        let (_, scope, id, currency) = row.key();
        let course = |period: Period| courses.get(&(period, scope, id.clone(), currency.clone()));
        row.by_day = course(row.period).map(|course| course.by_day.clone()).unwrap_or_default();
        for (count, earlier) in (1..=PAST_PERIODS).filter_map(|count| Some((count, row.period.before(count)?))) {
            let Some(course) = course(earlier) else { continue };
            // Nothing came in the periods between this one and the one before it.
            row.later.resize(count as usize - 1, 0.0);
            row.later.push(course.later);
            let (start, end) = (day_number(earlier.start), day_number(earlier.end));
            row.past.push(Past { start, end, collected: course.by_day.clone() });
        }
        row.later = with_doubt(&row.later);
        // A period within which the ledger begins collected late by its nature.
        if row.past.iter().any(|past| past.start + FIRST_WEEK_DAYS >= first_on) {
            row.past.retain(|past| past.start + FIRST_WEEK_DAYS >= first_on);
        }
    }
    Ok(())
}

/// Earlier periods from which on their own differences tell how much the next one may differ.
const ENOUGH_PERIODS: usize = 6;

/// How much what one earlier period brought may be off for the next, as a standard deviation of its logarithm. Own assumption, that
/// businesses grow or shrink by up to about a tenth from one period to the next.
const ONE_PERIOD_DOUBT: f64 = 0.12;

/// Points of the normal curve at which doubt is spread.
const DOUBT_POINTS: usize = 19;

/// What earlier periods brought, with the doubt that so few of them leave: the fewer, the more. The mean stays.
fn with_doubt(later: &[f64]) -> Vec<f64> {
    if later.is_empty() || later.len() >= ENOUGH_PERIODS {
        return later.to_vec();
    }
    let missing = (ENOUGH_PERIODS - later.len()) as f64 / (ENOUGH_PERIODS - 1) as f64;
    let deviation = ONE_PERIOD_DOUBT * missing.sqrt();
    let factor = |point: usize| (deviation * normal::quantile(point as f64 / (DOUBT_POINTS + 1) as f64)).exp();
    let factors: Vec<f64> = (1..=DOUBT_POINTS).map(factor).collect();
    let mean = factors.iter().sum::<f64>() / DOUBT_POINTS as f64;
    later.iter().flat_map(|amount| factors.iter().map(move |factor| amount * factor / mean)).collect()
}

/// How many working days of a period have passed by the end of a day: all there may be, once it has ended.
pub(super) fn working_days(period: Period, days: &WorkingDays, day: NaiveDate) -> usize {
    if day >= period.end { usize::MAX } else { days.count(day_number(period.start), day_number(day)) }
}

/// Every day from one to another.
pub(super) fn each_day(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..).map_while(move |count| from.checked_add_days(Days::new(count))).take_while(move |day| *day <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_periods_leave_doubt_and_six_tell_it_themselves() {
        let spread = |later: &[f64]| {
            let found = with_doubt(later);
            let mean = found.iter().sum::<f64>() / found.len() as f64;
            let (least, most) =
                found.iter().fold((f64::MAX, 0.0_f64), |(least, most), x| (least.min(*x), most.max(*x)));
            (mean, (most - least) / mean)
        };
        let [(mean, one), (_, three)] = [spread(&[100.0]), spread(&[100.0; 3])];
        assert!((mean - 100.0).abs() < 1e-9 && one > three && three > 0.2, "{mean} {one} {three}");
        assert_eq!(with_doubt(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert!(with_doubt(&[]).is_empty());
    }
}
