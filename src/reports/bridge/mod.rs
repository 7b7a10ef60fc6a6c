//! Why a figure moved between two days: steps that sum exactly to the change, and the customers that moved it most.
//!
//! The method of each figure, and what it cannot separate: `docs/bridge.md`.

mod balance;
mod dso;
mod overdue;
mod value;

use std::collections::BTreeMap;

use super::{Context, NOT_DRAWN, Report, by_columns, filter_note, missing_notes, needs_period, titled_over_period};
use crate::catalog::bind::KEY_SEPARATOR;
use crate::error::Error;
use crate::reports::dso::{before_first_note, of_sales};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};
use crate::sql_text::literal;
use value::Value;

/// The steps of the balance are the roll-forward; this tells whose they were.
pub(super) const BALANCE_CUSTOMERS: Report = Report {
    name: "balance_bridge_customers",
    answers: "which customers moved the balance",
    make: |context| make(context, Metric::Balance, Some(STEP_COUNT)),
};

pub(super) const OVERDUE: Report = Report {
    name: "overdue_bridge",
    answers: "why did overdue move",
    make: |context| make(context, Metric::Overdue, None),
};

pub(super) const DSO: Report =
    Report { name: "dso_bridge", answers: "why did DSO move", make: |context| make(context, Metric::Dso, None) };

/// Columns of what moved it. A customer may be called like a step.
const STEP: &str = "step";
const CUSTOMER: &str = "customer";
/// Customers named in the notes of a bridge.
const NAMED_COUNT: usize = 3;
/// Customers that are steps of their own where nobody says how many.
const STEP_COUNT: usize = 10;

/// A figure that can be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// All that is open.
    Balance,
    /// Open debit items past due.
    Overdue,
    /// `dso_simple`.
    Dso,
}

impl Metric {
    /// Reads `balance`, `overdue` or `dso`.
    ///
    /// # Errors
    /// [`Error::Usage`] that names the three.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let all = [Self::Balance, Self::Overdue, Self::Dso];
        let unknown = || Error::usage(format!("--metric {text}: there are balance, overdue and dso"));
        all.into_iter().find(|metric| metric.name() == text).ok_or_else(unknown)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Overdue => "overdue",
            Self::Dso => "dso",
        }
    }

    const fn subject(self) -> &'static str {
        match self {
            Self::Balance => "the balance",
            Self::Overdue => "overdue",
            Self::Dso => "DSO",
        }
    }

    const fn method(self) -> &'static str {
        match self {
            Self::Balance => "The steps are the lines of the roll-forward and sum exactly to the change.",
            Self::Overdue => {
                "Overdue is open debit items past due, credits not deducted. An item that was overdue before moves by what was applied to it, another by what is open of it now: the steps sum exactly to the change."
            }
            Self::Dso => {
                "DSO is the simple one: balance over sales of the window. Each step is worked out by itself, from the customers up, and they sum to the change with nothing left over."
            }
        }
    }
}

/// One figure of one currency and scope on both days, and what moved it.
#[derive(Debug)]
struct Move {
    currency: String,
    scope_key: String,
    opening: Side,
    closing: Side,
    steps: Vec<Step>,
    /// What each customer added to the change; the customers sum to it.
    customers: Vec<(String, Value)>,
}

impl Move {
    /// Whether the figure is defined on both days, so that there is a change to take apart.
    const fn is_defined(&self) -> bool {
        self.opening.value.is_some() && self.closing.value.is_some()
    }
}

/// The figure on one of the days; none where it is undefined, with the reason in the note.
#[derive(Debug)]
struct Side {
    value: Option<Value>,
    note: String,
}

#[derive(Debug)]
struct Step {
    step_no: i64,
    step: String,
    value: Value,
    note: String,
}

/// One row of a bridge.
#[derive(Debug, Default)]
struct Row {
    step_no: i64,
    /// A code, or the id of a customer.
    step: String,
    /// What people call a step that is a customer.
    label: String,
    value: Option<Value>,
    is_total: bool,
    note: String,
}

