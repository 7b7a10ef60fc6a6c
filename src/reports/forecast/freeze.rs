//! Forecasts kept in the ledger, so that they can be held against what comes.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};

use super::weeks::Made;
use super::{Asked, in_order};
use crate::domain::dimension::{Dimension, Filter};
use crate::domain::money::Money;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::models::forecast::horizon::WeekStart;
use crate::models::forecast::miss::{hundredths, units};
use crate::models::forecast::{Band, Line};
use crate::reports::Context;
use crate::sheet::Sheet;
use crate::sql_text::literal;

/// Characters of the snapshot's id that are shown.
const SHOWN: usize = 12;

/// Makes the forecast and keeps it in the ledger, which must be open for writing; the answer is the forecast, with a note of
/// what was kept. What was kept before is not changed.
///
/// # Errors
/// [`Error::Internal`] or [`Error::Ledger`] where the ledger cannot be read or written.
pub fn freeze(context: &Context<'_>, asked: &Asked, frozen_at: NaiveDateTime) -> Result<Sheet, Error> {
    let ledger = context.ledger;
    let made = Made::new(context, asked)?;
    let sheet = made.sheet(context, asked)?;
    let snapshot_id = snapshot_id(ledger)?;
    ledger.run("begin transaction")?;
    let kept = keep(context, asked, &made, &snapshot_id, frozen_at);
    ledger.run(if kept.is_ok() { "commit" } else { "rollback" })?;
    let short = &snapshot_id[..SHOWN.min(snapshot_id.len())];
    Ok(sheet.noted(match kept? {
        Kept::Now(number) => format!(
            "Frozen as forecast {number} (snapshot {short}). Held against what came: duecast forecast --compare --as-of DATE."
        ),
        Kept::Before(number, at) => {
            format!("Frozen already as forecast {number} on {at} (snapshot {short}); nothing was changed.")
        }
    }))
}

/// Whether a forecast is kept by this run or was before.
enum Kept {
    Now(i64),
    Before(i64, String),
}

