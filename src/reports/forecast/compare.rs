//! Forecasts that were kept, held against what came: how good they were, and why each missed.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use chrono::NaiveDate;

use super::freeze::{by_text, filter_text};
use super::read::{self, Reading, day_number};
use super::{date, in_order, rate, scope_cells, scope_columns};
use crate::domain::money::Money;
use crate::error::Error;
use crate::models::forecast::book::Origin;
use crate::models::forecast::horizon::Horizon;
use crate::models::forecast::miss::{Kept, KeptItem, Miss, Reason, Units};
use crate::models::forecast::score::{Point, Score};
use crate::models::forecast::{Band, Line};
use crate::reports::{Context, has_table, is_split, named, titled};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};
use crate::sql_text::literal;

/// What is asked of the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// Why each forecast missed.
    #[default]
    Miss,
    /// The customers that moved each miss most.
    Customers,
    /// How good they were, by weeks ahead and line.
    Scores,
}

impl Compare {
    /// Reads `miss`, `customers` or `scores`.
    ///
    /// # Errors
    /// [`Error::Usage`] that names the three.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "miss" => Ok(Self::Miss),
            "customers" => Ok(Self::Customers),
            "scores" => Ok(Self::Scores),
            _ => Err(Error::usage(format!("--compare {text}: there are miss, customers and scores"))),
        }
    }
}

/// Customers shown by name; the others are one step.
const NAMED_COUNT: usize = 10;

/// Customers named in a note.
const NOTED_COUNT: usize = 3;

/// Groups of weeks that are scored together: name, first and last week.
const HORIZONS: [(&str, usize, usize); 4] = [("1-4", 1, 4), ("5-8", 5, 8), ("9-13", 9, 13), ("all", 1, usize::MAX)];

/// What was forecast, by scope, line (none for the total) and week.
type Bands = BTreeMap<(usize, Option<Line>, usize), Band>;

/// A forecast of the record, and what came of it.
struct Compared {
    forecast_no: i64,
    as_of: NaiveDate,
    kept: Kept,
    bands: Bands,
    misses: Vec<Miss>,
}

/// The forecasts that were frozen for the same split and filters, held against what came by the day.
///
/// # Errors
/// [`Error::Usage`] where none was frozen before the day; [`Error::Internal`] where the ledger cannot be read.
pub fn compare(context: &Context<'_>, what: Compare, forecast_no: Option<i64>) -> Result<Sheet, Error> {
    let mut runs = runs(context, forecast_no)?;
    let left_out = if what == Compare::Scores { one_of_each_day(&mut runs) } else { None };
    let stored_late = stored_late(&runs);
    let first = runs.iter().map(|run| run.as_of).min().unwrap_or(context.as_of());
    let days = (context.as_of() - first).num_days().unsigned_abs();
    let mut reading = read::read(context.ledger, &context.run, days + 1)?;
    let seen = Origin::with_hindsight(day_number(context.as_of()));
    let mut compared = Vec::new();
    for run in runs {
        let (kept, bands) = kept(context, &run, &mut reading)?;
        let misses = kept.miss(&reading.book, seen);
        compared.push(Compared { forecast_no: run.forecast_no, as_of: run.as_of, kept, bands, misses });
    }
    let mut sheet = match what {
        Compare::Miss => miss_sheet(context, &reading, &compared)?,
        Compare::Customers => customer_sheet(context, &reading, &compared)?,
        Compare::Scores => score_sheet(context, &reading, &compared)?,
    };
    sheet.notes.extend(notes(context, &reading, &compared, what));
    sheet.notes.extend(left_out.into_iter().chain(stored_late));
    Ok(sheet)
}

/// What a forecast was frozen with.
struct Run {
    forecast_no: i64,
    as_of: NaiveDate,
    is_open_only: bool,
    frozen_on: NaiveDate,
}

/// Days after its own within which a forecast is stored that is to be evidence: a closing takes as long.
const STORED_WITHIN_DAYS: i64 = 7;

/// Leaves the first forecast of each day, so that no day counts twice, and none without new billing beside those with it; says how many
/// are left out.
fn one_of_each_day(runs: &mut Vec<Run>) -> Option<String> {
    let all = runs.len();
    let has_whole = runs.iter().any(|run| !run.is_open_only);
    runs.retain(|run| !(has_whole && run.is_open_only));
    runs.sort_by_key(|run| (run.as_of, run.forecast_no));
    runs.dedup_by_key(|run| run.as_of);
    let left_out = all - runs.len();
    (left_out > 0).then(|| {
        format!(
            "{left_out} of {all} frozen forecasts {} not scored: the first of each day is, and what is open alone not beside whole forecasts. --forecast-no scores any one.",
            if left_out == 1 { "is" } else { "are" }
        )
    })
}

