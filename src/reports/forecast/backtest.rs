//! How good the forecasts of past days would have been, against what people forecast with today.

use chrono::{Days, NaiveDate};

use super::learnt::Learnt;
use super::read::{self, Reading, day_number};
use super::{Asked, HISTORY_DAYS, amount, date, in_order, rate, scope_cells, scope_columns};
use crate::catalog::bind::{Run, RunDay};
use crate::domain::period::{end_of_day, month_end};
use crate::error::Error;
use crate::models::forecast::Line;
use crate::models::forecast::backtest::{Came, Method, Past, Replay, Scored, give_intervals, stated_by_all};
use crate::models::forecast::baselines::Baseline;
use crate::models::forecast::book::{Day, Origin};
use crate::models::forecast::score::{Point, Score};
use crate::reports::{Context, filter_note, named};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// How often a forecast is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// At each month end.
    #[default]
    Month,
    /// Every seven days from the first.
    Week,
}

/// Groups of weeks that are scored together: name, first and last week.
const HORIZONS: [(&str, usize, usize); 4] = [("1-4", 1, 4), ("5-8", 5, 8), ("9-13", 9, 13), ("all", 1, usize::MAX)];

/// What a backtest gave.
struct Replayed {
    /// Currency and values of the dimensions asked for, of each scope.
    scopes: Vec<(String, String)>,
    scored: Vec<Scored>,
    origins: usize,
    seen_on: NaiveDate,
}

fn replay(context: &Context<'_>, from: NaiveDate, every: Every, asked: &Asked) -> Result<Replayed, Error> {
    let to = context.as_of();
    let days = origins(from, to, every);
    if days.is_empty() {
        return Err(Error::usage(format!(
            "backtest: there is no month end from {from} to {to}; make the span longer or say --every week"
        )));
    }
    let last_week_end = to.checked_add_days(Days::new(7 * asked.weeks as u64 + 6)).unwrap_or(NaiveDate::MAX);
    let Some(seen_on) = last_receipt_on(context, last_week_end)? else {
        return Err(Error::usage(
            "backtest: no receipt was posted by the end of the span: nothing can be scored".to_owned(),
        ));
    };
    let last_on = context.ledger.day("select max(effective_on) from application")?.unwrap_or(last_week_end);
    let replay = Replay {
        last: day_number(seen_on),
        seen: Origin::with_hindsight(Day::MAX),
        weeks: asked.weeks,
        start: asked.start,
        settings: asked.settings,
    };
    let days: Vec<NaiveDate> = days.into_iter().filter(|day| *day < seen_on).collect();
    let mut scopes: Vec<(String, String)> = Vec::new();
    let mut scored = Vec::new();
    for on in &days {
        let past = Learnt::new(context.ledger, &as_known_then(&context.run, *on), &asked.settings, asked.weeks)?;
        let came = came(context, *on, last_on.max(last_week_end))?;
        let Learnt { reading, origin, fit, widths, .. } = &past;
        let of_past = |scope: &(String, String)| reading.scopes.iter().position(|known| known == scope);
        let same: Vec<Option<usize>> = came.scopes.iter().map(of_past).collect();
        let made = replay.score(
            &Past { book: &reading.book, origin: *origin, fit, widths },
            &Came { book: &came.book, scopes: &same },
        );
        let places: Vec<usize> = came.scopes.into_iter().map(|scope| place(&mut scopes, scope)).collect();
        scored.extend(made.into_iter().map(|s| Scored { scope: places[s.scope], ..s }));
    }
    give_intervals(&mut scored);
    Ok(Replayed { scopes, scored, origins: days.len(), seen_on })
}

/// The run that a forecast of the day was made with.
fn as_known_then(run: &Run, on: NaiveDate) -> Run {
    let known_at = end_of_day(on);
    Run {
        days: vec![RunDay { as_of: on, from_on: None }],
        known_at: Some(run.known_at.map_or(known_at, |at| at.min(known_at))),
        ..run.clone()
    }
}

/// What came after a day, of whom the customers and collectors were on that day.
fn came(context: &Context<'_>, on: NaiveDate, until: NaiveDate) -> Result<Reading, Error> {
    let run = Run { days: vec![RunDay { as_of: until, from_on: None }], master_on: Some(on), ..context.run.clone() };
    read::read(context.ledger, &run, HISTORY_DAYS + (until - on).num_days().unsigned_abs())
}

