//! What a reader wants first: a few figures of each currency, and how they moved since the last month end.

use super::month_end::{self, Length};
use super::{Context, Report, dso, filter_note, seen_as};
use crate::catalog::bind::{self, Run, RunDay};
use crate::error::Error;
use crate::sheet::{Column, Kind, Sheet};

pub(super) const REPORT: Report =
    Report { name: "headline", answers: "where do we stand, and what changed since the last month end", make };

/// Each figure: its name, as `explain` knows it where it is a metric, its unit, and why it is undefined where a currency has no row
/// of it; an amount is exact and has columns of its own.
const FIGURES: &str = "(values (1, 'balance', 'Balance', 'amount', ''), (2, 'overdue', 'Overdue', 'amount', ''),
    (3, 'overdue_rate', 'Overdue share', 'rate', 'no debit item is open'),
    (4, 'dso_simple', 'DSO, simple', 'days', 'no sales in the window'),
    (5, 'cei', 'CEI', 'percent', 'nothing was collectable'))
    as f (figure_no, metric, figure, unit, missing)";

/// The figures as the reports of the same names have them.
const MEASURED: &str = "
    select as_of, currency, 'balance' as metric, balance_amount as amount, cast(null as double) as value, '' as note
    from balance_total
    union all
    select as_of, currency, 'overdue', overdue_amount, null, '' from balance_total
    union all
    select as_of, currency, 'overdue_rate', null,
      case when debt_amount > 0 then cast(overdue_amount as double) / cast(debt_amount as double) end,
      case when debt_amount > 0 then '' else 'no debit item is open' end
    from balance_total
    union all
    select as_of, currency, method, null, dso_days, note from dso_simple
    union all
    select as_of, currency, metric, null, value, note from cei_kpi where metric = 'cei'";

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    let run = Run { by: Vec::new(), ..month_end::run(context) };
    let [.., before, last] = run.days[..] else {
        return Err(Error::internal("headline: no day asked for"));
    };
    bind::bind_kept(context.ledger, &run, "trend", &["balance_total", "dso_simple", "cei_kpi"])?;
    let columns = vec![
        Column::new("as_of", Kind::Date),
        Column::new("previous_on", Kind::Date).titled("Compared with"),
        Column::new("currency", Kind::Text),
        Column::new("metric", Kind::Text),
        Column::new("figure", Kind::Text),
        Column::new("amount", Kind::Amount),
        Column::new("previous_amount", Kind::Amount),
        Column::new("change_amount", Kind::Amount),
        Column::new("value", Kind::Number),
        Column::new("previous_value", Kind::Number),
        Column::new("change_value", Kind::Number).titled("Change of value"),
        Column::new("unit", Kind::Text),
        Column::new("note", Kind::Text),
    ];
    let title = format!("Headline as of {} against {}{}", last.as_of, before.as_of, seen_as(&run));
    let mut sheet = Sheet::new(REPORT.name, &title, columns, context.ledger.query(&sql(last, before))?.batches)?;
    sheet.notes.push(format!("Changes are since {}.", before.as_of));
    sheet.notes.push(format!(
        "Balance is all open items, open credits deducted. Overdue is open debit items past due, its share that of all open debit items. DSO is the balance / sales of the last {} days x {0}.",
        run.window_days
    ));
    sheet.notes.push(period_note(last, before));
    sheet.notes.extend(dso::before_first_note(context, [before.as_of, last.as_of].into_iter())?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

fn sql(last: RunDay, before: RunDay) -> String {
    // What a part of a month collected is nothing beside a whole one.
    let compared = match Length::of(&last) {
        Some(Length::PartOfMonth) => "metric <> 'cei'",
        _ => "true",
    };
    let (last, before) = (last.as_of, before.as_of);
    // Nothing open is an amount of 0; a ratio of nothing is not 0 and stays empty. Sums of doubles differ in their last
    // digits from run to run; nine decimals do not.
    format!(
        "with measured as ({MEASURED}),
         paired as (
           select c.currency, f.figure_no, f.metric, f.figure, f.unit,
             max(m.amount) filter (where m.as_of = date '{last}') as amount,
             max(m.amount) filter (where m.as_of = date '{before}') as previous_amount,
             round(max(m.value) filter (where m.as_of = date '{last}'), 9) as value,
             round(max(m.value) filter (where m.as_of = date '{before}'), 9) as previous_value,
             coalesce(max(m.note) filter (where m.as_of = date '{last}'), f.missing) as note
           from (select distinct currency from measured) c
           cross join {FIGURES}
           left join measured m on m.currency = c.currency and m.metric = f.metric
           group by c.currency, f.figure_no, f.metric, f.figure, f.unit, f.missing
         ),
         filled as (
           select * replace (
             case when unit = 'amount' then coalesce(amount, 0) end as amount,
             case when unit = 'amount' then coalesce(previous_amount, 0) end as previous_amount)
           from paired
         )
         select date '{last}', date '{before}', currency, metric, figure, amount, previous_amount,
           amount - previous_amount, value, previous_value, case when {compared} then round(value - previous_value, 8) end, unit, note
         from filled order by currency, figure_no"
    )
}

/// Which periods CEI compares.
fn period_note(last: RunDay, before: RunDay) -> String {
    let period = |day: RunDay| day.from_on?.succ_opt().map(|first| format!("{first} to {}", day.as_of));
    match (period(last), period(before)) {
        (Some(now), Some(then)) if Length::of(&last) == Some(Length::PartOfMonth) => {
            format!("CEI is of {now}, part of a month, and not compared with that of {then}.")
        }
        (Some(now), Some(then)) => format!("CEI is of {now}, compared with {then}."),
        (Some(now), None) => format!("CEI is of {now}."),
        _ => "CEI needs the start of a period.".to_owned(),
    }
}