/// What the ledger holds: a hash over the loads in force, their files, mappings and numbers.
fn snapshot_id(ledger: &Ledger) -> Result<String, Error> {
    let loads = ledger.texts(
        "select cast(load_no as string), sha256, mapping_sha256, reading from load where status = 'current' order by load_no",
    )?;
    let mut hash = Sha256::new();
    for load in loads {
        for cell in load {
            hash.update(cell.unwrap_or_default().as_bytes());
            hash.update([0]);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Dimensions as a frozen forecast names them.
pub(super) fn by_text(by: &[Dimension]) -> String {
    by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join(",")
}

/// Filters as a frozen forecast names them.
pub(super) fn filter_text(filters: &[Filter]) -> String {
    let said = filters.iter().map(|filter| {
        let mut values = filter.values.clone();
        values.sort();
        format!("{} {}", filter.dimension.name(), values.join(" or "))
    });
    said.collect::<Vec<_>>().join("; ")
}

fn keep(
    context: &Context<'_>,
    asked: &Asked,
    made: &Made,
    snapshot_id: &str,
    frozen_at: NaiveDateTime,
) -> Result<Kept, Error> {
    let ledger = context.ledger;
    ledger.make_missing_tables()?;
    let settings = asked.settings;
    let week_start = match asked.start {
        WeekStart::Monday => "monday",
        WeekStart::Next => "next",
    };
    let known_at = context.run.known_at.map_or_else(|| "null".to_owned(), |at| format!("timestamp '{at}'"));
    // What makes one forecast differ from another, in the order of the columns.
    let told_by = [
        ("as_of", format!("date '{}'", context.as_of())),
        ("known_at", known_at),
        ("snapshot_id", literal(snapshot_id)),
        ("version", literal(env!("CARGO_PKG_VERSION"))),
        ("weeks", asked.weeks.to_string()),
        ("week_start", literal(week_start)),
        ("draws", settings.draws.to_string()),
        // A seed may be larger than the engine's whole numbers.
        ("seed", literal(&settings.seed.to_string())),
        ("level", format!("cast({} as double)", settings.level)),
        ("is_open_only", settings.is_open_only.to_string()),
        ("by_dimensions", literal(&by_text(&context.run.by))),
        ("filters", literal(&filter_text(&context.run.filters))),
    ];
    let same = told_by.iter().map(|(name, value)| format!("{name} is not distinct from {value}")).collect::<Vec<_>>();
    let known = ledger.texts(&format!(
        "select cast(forecast_no as string), cast(cast(frozen_at as date) as string) from forecast_run where {} order by forecast_no",
        same.join(" and ")
    ))?;
    if let Some([Some(number), Some(on)]) = known.first().map(Vec::as_slice) {
        return Ok(Kept::Before(number.parse().unwrap_or_default(), on.clone()));
    }
    let last = ledger.texts("select cast(coalesce(max(forecast_no), 0) as string) from forecast_run")?;
    let number = 1 + last.first().and_then(|row| row[0].as_deref()?.parse::<i64>().ok()).unwrap_or(0);
    let values = told_by.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ");
    ledger.run(&format!("insert into forecast_run values ({number}, timestamp '{frozen_at}', {values})"))?;
    keep_weeks(ledger, made, asked, number)?;
    keep_items(ledger, made, number)?;
    Ok(Kept::Now(number))
}

/// Keeps the weeks as they are printed: amounts in hundredths, the total the sum of its lines.
fn keep_weeks(ledger: &Ledger, made: &Made, asked: &Asked, number: i64) -> Result<(), Error> {
    let mut values = Vec::new();
    for at in in_order(&made.learnt.reading.scopes) {
        let (currency, scope_key) = &made.learnt.reading.scopes[at];
        let scope = &made.forecast.scopes[at];
        for (week, (start, end)) in made.forecast.horizon.spans().enumerate() {
            let mut add = |line: &str, band: &Band, mean: i64| {
                let amounts = [cents(band.p10), cents(band.p50), cents(band.p90), mean]
                    .map(|cents| Money::from_units(i128::from(cents) * 100).to_string());
                values.push(format!(
                    "({number}, {}, date '1970-01-01' + {start}, date '1970-01-01' + {end}, {}, {}, '{line}', {})",
                    week + 1,
                    literal(currency),
                    literal(scope_key),
                    amounts.join(", ")
                ));
            };
            let mut sum = 0;
            for (line, bands) in Line::ALL.iter().zip(&scope.lines) {
                if !(asked.settings.is_open_only && *line == Line::NewBilling) {
                    sum += cents(bands[week].mean);
                    add(line.name(), &bands[week], cents(bands[week].mean));
                }
            }
            add("total", &scope.total[week], sum);
        }
    }
    for values in values.chunks(1000) {
        ledger.run(&format!("insert into forecast_week values {}", values.join(", ")))?;
    }
    Ok(())
}

/// Scope, line and place of an item.
type Place = (u32, Line, u32);

/// Keeps the cash expected of each open item by week, in hundredths that sum to the means of the weeks. Weeks in which nothing
/// is expected of an item are left out, but for the first.
fn keep_items(ledger: &Ledger, made: &Made, number: i64) -> Result<(), Error> {
    let book = &made.learnt.reading.book;
    let outlook = &made.forecast.outlook;
    // Parts of one item on one line are one row; of what open credit covers nothing is expected.
    let mut expected: BTreeMap<Place, Vec<f64>> = BTreeMap::new();
    let mut has_claim = vec![false; book.items.len()];
    for (claim, &item) in outlook.items.iter().enumerate() {
        has_claim[item as usize] = true;
        let line = Line::ALL[outlook.claims[claim].line as usize];
        let weeks =
            expected.entry((book.items[item as usize].scope, line, item)).or_insert_with(|| vec![0.0; outlook.spans]);
        weeks.iter_mut().zip(outlook.expected(claim)).for_each(|(sum, cash)| *sum += cash);
    }
    for open in book.open_at(made.learnt.origin).into_iter().filter(|open| !has_claim[open.item as usize]) {
        let item = &book.items[open.item as usize];
        let line = Line::by_due(item.due_day(), made.learnt.origin.day);
        expected.insert((item.scope, line, open.item), vec![0.0; outlook.spans]);
    }
    let open: BTreeMap<u32, f64> =
        book.open_at(made.learnt.origin).into_iter().map(|open| (open.item, open.open_amount)).collect();
    let all: Vec<(&Place, &Vec<f64>)> = expected.iter().collect();
    let mut rows: Vec<[i64; 6]> = Vec::new();
    for of_line in all.chunk_by(|(a, _), (b, _)| (a.0, a.1) == (b.0, b.1)) {
        let ((scope, line, _), _) = of_line[0];
        for week in 0..outlook.spans {
            let amounts: Vec<f64> = of_line.iter().map(|(_, weeks)| weeks[week]).collect();
            let mean = made.forecast.scopes[*scope as usize].lines[*line as usize][week].mean;
            let shares = hundredths(&amounts, cents(mean));
            for (((_, _, item), _), share) in of_line.iter().zip(shares).filter(|(_, share)| *share != 0 || week == 0) {
                let item_no = book.items[*item as usize].item_no;
                let open_units = units(open.get(item).copied().unwrap_or(0.0)) as i64;
                rows.push([item_no, i64::from(*scope), *line as i64, week as i64 + 1, share, open_units]);
            }
        }
    }
    store_items(ledger, made, number, &rows)
}

/// Stores rows of item, scope, line, week, hundredths expected and ten-thousandths open.
fn store_items(ledger: &Ledger, made: &Made, number: i64, rows: &[[i64; 6]]) -> Result<(), Error> {
    let scopes: Vec<String> = made
        .learnt
        .reading
        .scopes
        .iter()
        .enumerate()
        .map(|(at, (_, key))| format!("({at}, {})", literal(key)))
        .collect();
    let lines: Vec<String> = Line::ALL.iter().map(|line| format!("({}, '{}')", *line as i64, line.name())).collect();
    ledger.run(
        "create temp table kept_item (item_no bigint, scope_no bigint, line_no bigint, week_no bigint, cents bigint, open_units bigint);
         create temp table kept_scope (scope_no bigint, scope_key string);
         create temp table kept_line (line_no bigint, line string)",
    )?;
    ledger.append("kept_item", rows)?;
    for (table, values) in [("kept_scope", &scopes), ("kept_line", &lines)] {
        for values in values.chunks(1000) {
            ledger.run(&format!("insert into {table} values {}", values.join(", ")))?;
        }
    }
    ledger.run(&format!(
        "insert into forecast_item
         select {number}, i.item_id, i.customer_id, i.currency, s.scope_key, l.line,
           cast(k.open_units as decimal(18, 0)) * cast(0.0001 as decimal(5, 4)), k.week_no,
           cast(k.cents as decimal(18, 0)) * cast(0.01 as decimal(3, 2))
         from kept_item k
         join item i on i.item_no = k.item_no
         join kept_scope s on s.scope_no = k.scope_no
         join kept_line l on l.line_no = k.line_no
         order by i.item_id, k.line_no, k.week_no;
         drop table kept_item; drop table kept_scope; drop table kept_line"
    ))
}

/// An amount in hundredths.
fn cents(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}
