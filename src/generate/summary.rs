//! What is known of a book: `truth.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Serialize, Serializer};

use super::account::World;
use super::market::COMPANIES;
use super::totals::{DayBalance, Totals};
use super::{Behaviour, Options};
use crate::domain::money::Money;
use crate::error::Error;

/// The known truth of a book.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Rows of `item` asked for.
    pub item_count_asked: u64,
    /// Seed of every draw.
    pub seed: u64,
    /// First day of the book.
    pub start_on: String,
    /// Last day of the book.
    pub end_on: String,
    /// Share of customers with a planted case.
    pub fraud_rate: f64,
    /// Customers in the book.
    pub customer_count: u64,
    /// Rows of each table.
    pub tables: Vec<TableCount>,
    /// Items and their signed sum by kind and currency.
    pub sums: Vec<KindSum>,
    /// Open balance by company and currency at each month end and on the last day.
    pub balances: Vec<Balance>,
    /// Promises by what the receipts applied to their item by the last day show, disputes by outcome.
    pub outcome_counts: BTreeMap<&'static str, u64>,
    /// Rates behind each behaviour.
    pub behaviour: Behaviour,
}

/// Rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableCount {
    /// Table of the data contract.
    pub table: &'static str,
    /// Its rows.
    pub row_count: u64,
}

/// Items of one kind in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindSum {
    /// Kind of the items.
    pub kind: &'static str,
    /// Their currency.
    pub currency: &'static str,
    /// How many there are.
    pub item_count: u64,
    /// Their signed sum.
    #[serde(serialize_with = "as_text")]
    pub amount: Money,
}

/// What is open in one company and currency at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Day.
    pub on_date: String,
    /// Company.
    pub company: &'static str,
    /// Currency.
    pub currency: &'static str,
    /// Sum of the open amounts.
    #[serde(serialize_with = "as_text")]
    pub amount: Money,
}

/// Money as text, so that no reader rounds it.
fn as_text<S: Serializer>(amount: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

/// Hundredths as money, which has ten-thousandths.
fn money(cents: i64) -> Money {
    Money::from_units(i128::from(cents) * 100)
}

impl Summary {
    pub(super) fn new(
        options: &Options,
        customer_count: u64,
        counts: &[(&'static str, u64)],
        totals: &Totals,
        world: &World,
    ) -> Self {
        let balance = |b: DayBalance| Balance {
            on_date: world.days.date(b.day).to_string(),
            company: COMPANIES[usize::from(b.company)].code,
            currency: b.currency.code(),
            amount: money(b.cents),
        };
        let sum = |(key, value): (&(super::item::Kind, super::market::Currency), &(u64, i64))| KindSum {
            kind: key.0.text(),
            currency: key.1.code(),
            item_count: value.0,
            amount: money(value.1),
        };
        Self {
            item_count_asked: options.item_count,
            seed: options.seed,
            start_on: world.days.date(world.span.start).to_string(),
            end_on: world.days.date(world.span.end).to_string(),
            fraud_rate: options.fraud_rate,
            customer_count,
            tables: counts.iter().map(|(table, row_count)| TableCount { table, row_count: *row_count }).collect(),
            sums: totals.sums.iter().map(sum).collect(),
            balances: totals.balances(world).into_iter().map(balance).collect(),
            outcome_counts: totals.outcomes.clone(),
            behaviour: options.behaviour.clone(),
        }
    }

    /// Writes `truth.json` into a folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join("truth.json");
        let partial = folder.join("truth.json.partial");
        let mut text = serde_json::to_string_pretty(self).map_err(|e| Error::internal(format!("truth.json: {e}")))?;
        text.push('\n');
        std::fs::write(&partial, text).map_err(Error::file(&partial, "cannot be written"))?;
        std::fs::rename(&partial, &path).map_err(Error::file(&path, "cannot be written"))
    }
}
