//! The forecast under a scenario, side by side with the base. How a scenario is written: `docs/forecast.md`.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::weeks::Made;
use super::{Asked, amount};
use crate::domain::money::Money;
use crate::error::Error;
use crate::models::forecast::scenario::{Change, Effect, Scenario, Whose};
use crate::reports::Context;
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// Names listed where one is not known.
const LISTED_COUNT: usize = 12;

/// A scenario as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioForm {
    /// What it is called in the answer.
    name: String,
    #[serde(default)]
    change: Vec<ChangeForm>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ChangeForm {
    segment: Option<Vec<String>>,
    customer: Option<Vec<String>>,
    company: Option<Vec<String>>,
    top_customers: Option<usize>,
    slower_days: Option<i32>,
    stops_paying: bool,
    disputed_rate: Option<f64>,
    disputes_grow_rate: Option<f64>,
    billing_falls_rate: Option<f64>,
}

impl ScenarioForm {
    /// Reads the text of a scenario; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::Usage`] that says where and what is wrong with it.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let wrong = |what: String| Error::usage(format!("{}: {what}", path.display()));
        let form: Self =
            toml::from_str(text).map_err(|e| wrong(format!("is not a scenario: {}", e.to_string().trim_end())))?;
        if form.change.is_empty() {
            return Err(wrong("changes nothing; write at least one [[change]] (docs/forecast.md)".to_owned()));
        }
        if form.name.trim().is_empty() || form.name == BASE {
            return Err(wrong(format!("name = \"{}\": give it a name of its own", form.name)));
        }
        for (change, change_no) in form.change.iter().zip(1..) {
            change.validate().map_err(|what| wrong(format!("change {change_no}: {what}")))?;
        }
        Ok(form)
    }

    /// The scenario in the numbers of a book.
    fn resolve(&self, made: &Made) -> Result<Scenario, Error> {
        let mut changes = Vec::new();
        for (form, change_no) in self.change.iter().zip(1..) {
            let wrong = |what| Error::usage(format!("scenario \"{}\", change {change_no}: {what}", self.name));
            let whose = form.whose(made).map_err(wrong)?;
            changes.extend(form.effects().map(|effect| Change { whose: whose.clone(), effect }));
        }
        Ok(Scenario { changes })
    }
}

impl ChangeForm {
    fn effects(&self) -> impl Iterator<Item = Effect> {
        let effects = [
            self.slower_days.map(Effect::Slower),
            self.stops_paying.then_some(Effect::Stops),
            self.disputed_rate.map(Effect::Disputed),
            self.disputes_grow_rate.map(Effect::DisputesGrow),
            self.billing_falls_rate.map(Effect::BillingFalls),
        ];
        effects.into_iter().flatten()
    }

    fn validate(&self) -> Result<(), String> {
        if self.effects().next().is_none() {
            return Err("says nothing that changes; there are slower_days, stops_paying, disputed_rate, disputes_grow_rate and billing_falls_rate".to_owned());
        }
        for (name, names) in [("segment", &self.segment), ("customer", &self.customer), ("company", &self.company)] {
            if names.as_ref().is_some_and(Vec::is_empty) {
                return Err(format!("{name} = []: name at least one, or leave the line out where all are meant"));
            }
        }
        if let Some(days) = self.slower_days.filter(|days| !(1..=365).contains(days)) {
            return Err(format!("slower_days = {days}: a number of days from 1 to 365"));
        }
        for (name, rate) in [("disputed_rate", self.disputed_rate), ("billing_falls_rate", self.billing_falls_rate)] {
            if let Some(rate) = rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
                return Err(format!("{name} = {rate}: a share from 0 to 1, such as 0.2"));
            }
        }
        if let Some(rate) = self.disputes_grow_rate.filter(|rate| !(0.0..=100.0).contains(rate)) {
            return Err(format!("disputes_grow_rate = {rate}: a share from 0, such as 0.5 for half as much again"));
        }
        if self.top_customers == Some(0) {
            return Err("top_customers = 0: the number of customers that owe most, from 1".to_owned());
        }
        Ok(())
    }

    /// The items a change is about; every name must be one of the book's.
    fn whose(&self, made: &Made) -> Result<Whose, String> {
        let strata = &made.learnt.reading.strata;
        let payers = &made.learnt.reading.book.payers;
        let named = |part: usize| strata.iter().map(move |words| words[part].as_str()).collect::<BTreeSet<_>>();
        let [segments, customers, companies] =
            [&self.segment, &self.customer, &self.company].map(|names| names.as_deref().unwrap_or_default());
        known("company", companies, &named(1))?;
        known("segment", segments, &named(2))?;
        known("customer", customers, &payers.iter().map(String::as_str).collect())?;
        let is_one_of = |names: &[String], name: &str| names.is_empty() || names.iter().any(|known| known == name);
        let has_strata = !companies.is_empty() || !segments.is_empty();
        let of_strata = || {
            let is_meant = |words: &[String; 3]| is_one_of(companies, &words[1]) && is_one_of(segments, &words[2]);
            (0..).zip(strata).filter(|(_, words)| is_meant(words)).map(|(number, _)| number).collect()
        };
        let of_payers = || (0..).zip(payers).filter(|(_, name)| customers.contains(name)).map(|(n, _)| n).collect();
        let whose = Whose { payers: (!customers.is_empty()).then(of_payers), strata: has_strata.then(of_strata) };
        Ok(match self.top_customers {
            Some(count) => whose.of_largest(count, &made.learnt.reading.book, made.learnt.origin),
            None => whose,
        })
    }
}