/// What is said of forecasts that were stored when what they are about had come.
fn stored_late(runs: &[Run]) -> Option<String> {
    let is_late = |run: &&Run| (run.frozen_on - run.as_of).num_days() > STORED_WITHIN_DAYS;
    let late: Vec<String> = runs.iter().filter(is_late).map(|run| run.forecast_no.to_string()).collect();
    let first = runs.iter().find(is_late)?;
    Some(format!(
        "No evidence: {} of {} forecasts {} stored more than {STORED_WITHIN_DAYS} days after the day asked for (forecast {} of {} on {}), as a backtest is.",
        late.len(),
        runs.len(),
        if late.len() == 1 { "was" } else { "were" },
        first.forecast_no,
        first.as_of,
        first.frozen_on
    ))
}

fn runs(context: &Context<'_>, forecast_no: Option<i64>) -> Result<Vec<Run>, Error> {
    let ledger = context.ledger;
    let none = |why: &str| {
        Error::usage(format!("forecast --compare: {why}; duecast forecast --freeze --as-of DATE keeps one"))
    };
    let is_there = ledger.has_rows("select 1 from duckdb_tables() where table_name = 'forecast_run'")?;
    if !is_there || !has_table(ledger, "forecast_run")? {
        return Err(none("no forecast was frozen in this ledger"));
    }
    let (by, filters) = (by_text(&context.run.by), filter_text(&context.run.filters));
    let only = forecast_no.map_or(String::new(), |number| format!(" and forecast_no = {number}"));
    let found = ledger.texts(&format!(
        "select cast(forecast_no as string), cast(as_of as string), cast(is_open_only as string), cast(cast(frozen_at as date) as string)
         from forecast_run r
         where as_of < date '{}' and by_dimensions = {} and filters = {}{only}
           and exists (select 1 from forecast_week w where w.forecast_no = r.forecast_no and w.week_end <= date '{}')
         order by as_of, forecast_no",
        context.as_of(),
        literal(&by),
        literal(&filters),
        context.as_of()
    ))?;
    if found.is_empty() {
        return Err(none(&there_are(context, forecast_no)?));
    }
    let run = |row: Vec<Option<String>>| {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (number, as_of, is_open_only, frozen_on) = (next(), next(), next(), next());
        Some(Run {
            forecast_no: number.parse().ok()?,
            as_of: as_of.parse().ok()?,
            is_open_only: is_open_only == "true",
            frozen_on: frozen_on.parse().ok()?,
        })
    };
    Ok(found.into_iter().filter_map(run).collect())
}

/// Why none of the frozen forecasts fits, and which there are.
fn there_are(context: &Context<'_>, forecast_no: Option<i64>) -> Result<String, Error> {
    let rows = context.ledger.texts(
        "select 'forecast ' || cast(forecast_no as string) || ' of ' || cast(as_of as string)
           || case when by_dimensions = '' then '' else ' by ' || by_dimensions end
           || case when filters = '' then '' else ' only ' || filters end
         from forecast_run order by forecast_no",
    )?;
    let all: Vec<String> = rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect();
    let listed = all.iter().take(NAMED_COUNT).cloned().collect::<Vec<_>>().join(", ");
    let more = if all.len() > NAMED_COUNT { format!(" and {} more", all.len() - NAMED_COUNT) } else { String::new() };
    let number = forecast_no.map_or(String::new(), |number| format!(" {number}"));
    Ok(format!(
        "no forecast{number} with a week that ended by {} was frozen for this split and these filters (frozen: {listed}{more})",
        context.as_of()
    ))
}

