//! The forecast by week and line.

use super::convert::Totals;
use super::learnt::Learnt;
use super::{Asked, amount, date, fan, in_order, scope_cells, scope_columns, unlearnt};
use crate::error::Error;
use crate::models::forecast::billing::Billing;
use crate::models::forecast::calibrate::Widths;
use crate::models::forecast::horizon::{Horizon, WeekStart};
use crate::models::forecast::scenario::Scenario;
use crate::models::forecast::{Band, Forecast, Line, ScopeForecast, Sum};
use crate::reports::{Context, NOT_DRAWN, filter_note, is_split, named, titled};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// The forecast by week and line: `as_of, week_no, week_start, week_end, currency`, the dimensions asked for, `line, p10, p50,
/// p90, mean`; then the interval of the level asked for and, on the total, the same of all cash up to the week's end.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn weeks(context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
    Made::new(context, asked)?.sheet(context, asked)
}

/// The same with the usual settings and by currency, from what was learnt already.
///
/// # Errors
/// As [`weeks`].
pub fn weeks_of(context: &Context<'_>, learnt: Learnt) -> Result<Sheet, Error> {
    let asked = Asked::default();
    Made::of(context, &asked, learnt.by_currency())?.sheet(context, &asked)
}

/// A forecast with all it was made from.
pub(super) struct Made {
    pub(super) learnt: Learnt,
    totals: Totals,
    pub(super) forecast: Forecast,
}

/// Rows of the answer that belong together: a scope of the book, or the total of several in one currency.
pub(super) struct Block<'a> {
    /// Currency and values of the dimensions asked for.
    pub(super) scope: &'a (String, String),
    pub(super) forecast: &'a ScopeForecast,
    /// The scopes of the book, each with its rate.
    pub(super) parts: Sum,
}

impl Made {
    pub(super) fn new(context: &Context<'_>, asked: &Asked) -> Result<Self, Error> {
        let learnt = Learnt::new(context.ledger, &context.run, &asked.settings, asked.weeks)?;
        Self::of(context, asked, learnt)
    }

    fn of(context: &Context<'_>, asked: &Asked, learnt: Learnt) -> Result<Self, Error> {
        let Learnt { reading, origin, fit, widths, .. } = &learnt;
        let horizon = Horizon::weeks(origin.day, asked.weeks, asked.start);
        let totals = Totals::new(context, &reading.scopes, asked.convert.as_ref())?;
        let forecast =
            Forecast::with_sums(&reading.book, *origin, fit, horizon, &asked.settings, widths, &totals.sums());
        Ok(Self { learnt, totals, forecast })
    }

    /// The same weeks, drawn from the same chances, where a scenario holds.
    pub(super) fn supposing(mut self, scenario: Scenario, asked: &Asked) -> Self {
        self.learnt.fit.scenario = scenario;
        let horizon = self.forecast.horizon;
        let (book, sums) = (&self.learnt.reading.book, self.totals.sums());
        self.forecast = Forecast::with_sums(
            book,
            self.learnt.origin,
            &self.learnt.fit,
            horizon,
            &asked.settings,
            &self.learnt.widths,
            &sums,
        );
        self
    }

    /// Why there is less than one might expect, or nothing.
    fn reasons(&self, asked: &Asked) -> Vec<String> {
        let (book, scopes) = (&self.learnt.reading.book, &self.learnt.reading.scopes);
        let mut reasons: Vec<String> = unlearnt(book, self.learnt.origin).into_iter().collect();
        let has_billing = !asked.settings.is_open_only;
        if has_billing && book.items.iter().any(|item| item.is_bill) && Billing::is_too_early(book, self.learnt.origin)
        {
            reasons.push("Billing to come is left out: no bill is older than four weeks.".to_owned());
        }
        let means = |scope: usize| self.forecast.scopes[scope].total.iter().map(|band| band.mean);
        let brings =
            |currency: &str| (0..scopes.len()).any(|at| scopes[at].0 == currency && means(at).any(|mean| mean > 0.0));
        let mut nothing: Vec<&str> =
            scopes.iter().map(|(currency, _)| currency.as_str()).filter(|c| !brings(c)).collect();
        nothing.sort_unstable();
        nothing.dedup();
        if !nothing.is_empty() {
            let billing = if has_billing { ", and there is no recent billing to go on from" } else { "" };
            let currencies = nothing.join(", ");
            reasons.push(format!(
                "No cash is expected in {currencies}: nothing is open beyond the customers' credit{billing}."
            ));
        }
        reasons
    }