/// The place of a scope among those of all forecasts.
fn place(scopes: &mut Vec<(String, String)>, scope: (String, String)) -> usize {
    scopes.iter().position(|known| *known == scope).unwrap_or_else(|| {
        scopes.push(scope);
        scopes.len() - 1
    })
}

/// The last day up to `until` on which money came, in the whole ledger: the weeks after it have not come true.
fn last_receipt_on(context: &Context<'_>, until: NaiveDate) -> Result<Option<NaiveDate>, Error> {
    let known = context.run.known_at.map_or_else(String::new, |at| format!(" and known_at <= timestamp '{at}'"));
    let is_meant = format!("kind in ('receipt', 'down_payment') and posted_on <= date '{until}'{known}");
    context.ledger.day(&format!("select max(posted_on) from item where {is_meant}"))
}

/// The days on which a forecast is made, from the first day to the last.
fn origins(from: NaiveDate, to: NaiveDate, every: Every) -> Vec<NaiveDate> {
    let next = |day: &NaiveDate| match every {
        Every::Month => day.checked_add_days(Days::new(1)).map(month_end),
        Every::Week => day.checked_add_days(Days::new(7)),
    };
    let first = if every == Every::Month { month_end(from) } else { from };
    std::iter::successors(Some(first), next).take_while(|day| *day <= to).collect()
}

/// The league table: `method, horizon, line, forecasts, wape, bias, coverage_80, pinball`, then the currency and the dimensions
/// asked for; rows of one horizon and line in the order of their WAPE.
///
/// # Errors
/// [`Error::Usage`] where the span holds no day to forecast from; [`Error::Internal`] where the ledger cannot be read.
pub fn backtest(context: &Context<'_>, from: NaiveDate, every: Every, asked: &Asked) -> Result<Sheet, Error> {
    let replayed = replay(context, from, every, asked)?;
    let mut columns = vec![
        named(context, "method", Kind::Text),
        Column::new("horizon", Kind::Text).titled("Weeks ahead"),
        named(context, "line", Kind::Text),
        Column::new("forecasts", Kind::Count),
        Column::new("wape", Kind::Rate).titled("WAPE"),
        Column::new("bias", Kind::Rate),
        Column::new("coverage_80", Kind::Rate).titled("Coverage of the 80% interval"),
        Column::new("pinball", Kind::Rate).titled("Pinball loss"),
    ];
    columns.extend(scope_columns(context));
    let lines = Line::ALL.map(Some).into_iter().chain([None]);
    let mut rows = Vec::new();
    let mut best_of = Vec::new();
    for scope in in_order(&replayed.scopes) {
        for (horizon, first, last) in HORIZONS {
            for line in lines.clone() {
                let mut table = league(&replayed.scored, scope, line, first, last);
                table.sort_by(|(_, a), (_, b)| {
                    a.wape.unwrap_or(f64::INFINITY).total_cmp(&b.wape.unwrap_or(f64::INFINITY))
                });
                let first = table.first().filter(|(_, score)| line.is_none() && score.wape.is_some());
                best_of.extend(first.map(|(best, _)| (*best, format!("{} weeks {horizon}", replayed.scopes[scope].0))));
                for (method, score) in table {
                    let name = line.map_or("total", Line::name);
                    let mut row = vec![Cell::Text(method.name()), Cell::Text(horizon), Cell::Text(name)];
                    row.push(Cell::Count(score.forecasts as i64));
                    row.extend([score.wape, score.bias, score.coverage, score.pinball].map(rate));
                    row.extend(scope_cells(context, &replayed.scopes[scope]));
                    rows.push(row);
                }
            }
        }
    }
    let title = format!("Forecasts from {from} to {} against what came", context.as_of());
    let totals: Vec<_> = rows.iter().filter(|row| row[2] == Cell::Text("total")).cloned().collect();
    let drawn = Sheet::from_rows("backtest", &title, columns.clone(), &totals)?;
    let mut sheet = Sheet::from_rows("backtest", &title, columns, &rows)?;
    sheet.notes = notes(&replayed);
    sheet.notes.push(verdict(&replayed, &best_of));
    sheet.notes.extend(filter_note(context, &sheet));
    sheet.chart_rows = Some(Box::new(drawn));
    Ok(sheet.charted(Chart::Heat { row: "method".to_owned(), column: "horizon".to_owned(), value: "wape".to_owned() }))
}