/// Refuses a name that is not among those there are.
fn known(what: &str, names: &[String], there_are: &BTreeSet<&str>) -> Result<(), String> {
    let Some(unknown) = names.iter().find(|name| !there_are.contains(name.as_str())) else { return Ok(()) };
    let there_are: Vec<&str> = there_are.iter().copied().filter(|name| !name.is_empty()).collect();
    let listed = there_are.iter().take(LISTED_COUNT).copied().collect::<Vec<_>>().join(", ");
    let said = match there_are.len() {
        0 => format!("the items of this forecast have no {what}"),
        1..=LISTED_COUNT => format!("there are {listed}"),
        count => format!("there are {listed} and {} more", count - LISTED_COUNT),
    };
    Err(format!("there is no {what} \"{unknown}\"; {said}"))
}

/// What the rows without a scenario are called.
const BASE: &str = "base";

/// The forecast twice: each row as it is expected and as it would be in the scenario. The columns of [`super::weeks`], then
/// `base_mean, difference, scenario`.
///
/// # Errors
/// [`Error::Usage`] where the scenario names what the book has not; [`Error::Internal`] where the ledger cannot be read.
pub fn scenario(context: &Context<'_>, asked: &Asked, form: &ScenarioForm) -> Result<Sheet, Error> {
    let made = Made::new(context, asked)?;
    let base = made.sheet(context, asked)?;
    let supposed = form.resolve(&made)?;
    let supposed = made.supposing(supposed, asked).sheet(context, asked)?;
    let mean_at = base.column_index("mean").unwrap_or_default();
    let mut rows = Vec::with_capacity(2 * base.row_count());
    let mut is_changed = false;
    for (mut expected, mut then) in base.rows().zip(supposed.rows()) {
        let (base_mean, mean) = (expected[mean_at], then[mean_at]);
        let difference = match (base_mean, mean) {
            (Cell::Amount(base), Cell::Amount(mean)) => mean - base,
            _ => Money::ZERO,
        };
        is_changed |= difference != Money::ZERO;
        expected.extend([base_mean, amount(0.0), Cell::Text(BASE)]);
        then.extend([base_mean, Cell::Amount(difference), Cell::Text(&form.name)]);
        rows.extend([expected, then]);
    }
    let mut columns = base.columns.clone();
    columns.extend([
        Column::new("base_mean", Kind::Amount),
        Column::new("difference", Kind::Amount),
        Column::new("scenario", Kind::Text),
    ]);
    let title = format!("{}: {}", base.title, form.name);
    let mut sheet = Sheet::from_rows("forecast_scenario", &title, columns, &rows)?;
    sheet.notes.push(format!(
        "Rows come in pairs: as expected (base) and supposing \"{}\"; difference = mean - base_mean.",
        form.name
    ));
    if !is_changed {
        sheet.notes.push("The scenario changes no amount: nothing that it is about is open or billed.".to_owned());
    }
    sheet.notes.extend(base.notes);
    if crate::reports::is_split(context) {
        return Ok(sheet);
    }
    let column = str::to_owned;
    let chart = Chart::Lines { day: column("week_end"), series: column("scenario"), value: column("cumulative_mean") };
    Ok(sheet.charted(chart))
}