/// A forecast as it was kept, over the weeks that have ended by the day.
fn kept(context: &Context<'_>, run: &Run, reading: &mut Reading) -> Result<(Kept, Bands), Error> {
    let number = run.forecast_no;
    let sql = format!(
        "select week_no, week_end, currency, scope_key, line, p10, p50, p90, mean from forecast_week
         where forecast_no = {number} and week_end <= date '{}' order by week_no",
        context.as_of()
    );
    let mut bands = Bands::new();
    let mut ends = BTreeMap::new();
    let mut billed: BTreeMap<usize, Units> = BTreeMap::new();
    for batch in context.ledger.query(&sql)?.batches {
        let text = |at: usize, row: usize| batch.column(at).as_string::<i32>().value(row);
        let units = |at: usize, row: usize| batch.column(at).as_primitive::<Decimal128Type>().value(row);
        for row in 0..batch.num_rows() {
            let week = batch.column(0).as_primitive::<Int32Type>().value(row) as usize - 1;
            ends.insert(week, batch.column(1).as_primitive::<Date32Type>().value(row));
            let scope = reading.scope(text(2, row), text(3, row));
            let line = line_of(text(4, row));
            let [p10, p50, p90, mean] = [5, 6, 7, 8].map(|at| Money::from_units(units(at, row)).to_f64());
            bands.insert((scope, line, week), Band { p10, p50, p90, mean, ..Band::default() });
            if line == Some(Line::NewBilling) {
                *billed.entry(scope).or_default() += units(8, row);
            }
        }
    }
    let weeks = ends.len();
    let sql = format!(
        "select i.item_no, f.customer_id, f.currency, f.scope_key, max(f.line) as line,
           cast(sum(case when f.week_no <= {weeks} then f.expected_amount else 0 end) as decimal(38, 4)) as expected_amount
         from forecast_item f left join item i on i.item_id = f.item_id
         where f.forecast_no = {number}
         group by f.item_id, i.item_no, f.customer_id, f.currency, f.scope_key order by f.item_id"
    );
    let mut items = Vec::new();
    for batch in context.ledger.query(&sql)?.batches {
        items.extend((0..batch.num_rows()).map(|row| kept_item(&batch, row, reading)));
    }
    let new_billing = (0..reading.scopes.len()).map(|scope| billed.get(&scope).copied().unwrap_or(0)).collect();
    let horizon = Horizon { origin: day_number(run.as_of), ends: ends.into_values().collect() };
    Ok((Kept { horizon, items, new_billing, is_open_only: run.is_open_only }, bands))
}

fn kept_item(batch: &RecordBatch, row: usize, reading: &mut Reading) -> KeptItem {
    let text = |at: usize| {
        let column = batch.column(at).as_string::<i32>();
        if column.is_null(row) { "" } else { column.value(row) }
    };
    let numbers = batch.column(0).as_primitive::<Int64Type>();
    let place = numbers.is_valid(row).then(|| reading.book.place_of(numbers.value(row))).flatten();
    KeptItem {
        place,
        customer_id: text(1).to_owned(),
        scope: reading.scope(text(2), text(3)),
        // Of an item on several lines, the one of its promise or plan: the words stand later in the alphabet.
        line: line_of(text(4)).unwrap_or(Line::Due),
        expected: batch.column(5).as_primitive::<Decimal128Type>().value(row),
    }
}

fn line_of(word: &str) -> Option<Line> {
    Line::ALL.into_iter().find(|line| line.name() == word)
}

/// Columns that say which forecast and which scope a row is about.
fn head_columns(context: &Context<'_>) -> Vec<Column> {
    let mut columns = vec![
        named(context, "as_of", Kind::Date),
        Column::new("forecast_no", Kind::Count).titled("Forecast"),
        Column::new("frozen_as_of", Kind::Date).titled("Made as of"),
        Column::new("to_on", Kind::Date).titled("Weeks up to"),
    ];
    columns.extend(scope_columns(context));
    columns
}

fn head_cells<'a>(context: &Context<'_>, c: &Compared, scope: &'a (String, String)) -> Vec<Cell<'a>> {
    let to_on = c.kept.horizon.ends.last().map_or(Cell::Empty, |end| date(*end));
    let mut cells = vec![Cell::Date(context.as_of()), Cell::Count(c.forecast_no), Cell::Date(c.as_of), to_on];
    cells.extend(scope_cells(context, scope));
    cells
}

/// A step: name, amount, whether it is a total, note.
type Step = (String, Units, bool, String);

fn steps_columns(context: &Context<'_>) -> Vec<Column> {
    let mut columns = head_columns(context);
    columns.extend([
        named(context, "step_no", Kind::Count),
        named(context, "step", Kind::Text),
        Column::new("amount", Kind::Amount),
        named(context, "is_total", Kind::Flag).titled("Total"),
        Column::new("note", Kind::Text),
    ]);
    columns
}