/// Makes the bridge of a figure; with a number of customers, the bridge whose steps are that many customers and the
/// others.
///
/// # Errors
/// [`Error::Usage`] without the start of the period; [`Error::Internal`] where the ledger cannot be read.
pub fn make(context: &Context<'_>, metric: Metric, customers: Option<usize>) -> Result<Sheet, Error> {
    needs_period(context, "bridge")?;
    let mut moves = match metric {
        Metric::Balance => balance::moves(context)?,
        Metric::Overdue => overdue::moves(context)?,
        Metric::Dso => dso::moves(context)?,
    };
    let by_place = |m: &Move| by_values(context, m).into_iter().map(|v| (v.is_empty(), v)).collect::<Vec<_>>();
    moves.sort_by_cached_key(|m| (m.currency.clone(), by_place(m)));
    for m in &mut moves {
        m.customers.retain(|(_, value)| !value.is_zero());
        m.customers.sort_by(|(a, x), (b, y)| y.size().total_cmp(&x.size()).then(a.cmp(b)));
    }
    let names = customer_names(context, &moves, customers.unwrap_or(NAMED_COUNT))?;
    let rows: Vec<Vec<Row>> = match customers {
        None => moves.iter().map(step_rows).collect(),
        Some(count) => moves.iter().map(|m| customer_rows(m, count, &names)).collect(),
    };
    let mut sheet = sheet(context, metric, customers.is_some(), &moves, &rows)?;
    let is_whole = by_columns(&context.run.by).next().is_none();
    if moves.iter().any(Move::is_defined) {
        sheet.notes.push(match customers {
            None => metric.method().to_owned(),
            Some(_) => {
                format!("What each customer added to {}; all together sum exactly to the change.", metric.subject())
            }
        });
    }
    if is_whole {
        sheet.notes.extend(moves.iter().filter_map(|m| undefined(context, metric, m)));
    }
    if metric == Metric::Dso {
        let days = context.run.days.iter().flat_map(|day| day.from_on.into_iter().chain([day.as_of]));
        sheet.notes.extend(before_first_note(context, days)?);
    }
    if customers.is_none() && is_whole {
        sheet.notes.extend(moves.iter().filter(|m| !m.customers.is_empty()).map(|m| moved_most(m, &names)));
    }
    let uses: &[(&str, &str)] = if metric == Metric::Balance { &[] } else { &[("dispute", "steps of disputes")] };
    sheet.notes.extend(missing_notes(context, uses)?);
    let narrowed = filter_note(context, &sheet);
    sheet.notes.extend(narrowed);
    Ok(sheet)
}

fn by_values(context: &Context<'_>, m: &Move) -> Vec<String> {
    let values: Vec<&str> = m.scope_key.split(KEY_SEPARATOR).collect();
    by_columns(&context.run.by).map(|(at, _)| values.get(at).copied().unwrap_or_default().to_owned()).collect()
}

/// Names of the customers that will be named, as of the day.
fn customer_names(context: &Context<'_>, moves: &[Move], count: usize) -> Result<BTreeMap<String, String>, Error> {
    let ids: Vec<String> =
        moves.iter().flat_map(|m| &m.customers[..count.min(m.customers.len())]).map(|(id, _)| literal(id)).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "select customer_id, name from customer_as_of where name <> '' and customer_id in ({})",
        ids.join(", ")
    );
    let rows = context.ledger.texts(&sql)?;
    Ok(rows.into_iter().filter_map(|row| Some((row[0].clone()?, row[1].clone()?))).collect())
}

fn side_row(step_no: i64, step: &str, side: &Side) -> Row {
    Row { step_no, step: step.to_owned(), value: side.value, is_total: true, note: side.note.clone(), ..Row::default() }
}

fn step_rows(m: &Move) -> Vec<Row> {
    let mut rows = vec![side_row(1, "opening", &m.opening)];
    let step = |s: &Step| Row {
        step_no: s.step_no,
        step: s.step.clone(),
        value: Some(s.value),
        note: s.note.clone(),
        ..Row::default()
    };
    rows.extend(m.steps.iter().filter(|s| !s.value.is_zero()).map(step));
    rows.push(side_row(90, "closing", &m.closing));
    rows
}

fn customer_rows(m: &Move, count: usize, names: &BTreeMap<String, String>) -> Vec<Row> {
    let (named, others) = m.customers.split_at(count.min(m.customers.len()));
    let side = |step_no, step, label: &str, side| Row { label: label.to_owned(), ..side_row(step_no, step, side) };
    let mut rows = vec![side(1, "opening", "Opening", &m.opening)];
    for (step_no, (id, value)) in (2..).zip(named) {
        rows.push(Row {
            step_no,
            step: id.clone(),
            label: label(id, named, names),
            value: Some(*value),
            ..Row::default()
        });
    }
    if let Some(value) = others.iter().map(|(_, value)| *value).reduce(|a, b| a + b) {
        let label = format!("Others ({} customer{})", others.len(), if others.len() == 1 { "" } else { "s" });
        let step_no = rows.len() as i64 + 1;
        rows.push(Row { step_no, step: "others".to_owned(), label, value: Some(value), ..Row::default() });
    }
    rows.push(side(rows.len() as i64 + 1, "closing", "Closing", &m.closing));
    rows
}

/// The name of a customer, with its id where another has the same; the id where it has none.
fn label(id: &str, named: &[(String, Value)], names: &BTreeMap<String, String>) -> String {
    let Some(name) = names.get(id) else { return id.to_owned() };
    let namesakes = named.iter().filter(|(other, _)| names.get(other) == Some(name));
    if namesakes.count() > 1 { format!("{name} ({id})") } else { name.clone() }
}

