//! What the open items of running periods still bring, by the forecast's own draws.

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use chrono::NaiveDate;

use super::Asked;
use super::read::{Key, Standing};
use crate::catalog::bind::{self, KEY_SEPARATOR, Run};
use crate::domain::dimension::Dimension;
use crate::domain::period::Period;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::models::forecast::attainment::{Prospect, Question, Share};
use crate::models::forecast::book::Day;
use crate::models::forecast::horizon::Horizon;
use crate::reports::forecast::read::{Reading, day_number};
use crate::reports::forecast::{Learnt, USUAL_WEEKS};

/// Days to the end of a period that are looked at one by one; of a longer one, weeks.
const DAYS_MOST: Day = 45;

/// A running period looked at.
#[derive(Debug)]
pub(super) struct Projection {
    pub(super) period: Period,
    pub(super) horizon: Horizon,
    pub(super) prospect: Prospect,
    /// Which of the standing's rows each scope of the book counts for, and on which days.
    pub(super) shares: Vec<Vec<Share>>,
}

/// What was read and learnt, for those who look behind it.
#[derive(Debug)]
pub(super) struct Projected {
    pub(super) learnt: Learnt,
    pub(super) periods: Vec<Projection>,
}

/// Who is in charge of a customer until when, from the day asked for on.
type Charges = BTreeMap<String, Vec<(Day, String)>>;

/// What the target views tell of the items, beside what the book has.
struct Side {
    charges: Charges,
    teams: BTreeMap<String, String>,
    money_rates: BTreeMap<(String, String), f64>,
    collectable: BTreeMap<Period, Vec<i64>>,
}

/// Looks ahead over every period that has not ended; nothing where all have.
pub(super) fn project(
    ledger: &Ledger,
    standing: &mut Standing,
    asked: &Asked,
    is_by_day: bool,
) -> Result<Option<Projected>, Error> {
    let as_of = standing.as_of();
    let running: Vec<Period> = standing.periods.iter().copied().filter(|period| period.end > as_of).collect();
    let Some(last) = running.iter().map(|period| period.end).max() else { return Ok(None) };
    let side = side(ledger, &standing.run)?;
    let by = vec![Dimension::Company, Dimension::BusinessUnit, Dimension::Customer];
    let run = Run { by, ..standing.run.clone() };
    let weeks = ((day_number(last) - day_number(as_of) + 6) / 7).max(1) as usize;
    let mut learnt = Learnt::new(ledger, &run, &asked.settings, weeks.max(USUAL_WEEKS))?;
    let classes = merge_scopes(&mut learnt.reading, &side.charges);
    let mut periods = Vec::new();
    for period in running {
        let projection = look(standing, &learnt, &side, &classes, period, |question| {
            question.is_by_day = is_by_day;
            question.answer(&learnt.fit, &asked.settings)
        });
        let week = (day_number(period.end) - learnt.origin.day - 1).max(0) as usize / 7;
        for (row, rest) in standing.rows.iter_mut().zip(&projection.prospect.rows) {
            if row.period == period {
                row.rest = Some(rest.clone().with_later(&row.later));
                row.width = learnt.widths.of_week(week);
            }
        }
        periods.push(projection);
    }
    Ok(Some(Projected { learnt, periods }))
}

/// Who the items of a scope of the book belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Class {
    currency: String,
    company: String,
    business_unit: String,
    charges: Vec<(Day, String)>,
}

/// Puts the customers who count for the same rows on every day to come into one scope.
fn merge_scopes(reading: &mut Reading, charges: &Charges) -> Vec<Class> {
    let class = |(currency, key): &(String, String)| {
        let mut parts = key.split(KEY_SEPARATOR).map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        let (company, business_unit, customer) = (part(), part(), part());
        let charges = charges.get(&customer).cloned().unwrap_or_default();
        Class { currency: currency.clone(), company, business_unit, charges }
    };
    let found: Vec<Class> = reading.scopes.iter().map(class).collect();
    let mut classes = found.clone();
    classes.sort();
    classes.dedup();
    let place = |class: &Class| classes.partition_point(|known| known < class) as u32;
    let scopes: Vec<u32> = found.iter().map(place).collect();
    reading.merge_scopes(&scopes, classes.iter().map(|class| (class.currency.clone(), String::new())).collect());
    classes
}