fn steps_sheet(
    context: &Context<'_>,
    reading: &Reading,
    compared: &[Compared],
    (name, title): (&str, &str),
    steps: impl Fn(&Compared, &Miss) -> Vec<Step>,
) -> Result<Sheet, Error> {
    let mut all = Vec::new();
    for c in compared {
        for scope in in_order(&reading.scopes) {
            let miss = &c.misses[scope];
            if miss.forecast != 0 || miss.actual != 0 || !miss.customers.is_empty() {
                all.push((c, scope, steps(c, miss)));
            }
        }
    }
    let mut rows = Vec::new();
    for (c, scope, steps) in &all {
        for (step_no, (step, amount, is_total, note)) in (1..).zip(steps) {
            let mut row = head_cells(context, c, &reading.scopes[*scope]);
            let note = if note.is_empty() { Cell::Empty } else { Cell::Text(note) };
            row.extend([Cell::Count(step_no), Cell::Text(step), Cell::Amount(Money::from_units(*amount))]);
            row.extend([Cell::Flag(*is_total), note]);
            rows.push(row);
        }
    }
    let sheet = Sheet::from_rows(name, &titled(title, context), steps_columns(context), &rows)?;
    if compared.len() > 1 || is_split(context) {
        return Ok(sheet.noted("A chart shows one forecast of the whole book: say which with --forecast-no."));
    }
    let column = str::to_owned;
    Ok(sheet.charted(Chart::Waterfall { step: column("step"), value: column("amount"), total: column("is_total") }))
}

fn miss_sheet(context: &Context<'_>, reading: &Reading, compared: &[Compared]) -> Result<Sheet, Error> {
    let steps = |c: &Compared, miss: &Miss| {
        let mut steps: Vec<Step> = vec![("forecast".to_owned(), miss.forecast, true, String::new())];
        for reason in Reason::ALL {
            let count = miss.items[reason as usize];
            let note = match (reason, count) {
                (Reason::UnappliedCash, _) => "came, less what is applied to items of this currency".to_owned(),
                (_, 1) => "1 item".to_owned(),
                _ => format!("{count} items"),
            };
            if !(c.kept.is_open_only && matches!(reason, Reason::NewBilling | Reason::UnappliedCash)) {
                steps.push((reason.name().to_owned(), miss.parts[reason as usize], false, note));
            }
        }
        steps.push(("actual".to_owned(), miss.actual, true, String::new()));
        steps
    };
    steps_sheet(context, reading, compared, ("forecast_miss", "Why forecasts missed"), steps)
}

fn customer_sheet(context: &Context<'_>, reading: &Reading, compared: &[Compared]) -> Result<Sheet, Error> {
    let names = customer_names(context)?;
    let steps = |c: &Compared, miss: &Miss| {
        let ranked = ranked(miss);
        let (named, others) = ranked.split_at(NAMED_COUNT.min(ranked.len()));
        let mut steps: Vec<Step> = vec![("forecast".to_owned(), miss.forecast, true, String::new())];
        steps.extend(
            named
                .iter()
                .map(|(id, amount)| ((*id).to_owned(), *amount, false, names.get(*id).cloned().unwrap_or_default())),
        );
        if !others.is_empty() {
            let sum = others.iter().map(|(_, amount)| amount).sum();
            steps.push(("others".to_owned(), sum, false, format!("{} customers", others.len())));
        }
        if !c.kept.is_open_only {
            for reason in [Reason::NewBilling, Reason::UnappliedCash] {
                steps.push((reason.name().to_owned(), miss.parts[reason as usize], false, String::new()));
            }
        }
        steps.push(("actual".to_owned(), miss.actual, true, String::new()));
        steps
    };
    let named = ("forecast_miss_customers", "Customers that moved the misses of forecasts most");
    steps_sheet(context, reading, compared, named, steps)
}

/// Names of customers, as of the day.
fn customer_names(context: &Context<'_>) -> Result<BTreeMap<String, String>, Error> {
    let rows = context.ledger.texts("select customer_id, name from customer_as_of where name <> ''")?;
    Ok(rows.into_iter().filter_map(|row| Some((row[0].clone()?, row[1].clone()?))).collect())
}

/// Customers by what their open items added to a miss, the largest first.
fn ranked(miss: &Miss) -> Vec<(&str, Units)> {
    let mut ranked: Vec<(&str, Units)> =
        miss.customers.iter().filter(|(_, by)| **by != 0).map(|(id, by)| (id.as_str(), *by)).collect();
    ranked.sort_by_key(|(id, by)| (std::cmp::Reverse(by.abs()), *id));
    ranked
}