/// Scores of every method that forecast a line over some weeks.
fn league(scored: &[Scored], scope: usize, line: Option<Line>, first: usize, last: usize) -> Vec<(Method, Score)> {
    let is_meant = |s: &&Scored| s.scope == scope && s.line == line && (first..=last).contains(&(s.week + 1));
    let meant: Vec<&Scored> = scored.iter().filter(is_meant).collect();
    let alike = stated_by_all(&meant);
    let methods = std::iter::once(Method::Duecast).chain(Baseline::ALL.map(Method::Baseline));
    let score = |method: Method| -> (Method, Score) {
        let own = || meant.iter().filter(|s| s.method == method);
        let all: Vec<Point> = own().map(|s| s.point).collect();
        let on_like_weeks: Vec<Point> =
            own().filter(|s| alike.contains(&(s.origin, s.scope, s.week))).map(|s| s.point).collect();
        let whole = Score::of(&all);
        let pinball = match alike.is_empty() {
            // Nothing is compared.
            true => whole.pinball.filter(|_| method == Method::Duecast),
            false => Score::of(&on_like_weeks).pinball,
        };
        (method, Score { pinball, ..whole })
    };
    methods.map(score).filter(|(_, score)| score.forecasts > 0).collect()
}

fn notes(replayed: &Replayed) -> Vec<String> {
    vec![
        format!(
            "{} forecasts, each made from what was posted and keyed by its day, scored with what was posted by {}.",
            replayed.origins, replayed.seen_on
        ),
        "WAPE is the sum of misses / the sum of cash; bias, what was forecast too much / the cash; pinball loss, of p10, p50 and p90, a share of the cash. A baseline's interval is its forecast and its own earlier misses; as long as there are too few, it has none: coverage leaves those weeks out, and pinball loss is over the weeks for which every method has one (duecast alone is scored where there are none).".to_owned(),
    ]
}

/// Who has the lowest WAPE of the total, of those currencies and weeks in which cash came.
fn verdict(replayed: &Replayed, best_of: &[(Method, String)]) -> String {
    if replayed.scored.is_empty() {
        return "No week of these forecasts has come true yet: there is nothing to score.".to_owned();
    }
    if best_of.is_empty() {
        return "No cash came in the weeks of these forecasts: no WAPE can be measured.".to_owned();
    }
    let is_beaten = |(best, _): &&(Method, String)| *best != Method::Duecast;
    let beaten: Vec<String> =
        best_of.iter().filter(is_beaten).map(|(best, weeks)| format!("{weeks} {}", best.name())).collect();
    match beaten.as_slice() {
        [] => "duecast has the lowest WAPE of the total in every horizon.".to_owned(),
        _ => format!("A baseline has a lower WAPE of the total than duecast: {}.", beaten.join("; ")),
    }
}

/// Every forecast week of the total: `as_of, week_no, method, actual, p10, p50, p90, mean`, then currency and dimensions.
///
/// # Errors
/// As [`backtest`].
pub fn points(context: &Context<'_>, from: NaiveDate, every: Every, asked: &Asked) -> Result<Sheet, Error> {
    let replayed = replay(context, from, every, asked)?;
    let mut columns = vec![
        Column::new("as_of", Kind::Date),
        Column::new("week_no", Kind::Count),
        named(context, "method", Kind::Text),
    ];
    columns.extend(["actual", "p10", "p50", "p90", "mean"].map(|name| Column::new(name, Kind::Amount)));
    columns.extend(scope_columns(context));
    let mut rows = Vec::new();
    for scope in in_order(&replayed.scopes) {
        for s in replayed.scored.iter().filter(|s| s.scope == scope && s.line.is_none()) {
            let mut row = vec![date(s.origin), Cell::Count(s.week as i64 + 1), Cell::Text(s.method.name())];
            let band = s.point.band;
            row.push(amount(s.point.actual));
            let quantiles = [band.p10, band.p50, band.p90].map(amount);
            row.extend(if s.point.has_interval { quantiles } else { [Cell::Empty; 3] });
            row.push(amount(band.mean));
            row.extend(scope_cells(context, &replayed.scopes[scope]));
            rows.push(row);
        }
    }
    let title = format!("Weeks forecast from {from} to {} and what came", context.as_of());
    let mut sheet = Sheet::from_rows("backtest_points", &title, columns, &rows)?;
    sheet.notes = notes(&replayed);
    Ok(sheet)
}