/// `EUR moved most by: Müller GmbH (C1) +12,000.00; Kiss Kft. (C7) -3,500.00; 18 others +20.00.`
fn moved_most(m: &Move, names: &BTreeMap<String, String>) -> String {
    let (named, others) = m.customers.split_at(NAMED_COUNT.min(m.customers.len()));
    let mut parts: Vec<String> = named
        .iter()
        .map(|(id, value)| match names.get(id) {
            Some(name) => format!("{name} ({id}) {value}"),
            None => format!("{id} {value}"),
        })
        .collect();
    if let Some(value) = others.iter().map(|(_, value)| *value).reduce(|a, b| a + b) {
        parts.push(format!("{} other{} {value}", others.len(), if others.len() == 1 { "" } else { "s" }));
    }
    format!("{} moved most by: {}.", m.currency, parts.join("; "))
}

/// `EUR: no bridge, as DSO is undefined on 2024-01-31: no sales in the window.`
fn undefined(context: &Context<'_>, metric: Metric, m: &Move) -> Option<String> {
    let opened_on = context.run.days.last().and_then(|day| day.from_on).unwrap_or_else(|| context.as_of());
    let (day, side) =
        [(opened_on, &m.opening), (context.as_of(), &m.closing)].into_iter().find(|(_, side)| side.value.is_none())?;
    Some(format!("{}: no bridge, as {} is undefined on {day}: {}.", m.currency, metric.subject(), side.note))
}

fn as_text(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

fn columns(context: &Context<'_>, metric: Metric, is_by_customer: bool) -> Vec<Column> {
    let value = match metric {
        Metric::Dso => Column::new("value", Kind::Number).titled("Days"),
        _ => Column::new("value", Kind::Amount).titled("Amount"),
    };
    let text = |name: &str| Column::new(name, Kind::Text);
    let named = |name, kind| super::named(context, name, kind);
    let mut columns = vec![named("from", Kind::Date), named("as_of", Kind::Date), text("currency")];
    columns.extend(by_columns(&context.run.by).map(|(_, dimension)| text(dimension.column())));
    columns.extend([named("metric", Kind::Text).aside(), named("step_no", Kind::Count)]);
    columns.extend(if is_by_customer {
        vec![text(STEP).aside(), text(CUSTOMER)]
    } else {
        vec![named(STEP, Kind::Text)]
    });
    let value_kind = value.kind;
    columns.extend([value, named("is_total", Kind::Flag).titled("Total"), text("note")]);
    // Customers move a fraction of the figure: their chart is of what they added and leaves out the totals.
    if is_by_customer {
        columns.push(Column::new("change", value_kind).aside());
    }
    columns
}

fn sheet(
    context: &Context<'_>,
    metric: Metric,
    is_by_customer: bool,
    moves: &[Move],
    rows: &[Vec<Row>],
) -> Result<Sheet, Error> {
    let columns = columns(context, metric, is_by_customer);
    let keys: Vec<Vec<String>> = moves.iter().map(|m| by_values(context, m)).collect();
    let from_on = context.run.days.last().and_then(|day| day.from_on).map_or(Cell::Empty, Cell::Date);
    let (mut cells, mut is_drawn) = (Vec::new(), Vec::new());
    for ((m, key), rows) in moves.iter().zip(&keys).zip(rows) {
        is_drawn.extend(rows.iter().map(|_| m.is_defined()));
        for Row { step_no, step, label, value, is_total, note } in rows {
            let mut row = vec![from_on, Cell::Date(context.as_of()), Cell::Text(&m.currency)];
            row.extend(key.iter().map(|value| as_text(value)));
            row.extend([Cell::Text(metric.name()), Cell::Count(*step_no), Cell::Text(step)]);
            if is_by_customer {
                row.push(as_text(label));
            }
            row.extend([value.map_or(Cell::Empty, Value::cell), Cell::Flag(*is_total), as_text(note)]);
            if is_by_customer {
                row.push(value.filter(|_| !is_total).map_or(Cell::Empty, Value::cell));
            }
            cells.push(row);
        }
    }
    let (name, what) = if is_by_customer {
        (format!("{}_bridge_customers", metric.name()), format!("Customers that moved {} most", metric.subject()))
    } else {
        (format!("{}_bridge", metric.name()), format!("Why {} moved", metric.subject()))
    };
    let what = if metric == Metric::Dso { of_sales(&what, context) } else { what };
    let title = titled_over_period(&what, context);
    let mut sheet = Sheet::from_rows(&name, &title, columns.clone(), &cells)?;
    if is_drawn.contains(&false) {
        let drawn: Vec<Vec<Cell<'_>>> =
            cells.into_iter().zip(is_drawn).filter(|(_, is)| *is).map(|(row, _)| row).collect();
        sheet.chart_rows = Some(Box::new(Sheet::from_rows(&name, &title, columns, &drawn)?));
    }
    let column = str::to_owned;
    let chart = if is_by_customer {
        Chart::StackedBars { category: column(CUSTOMER), series: None, value: column("change") }
    } else {
        Chart::Waterfall { step: column(STEP), value: column("value"), total: column("is_total") }
    };
    // A panel a currency: within a split there would be a bridge a group in each.
    let is_whole = by_columns(&context.run.by).next().is_none();
    Ok(if is_whole { sheet.charted(chart) } else { sheet.noted(NOT_DRAWN) })
}