    /// The scopes in the order of the answer, then the totals of what is converted.
    pub(super) fn blocks(&self) -> Vec<Block<'_>> {
        let scopes = &self.learnt.reading.scopes;
        let of_scope =
            |at: usize| Block { scope: &scopes[at], forecast: &self.forecast.scopes[at], parts: vec![(at, 1.0)] };
        let totals = self.totals.totals.iter().zip(&self.forecast.sums).map(|(total, forecast)| Block {
            scope: &total.scope,
            forecast,
            parts: total.parts.clone(),
        });
        in_order(scopes).into_iter().map(of_scope).chain(totals).collect()
    }

    pub(super) fn sheet(&self, context: &Context<'_>, asked: &Asked) -> Result<Sheet, Error> {
        let mut sheet = sheet(context, self, asked)?;
        sheet.notes.extend(filter_note(context, &sheet));
        sheet.notes.extend(self.reasons(asked));
        if sheet.row_count() > 0 {
            sheet.notes.extend(notes(asked, &self.learnt.widths));
        }
        sheet.notes.extend(self.totals.notes.iter().cloned());
        // Rows that share a currency would share a panel.
        if is_split(context) { Ok(sheet.noted(NOT_DRAWN)) } else { fan::drawn(sheet, context, self) }
    }
}

fn sheet(context: &Context<'_>, made: &Made, asked: &Asked) -> Result<Sheet, Error> {
    let mut columns = vec![
        named(context, "as_of", Kind::Date),
        Column::new("week_no", Kind::Count),
        Column::new("week_start", Kind::Date),
        Column::new("week_end", Kind::Date),
    ];
    columns.extend(scope_columns(context));
    columns.push(named(context, "line", Kind::Text));
    let amount_column = |name: &str| Column::new(name, Kind::Amount);
    columns.extend(["p10", "p50", "p90", "mean"].map(amount_column));
    let range = ["lower", "upper"].map(amount_column);
    columns.extend(if is_p10_to_p90(asked) { range.map(Column::aside) } else { range });
    columns.extend(["cumulative_p10", "cumulative_p50", "cumulative_p90", "cumulative_mean"].map(amount_column));
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    let blocks = made.blocks();
    for Block { scope: words, forecast: scope, .. } in &blocks {
        let mut mean_so_far = 0.0;
        for (week, (start, end)) in made.forecast.horizon.spans().enumerate() {
            let lines = Line::ALL.iter().zip(&scope.lines).map(|(line, bands)| (*line, bands[week]));
            let open = lines.filter(|(line, _)| !(asked.settings.is_open_only && *line == Line::NewBilling));
            let total = Band { mean: scope.stated_mean(week), ..scope.total[week] };
            mean_so_far += total.mean;
            for (name, band) in open.map(|(line, band)| (line.name(), band)).chain([("total", total)]) {
                let mut row = vec![Cell::Date(context.as_of()), Cell::Count(week as i64 + 1), date(start), date(end)];
                row.extend(scope_cells(context, words));
                row.push(Cell::Text(name));
                let Band { mean, p10, p50, p90, lower, upper, .. } = band;
                row.extend([p10, p50, p90, mean, lower, upper].map(amount));
                let so_far = scope.cumulative[week];
                let of_total = [so_far.p10, so_far.p50, so_far.p90, mean_so_far].map(amount);
                row.extend(if name == "total" { of_total } else { [Cell::Empty; 4] });
                rows.push(row);
            }
        }
    }
    Sheet::from_rows("forecast", &titled("Cash forecast", context), columns, &rows)
}

/// Whether the range asked for is the one that p10 and p90 give already.
fn is_p10_to_p90(asked: &Asked) -> bool {
    (asked.settings.level - 0.8).abs() < 1e-9
}

fn notes(asked: &Asked, widths: &Widths) -> Vec<String> {
    let weeks = match asked.start {
        WeekStart::Monday => {
            "Week 1 is the rest of the week of the day asked for, the others run from Monday to Sunday (--week-start monday)."
        }
        WeekStart::Next => "Weeks are seven days from the day after (--week-start next).",
    };
    let level = asked.settings.level * 100.0;
    let record = match widths.origins {
        0 => "The book is too young for past forecasts: how wide intervals are rests on assumptions alone.".to_owned(),
        count => format!("How wide intervals are was set by what {count} past forecasts of this book missed."),
    };
    vec![
        weeks.to_owned(),
        if is_p10_to_p90(asked) {
            format!("p10 to p90 should hold the cash of four weeks in five. {record}")
        } else {
            format!(
                "p10 to p90 should hold the cash of four weeks in five; lower to upper, {level:.0} in a hundred. {record}"
            )
        },
        "Cash counts on the day its receipt is posted. Open credit of a customer is taken off its oldest items first."
            .to_owned(),
    ]
}