/// Weeks of a scope and line as points, from the first to the last of a horizon.
fn points(compared: &[Compared], scope: usize, line: Option<Line>, first: usize, last: usize) -> Vec<Point> {
    let mut points = Vec::new();
    for c in compared {
        for week in (first - 1)..c.kept.horizon.ends.len().min(last) {
            let miss = &c.misses[scope];
            let came = match line {
                Some(line) => miss.lines[line as usize][week],
                None => miss.weeks[week],
            };
            if let Some(band) = c.bands.get(&(scope, line, week)) {
                points.push(Point { actual: Money::from_units(came).to_f64(), band: *band, has_interval: true });
            }
        }
    }
    points
}

fn score_sheet(context: &Context<'_>, reading: &Reading, compared: &[Compared]) -> Result<Sheet, Error> {
    let mut columns = vec![named(context, "as_of", Kind::Date)];
    columns.extend(scope_columns(context));
    columns.extend([
        Column::new("horizon", Kind::Text),
        named(context, "line", Kind::Text),
        Column::new("forecasts", Kind::Count),
        Column::new("wape", Kind::Rate).titled("WAPE"),
        Column::new("bias", Kind::Rate),
        Column::new("coverage_80", Kind::Rate).titled("Coverage of the 80% interval"),
        Column::new("pinball", Kind::Rate).titled("Pinball loss"),
    ]);
    let mut rows = Vec::new();
    for scope in in_order(&reading.scopes) {
        for (horizon, first, last) in HORIZONS {
            for line in Line::ALL.map(Some).into_iter().chain([None]) {
                let points = points(compared, scope, line, first, last);
                if points.is_empty() {
                    continue;
                }
                let score = Score::of(&points);
                let mut row = vec![Cell::Date(context.as_of())];
                row.extend(scope_cells(context, &reading.scopes[scope]));
                row.extend([Cell::Text(horizon), Cell::Text(line.map_or("total", Line::name))]);
                row.push(Cell::Count(score.forecasts as i64));
                row.extend([score.wape, score.bias, score.coverage, score.pinball].map(rate));
                rows.push(row);
            }
        }
    }
    let sheet =
        Sheet::from_rows("forecast_scores", &titled("How good frozen forecasts were", context), columns, &rows)?;
    Ok(sheet.noted("WAPE is the sum of misses / the sum of cash; bias, what was forecast too much / the cash; pinball loss, of p10, p50 and p90, a share of the cash. One forecast is one week of one frozen forecast."))
}

fn notes(context: &Context<'_>, reading: &Reading, compared: &[Compared], what: Compare) -> Vec<String> {
    let mut notes = vec![format!(
        "Of each frozen forecast, the weeks that ended by {} are held against what is known of them. Method and limits: docs/forecast.md.",
        context.as_of()
    )];
    if what == Compare::Scores || is_split(context) {
        return notes;
    }
    for scope in in_order(&reading.scopes) {
        let currency = &reading.scopes[scope].0;
        let said = HORIZONS.iter().filter_map(|(name, first, last)| {
            let score = Score::of(&points(compared, scope, None, *first, *last));
            let (wape, bias) = (score.wape?, score.bias?);
            let held = score.coverage.map_or(String::new(), |held| format!(", {:.0}% within p10 to p90", 100.0 * held));
            Some(format!("weeks {name} WAPE {:.1}%, bias {:+.1}%{held}", 100.0 * wape, 100.0 * bias))
        });
        let said: Vec<String> = said.collect();
        if !said.is_empty() {
            notes.push(format!("{currency} total: {}.", said.join("; ")));
        }
    }
    let last = compared.last().into_iter().filter(|_| what == Compare::Miss);
    for (c, scope) in last.flat_map(|c| in_order(&reading.scopes).into_iter().map(move |scope| (c, scope))) {
        let ranked = ranked(&c.misses[scope]);
        let named = ranked.iter().take(NOTED_COUNT).map(|(id, by)| format!("{id} {}", signed(*by)));
        if !ranked.is_empty() {
            let said = named.collect::<Vec<_>>().join("; ");
            notes.push(format!("Forecast {} {} was moved most by: {said}.", c.forecast_no, reading.scopes[scope].0));
        }
    }
    let lost: usize = compared.iter().flat_map(|c| &c.misses).map(|miss| miss.lost).sum();
    if lost > 0 {
        notes.push(format!(
            "{lost} frozen items are not in the ledger or its filters any more: what was expected of them counts as late."
        ));
    }
    notes
}

fn signed(units: Units) -> String {
    let sign = if units > 0 { "+" } else { "" };
    format!("{sign}{}", Money::from_units(units).grouped())
}