fn look(
    standing: &Standing,
    Learnt { reading, origin, .. }: &Learnt,
    side: &Side,
    classes: &[Class],
    period: Period,
    answer: impl Fn(&mut Question<'_>) -> Prospect,
) -> Projection {
    let end = day_number(period.end);
    let step = if end - origin.day > DAYS_MOST { 7 } else { 1 };
    let mut ends: Vec<Day> = (origin.day + step..end).step_by(step as usize).collect();
    // What comes while another is in charge counts for that one: days on which that changes are looked at in any case.
    let changes = classes.iter().flat_map(|class| class.charges.iter().map(|(to, _)| *to));
    ends.extend(changes.filter(|to| (origin.day + 1..end).contains(to)));
    ends.push(end);
    ends.sort_unstable();
    ends.dedup();
    let book = &reading.book;
    let mut is_collectable = vec![false; book.items.len()];
    for item in side.collectable.get(&period).into_iter().flatten() {
        if let Some(place) = book.place_of(*item) {
            is_collectable[place] = true;
        }
    }
    let payers: BTreeMap<&str, u32> = book.payers.iter().map(String::as_str).zip(0..).collect();
    let currencies: BTreeMap<&str, u32> =
        classes.iter().map(|class| class.currency.as_str()).zip(book.scope_currency.iter().copied()).collect();
    let money = |((customer, currency), rate): (&(String, String), &f64)| {
        Some(((*payers.get(customer.as_str())?, *currencies.get(currency.as_str())?), *rate))
    };
    let shares = shares(standing, side, classes, period, origin.day);
    let mut question = Question {
        book,
        origin: *origin,
        horizon: Horizon { origin: origin.day, ends },
        is_collectable,
        shares,
        row_count: standing.rows.len(),
        money_rates: side.money_rates.iter().filter_map(money).collect(),
        is_by_day: false,
    };
    let prospect = answer(&mut question);
    let Question { horizon, shares, .. } = question;
    Projection { period, horizon, prospect, shares }
}

/// The rows that each class counts for in a period.
fn shares(standing: &Standing, side: &Side, classes: &[Class], period: Period, as_of: Day) -> Vec<Vec<Share>> {
    let places: BTreeMap<Key, usize> = standing.rows.iter().enumerate().map(|(at, row)| (row.key(), at)).collect();
    let of_class = |class: &Class| {
        let mut shares = Vec::new();
        let mut add = |scope: &'static str, id: &str, from: Day, to: Day| {
            let row = places.get(&(period, scope, id.to_owned(), class.currency.clone()));
            shares.extend(row.map(|row| Share { row: *row, from, to }));
        };
        add("company", &class.company, as_of + 1, Day::MAX);
        add("business_unit", &class.business_unit, as_of + 1, Day::MAX);
        let mut from = as_of + 1;
        for (to, collector) in &class.charges {
            add("collector", collector, from, *to);
            if let Some(team) = side.teams.get(collector) {
                add("team", team, from, *to);
            }
            from = *to + 1;
        }
        shares
    };
    classes.iter().map(of_class).collect()
}

fn side(ledger: &Ledger, run: &Run) -> Result<Side, Error> {
    bind::bind(ledger, run, &["target_item", "collector_span", "open_item"])?;
    let mut charges = Charges::new();
    let sql = "select s.customer_id, s.collector_id, s.to_on from collector_span s where s.to_on > s.as_of
        order by s.customer_id, s.from_on";
    for batch in ledger.query(sql)?.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let to = batch.column(2).as_primitive::<Date32Type>();
        for row in 0..batch.num_rows() {
            let spans = charges.entry(text(0).value(row).to_owned()).or_default();
            spans.push((to.value(row), text(1).value(row).to_owned()));
        }
    }
    let teams = ledger.texts("select collector_id, team from collector where team is not null")?;
    let teams = teams.into_iter().filter_map(|row| <[Option<String>; 2]>::try_from(row).ok());
    let teams = teams.filter_map(|[collector, team]| Some((collector?, team?))).collect();
    let mut money_rates = BTreeMap::new();
    let sql = "select customer_id, currency,
          cast(sum(case when kind in ('receipt', 'down_payment') then open_amount else 0 end) as double)
            / cast(sum(open_amount) as double) as money_rate
        from open_item where is_credit group by customer_id, currency having sum(open_amount) < 0";
    for batch in ledger.query(sql)?.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let rate = batch.column(2).as_primitive::<Float64Type>();
        money_rates.extend(
            (0..batch.num_rows())
                .map(|row| ((text(0).value(row).to_owned(), text(1).value(row).to_owned()), rate.value(row))),
        );
    }
    let mut collectable: BTreeMap<Period, Vec<i64>> = BTreeMap::new();
    let sql = "select period_start, period_end, item_no from target_item where is_asked and period_end > as_of";
    for batch in ledger.query(sql)?.batches {
        let day = |at: usize, row| NaiveDate::from_epoch_days(batch.column(at).as_primitive::<Date32Type>().value(row));
        let numbers = batch.column(2).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            if let (Some(start), Some(end)) = (day(0, row), day(1, row)) {
                collectable.entry(Period { start, end }).or_default().push(numbers.value(row));
            }
        }
    }
    Ok(Side { charges, teams, money_rates, collectable })
}
