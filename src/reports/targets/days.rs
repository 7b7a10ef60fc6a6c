//! The days of a period: what came, what usually has come, and what is to come.

use chrono::NaiveDate;

use super::project::{Projected, project};
use super::read::{self, Row, Standing, each_day, working_days};
use super::{Asked, SCOPES, titled};
use crate::domain::money::Money;
use crate::domain::period::Period;
use crate::error::Error;
use crate::models::forecast::attainment::Spread;
use crate::models::forecast::book::Day;
use crate::models::forecast::pace::{Pace, Past, WorkingDays};
use crate::reports::forecast::amount;
use crate::reports::forecast::read::day_number;
use crate::reports::{Context, filter_note, named};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// A line over the days: its name, and its amount with the ends of its range.
type Point = (NaiveDate, &'static str, f64, Option<(f64, f64)>);

/// Cash of the targets asked for together, day by day: `period_start, period_end, as_of, scope, currency, day_on, line, amount,
/// lower_amount, upper_amount`. Lines: collected, usual (the target times the pace, with the range of four earlier periods in five),
/// target, and expected with p10 and p90. Of the companies unless another scope is asked for, and of the period that began last.
///
/// # Errors
/// As [`super::table`].
pub fn days(context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
    let asked = Asked { scope: Some(scope_of(context, asked)), ..asked.clone() };
    let mut standing = read::read(context, &asked)?;
    standing.periods = standing.periods.split_off(standing.periods.len().saturating_sub(1));
    let shown = standing.periods.clone();
    standing.rows.retain(|row| shown.contains(&row.period));
    let projected = project(context.ledger, &mut standing, &asked, true)?;
    sheet(context, &asked, &standing, projected.as_ref())
}

/// The scope that is shown: the one asked for, that which a narrowing of the run names, else companies.
fn scope_of(context: &Context<'_>, asked: &Asked) -> String {
    asked.scope.clone().unwrap_or_else(|| narrowed_scope(context).to_owned())
}

/// The sheet of what was looked at day by day.
pub(super) fn sheet(
    context: &Context<'_>,
    asked: &Asked,
    standing: &Standing,
    projected: Option<&Projected>,
) -> Result<Sheet, Error> {
    let scope = scope_of(context, asked);
    let Some(period) = standing.periods.last() else { return Err(Error::internal("targets: no period")) };
    let running = projected.and_then(|all| all.periods.iter().find(|running| running.period == *period));
    let ends = running.map_or(&[][..], |running| &running.horizon.ends);
    let shown: Vec<&Row> = standing.rows.iter().filter(|row| row.period == *period && row.scope == scope).collect();
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    let groups = together(standing, shown, ends);
    for (group, points) in &groups {
        for (day, line, value, range) in points {
            let mut cells = [group.period.start, group.period.end, context.as_of()].map(Cell::Date).to_vec();
            cells.extend([scope.as_str(), &group.currency].map(Cell::Text));
            cells.extend([Cell::Date(*day), Cell::Text(line), amount(*value)]);
            cells.extend(range.map_or([Cell::Empty; 2], |(lower, upper)| [amount(lower), amount(upper)]));
            rows.push(cells);
        }
    }
    let title = titled("Cash against target", std::slice::from_ref(period), context, asked);
    let mut sheet = Sheet::from_rows("target_days", &title, columns(context), &rows)?;
    let [day, value, lower, upper, series] =
        ["day_on", "amount", "lower_amount", "upper_amount", "line"].map(str::to_owned);
    sheet.chart = Some(Chart::Fan { day, value, lower, upper, series, today: context.as_of() });
    sheet.notes.extend(groups.iter().filter_map(|(group, _)| group.left_out(&scope)));
    sheet.notes.extend(standing.notes.iter().cloned());
    sheet.notes.push("Usual is the target times the share that earlier periods had collected by the same working day, with the range that four in five of them kept to. Forecast is what is collected and what open items still bring: half the draws end above its median, four in five between p10 and p90 (expected_end is their mean).".to_owned());
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

/// The scope a narrowing of the run names, else companies.
fn narrowed_scope(context: &Context<'_>) -> &'static str {
    let is_named = |(_, dimension): &&(&str, Option<_>)| {
        context.run.filters.iter().any(|filter| *dimension == Some(filter.dimension))
    };
    SCOPES.iter().find(is_named).map_or("company", |(name, _)| *name)
}

fn columns(context: &Context<'_>) -> Vec<Column> {
    let mut columns = ["period_start", "period_end", "as_of"].map(|name| named(context, name, Kind::Date)).to_vec();
    columns.extend(["scope", "currency"].map(|name| named(context, name, Kind::Text)));
    columns.push(Column::new("day_on", Kind::Date).titled("Day"));
    columns.push(named(context, "line", Kind::Text));
    columns.extend(["amount", "lower_amount", "upper_amount"].map(|name| Column::new(name, Kind::Amount)));
    columns
}

/// The rows of one currency, as one.
struct Group {
    period: Period,
    currency: String,
    /// Of how many it is, and how many there are; who has a target.
    counts: [usize; 2],
    names: Vec<String>,
}

/// Names that a note has room for.
const NAMES_MOST: usize = 3;

impl Group {
    /// A sentence where only some have a target.
    fn left_out(&self, scope: &str) -> Option<String> {
        let [with_target, all] = self.counts;
        if with_target == all {
            return None;
        }
        let scope = scope.replace('_', " ");
        let named = self.names.iter().take(NAMES_MOST).cloned().collect::<Vec<_>>().join(", ");
        let more = with_target.saturating_sub(NAMES_MOST);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Some(format!(
            "{} is of what has a target ({scope} {named}{more}): {with_target} of {all}; cash of the others is not in it.",
            self.currency
        ))
    }
}

fn together(standing: &Standing, mut order: Vec<&Row>, ends: &[Day]) -> Vec<(Group, Vec<Point>)> {
    order.sort_by(|a, b| (&a.currency, &a.scope_id).cmp(&(&b.currency, &b.scope_id)));
    let of_currency = |rows: &[&Row]| {
        // Beside the target of some, only what those collect can stand.
        let with_target: Vec<&Row> = rows.iter().copied().filter(|row| row.target.is_some()).collect();
        let all = rows.len();
        let rows = if with_target.is_empty() { rows.to_vec() } else { with_target };
        let names = rows.iter().map(|row| row.scope_id.clone()).collect();
        let counts = [rows.len(), all];
        let group = Group { period: rows[0].period, currency: rows[0].currency.clone(), counts, names };
        let mut points = collected(&rows, standing);
        points.extend(wanted(&rows, &standing.days));
        points.extend(expected(&rows, standing, ends));
        (group, points)
    };
    order.chunk_by(|a, b| a.currency == b.currency).map(of_currency).collect()
}

/// What came by the end of each day so far.
fn collected(rows: &[&Row], standing: &Standing) -> Vec<Point> {
    let by = |day: NaiveDate| -> f64 {
        let days = rows.iter().flat_map(|row| &row.by_day);
        days.filter(|(on, _)| *on <= day_number(day)).map(|(_, amount)| amount).sum()
    };
    let period = rows[0].period;
    each_day(period.start, standing.as_of().min(period.end)).map(|day| (day, "collected", by(day), None)).collect()
}

/// The target, and what of it had usually come by each day.
fn wanted(rows: &[&Row], days: &WorkingDays) -> Vec<Point> {
    let period = rows[0].period;
    let Some(target) = rows.iter().map(|row| row.target).sum::<Option<Money>>().map(Money::to_f64) else {
        return Vec::new();
    };
    let past = Past::together(rows.iter().flat_map(|row| &row.past));
    let usual = |day: NaiveDate| {
        let pace = Pace::of(&past, days, working_days(period, days, day))?;
        Some((day, "usual", target * pace.mean, Some((target * pace.lower, target * pace.upper))))
    };
    let all = || each_day(period.start, period.end);
    all().filter_map(usual).chain(all().map(|day| (day, "target", target, None))).collect()
}

/// What is collected and is to come by the end of each day from now on.
fn expected(rows: &[&Row], standing: &Standing, ends: &[Day]) -> Vec<Point> {
    let mut rests = rows.iter().filter_map(|row| row.rest.clone().map(|rest| (rest, row.width)));
    let Some((first, width)) = rests.next() else { return Vec::new() };
    let rest = rests.fold(first, |sum, (rest, _)| sum.plus(&rest));
    let collected: f64 = rows.iter().map(|row| row.collected.to_f64()).sum();
    let mut points = vec![(standing.as_of(), "expected", collected, Some((collected, collected)))];
    let mut spreads: Vec<Spread> = (0..ends.len()).map(|at| rest.by(at, width)).collect();
    // Widened ranges of one day may lie below those of the day before, but what has come stays: no day is above a later one, so
    // that the last one is the table's.
    for at in (1..spreads.len()).rev() {
        let (Spread { mean, p10, p50, p90 }, later) = (spreads[at - 1], spreads[at]);
        spreads[at - 1] = Spread { mean, p10: p10.min(later.p10), p50: p50.min(later.p50), p90: p90.min(later.p90) };
    }
    for (end, Spread { p10, p50, p90, .. }) in ends.iter().zip(spreads) {
        let range = Some((collected + p10, collected + p90));
        points.extend(NaiveDate::from_epoch_days(*end).map(|day| (day, "expected", collected + p50, range)));
    }
    points
}
