//! A total of all currencies in one of them, at stated rates.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;
use arrow::datatypes::{Date32Type, Decimal128Type};
use chrono::NaiveDate;

use crate::catalog::bind::{self, KEY_SEPARATOR};
use crate::domain::dimension::Dimension;
use crate::error::Error;
use crate::models::forecast::Sum;
use crate::reports::Context;

/// Digits of a rate that are said.
const RATE_DIGITS: i32 = 6;

/// What a forecast is converted to, and the rates stated for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Convert {
    to: String,
    /// What one unit of a currency is in the one converted to.
    stated: BTreeMap<String, f64>,
}

impl Convert {
    /// From a currency and rates such as `HUF=0.0025`.
    ///
    /// # Errors
    /// [`Error::Usage`] where a rate is none.
    pub fn new(to: &str, rates: &[String]) -> Result<Self, Error> {
        let mut stated = BTreeMap::new();
        for text in rates {
            let rate = text.split_once('=').and_then(|(code, rate)| Some((code, rate.parse::<f64>().ok()?)));
            let Some((code, rate)) = rate.filter(|(code, rate)| !code.is_empty() && rate.is_finite() && *rate > 0.0)
            else {
                return Err(Error::usage(format!(
                    "--rate {text}: expected a currency and what one unit of it is in {to}, above 0, such as HUF=0.0025"
                )));
            };
            if code == to || stated.insert(code.to_owned(), rate).is_some() {
                return Err(Error::usage(format!("--rate {text}: one rate for each currency other than {to}")));
            }
        }
        Ok(Self { to: to.to_owned(), stated })
    }
}

/// Scopes that are one in the currency converted to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Total {
    /// What stands in the column of currencies, and the values of the dimensions asked for.
    pub(super) scope: (String, String),
    /// The scopes, each with its rate.
    pub(super) parts: Sum,
}

/// The totals of a forecast that is converted; none where it is not.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub(super) totals: Vec<Total>,
    pub(super) notes: Vec<String>,
}

impl Totals {
    /// What the model is to add up.
    pub(super) fn sums(&self) -> Vec<Sum> {
        self.totals.iter().map(|total| total.parts.clone()).collect()
    }

    pub(super) fn new(
        context: &Context<'_>,
        scopes: &[(String, String)],
        convert: Option<&Convert>,
    ) -> Result<Self, Error> {
        let Some(convert) = convert else { return Ok(Self::default()) };
        let currencies: BTreeSet<&str> = scopes.iter().map(|(currency, _)| currency.as_str()).collect();
        let rates = rates(convert, &currencies, &Pairs::read(context)?, context.as_of())?;
        let mut totals: BTreeMap<String, Sum> = BTreeMap::new();
        for (at, (currency, key)) in scopes.iter().enumerate() {
            totals.entry(without_currency(context, key)).or_default().push((at, rates[currency.as_str()].0));
        }
        let total = |(key, parts)| Total { scope: (format!("all in {}", convert.to), key), parts };
        let said: Vec<&str> = rates.values().map(|(_, said)| said.as_str()).filter(|said| !said.is_empty()).collect();
        let said = if said.is_empty() { "nothing had to be".to_owned() } else { said.join("; ") };
        let notes = vec![format!(
            "\"all in {}\" is the sum of all currencies, converted: {said}. Its range is that of the sum; changes of rates are not in it.",
            convert.to
        )];
        Ok(Self { totals: totals.into_iter().map(total).collect(), notes })
    }
}

/// The values of a scope's dimensions without its currency, which is no dimension of what is converted.
fn without_currency(context: &Context<'_>, key: &str) -> String {
    let values = key.split(KEY_SEPARATOR).enumerate();
    let is_currency = |at: usize| context.run.by.get(at) == Some(&Dimension::Currency);
    let kept: Vec<&str> = values.map(|(at, value)| if is_currency(at) { "" } else { value }).collect();
    kept.join(&KEY_SEPARATOR.to_string())
}

/// A rate between two currencies and the day it is of.
type Leg = (f64, NaiveDate);

/// The ledger's last rates up to a day, either way round.
#[derive(Debug, Default)]
struct Pairs {
    legs: BTreeMap<(String, String), Leg>,
}

impl Pairs {
    fn read(context: &Context<'_>) -> Result<Self, Error> {
        bind::bind(context.ledger, &context.run, &["fx_rate_as_of"])?;
        let mut pairs = Vec::new();
        let sql =
            "select from_currency, to_currency, rate, on_date from fx_rate_as_of order by from_currency, to_currency";
        for batch in context.ledger.query(sql)?.batches {
            let text = |at: usize| batch.column(at).as_string::<i32>();
            let rates = batch.column(2).as_primitive::<Decimal128Type>();
            let days = batch.column(3).as_primitive::<Date32Type>();
            for row in 0..batch.num_rows() {
                let day = NaiveDate::from_epoch_days(days.value(row)).unwrap_or_default();
                pairs.push((
                    text(0).value(row).to_owned(),
                    text(1).value(row).to_owned(),
                    rates.value(row) as f64 / 1e9,
                    day,
                ));
            }
        }
        Ok(Self::new(pairs))
    }

    /// A rate that is there is used as it is; the other way round it is turned.
    fn new(pairs: Vec<(String, String, f64, NaiveDate)>) -> Self {
        let mut legs = BTreeMap::new();
        for (from, to, rate, day) in &pairs {
            legs.insert((to.clone(), from.clone()), (1.0 / rate, *day));
        }
        legs.extend(pairs.into_iter().map(|(from, to, rate, day)| ((from, to), (rate, day))));
        Self { legs }
    }

    fn between(&self, from: &str, to: &str) -> Option<Leg> {
        self.legs.get(&(from.to_owned(), to.to_owned())).copied()
    }

    /// The rate over a third currency: the one whose rates are the latest, of several the first by its code.
    fn over(&self, from: &str, to: &str) -> Option<(Leg, &str)> {
        let mut found: Option<(Leg, &str)> = None;
        for ((_, over), (first, on)) in
            self.legs.range((from.to_owned(), String::new())..).take_while(|((code, _), _)| code == from)
        {
            let Some((second, also_on)) = self.between(over, to) else { continue };
            let day = (*on).min(also_on);
            if found.is_none_or(|((_, known), _)| day > known) {
                found = Some(((first * second, day), over));
            }
        }
        found
    }
}

/// What one unit of each currency is in the one converted to, and the sentence that says so.
fn rates<'a>(
    convert: &Convert,
    currencies: &BTreeSet<&'a str>,
    pairs: &Pairs,
    as_of: NaiveDate,
) -> Result<BTreeMap<&'a str, (f64, String)>, Error> {
    let to = convert.to.as_str();
    if let Some(unknown) = convert.stated.keys().find(|code| !currencies.contains(code.as_str())) {
        let there_are = currencies.iter().copied().collect::<Vec<_>>().join(", ");
        return Err(Error::usage(format!(
            "--rate {unknown}: the forecast has nothing in {unknown}; it has {there_are}"
        )));
    }
    let (mut rates, mut missing) = (BTreeMap::new(), Vec::new());
    for &from in currencies {
        let said = |rate: f64, source: String| (rate, format!("1 {from} = {} {to} ({source})", digits(rate)));
        let found = if from == to {
            Some((1.0, String::new()))
        } else if let Some(rate) = convert.stated.get(from) {
            Some(said(*rate, "as stated".to_owned()))
        } else if let Some((rate, day)) = pairs.between(from, to) {
            Some(said(rate, day.to_string()))
        } else {
            pairs.over(from, to).map(|((rate, day), over)| said(rate, format!("{day}, over {over}")))
        };
        match found {
            Some(rate) => drop(rates.insert(from, rate)),
            None => missing.push(from),
        }
    }
    if let Some(first) = missing.first() {
        let others: Vec<&str> = currencies.iter().copied().filter(|code| !missing.contains(code)).collect();
        let left_out = if others.is_empty() {
            String::new()
        } else {
            format!(", or leave it out: --currency {}", others.join(","))
        };
        return Err(Error::usage(format!(
            "--convert-to {to}: there is no exchange rate from {} to {to} of {as_of} or before; load an fx_rate table with one, or state one: --rate {first}=RATE{left_out}",
            missing.join(" or ")
        )));
    }
    Ok(rates)
}

/// A rate with as many decimals as its size needs.
fn digits(rate: f64) -> String {
    let decimals = (RATE_DIGITS - 1 - rate.log10().floor() as i32).clamp(0, 12);
    format!("{rate:.*}", decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(on: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 6, on).expect("a day")
    }

    fn pairs(given: &[(&str, &str, f64, u32)]) -> Pairs {
        Pairs::new(
            given.iter().map(|(from, to, rate, on)| ((*from).to_owned(), (*to).to_owned(), *rate, day(*on))).collect(),
        )
    }

    fn found(to: &str, stated: &[&str], currencies: &[&str], pairs: &Pairs) -> Result<Vec<String>, String> {
        let stated: Vec<String> = stated.iter().map(|text| (*text).to_owned()).collect();
        let convert = Convert::new(to, &stated).map_err(|e| e.to_string())?;
        let currencies = currencies.iter().copied().collect();
        let rates = rates(&convert, &currencies, pairs, day(30)).map_err(|e| e.to_string())?;
        Ok(rates.into_values().map(|(_, said)| said).collect())
    }

    #[test]
    fn a_rate_is_the_ledgers_as_it_is_or_turned_or_over_a_third_currency_or_stated() {
        let pairs = pairs(&[
            ("HUF", "EUR", 0.0025, 28),
            ("EUR", "USD", 1.25, 29),
            ("GBP", "USD", 1.5, 27),
            ("CNY", "EUR", 0.125, 1),
        ]);
        let said = found("EUR", &["CNY=0.13"], &["CNY", "EUR", "GBP", "HUF", "USD"], &pairs).expect("rates");
        assert_eq!(
            said,
            [
                "1 CNY = 0.130000 EUR (as stated)",
                "",
                "1 GBP = 1.20000 EUR (2024-06-27, over USD)",
                "1 HUF = 0.00250000 EUR (2024-06-28)",
                "1 USD = 0.800000 EUR (2024-06-29)",
            ]
        );
    }

    #[test]
    fn of_two_ways_the_one_with_the_later_rates_is_taken() {
        let pairs =
            pairs(&[("HUF", "CHF", 1.0, 3), ("CHF", "EUR", 1.0, 9), ("HUF", "USD", 2.0, 4), ("USD", "EUR", 1.0, 9)]);
        assert_eq!(
            found("EUR", &[], &["HUF"], &pairs).expect("a rate"),
            ["1 HUF = 2.00000 EUR (2024-06-04, over USD)"]
        );
    }

    #[test]
    fn what_has_no_rate_is_named_with_what_to_do() {
        let error = found("EUR", &[], &["EUR", "HUF", "USD"], &pairs(&[("USD", "EUR", 0.9, 1)])).expect_err("no rate");
        insta::assert_snapshot!(error, @"--convert-to EUR: there is no exchange rate from HUF to EUR of 2024-06-30 or before; load an fx_rate table with one, or state one: --rate HUF=RATE, or leave it out: --currency EUR,USD");
        let error = found("EUR", &["HFU=0.0025"], &["EUR", "HUF"], &pairs(&[])).expect_err("a slip");
        insta::assert_snapshot!(error, @"--rate HFU: the forecast has nothing in HFU; it has EUR, HUF");
        for (stated, said) in [("HUF", "expected a currency"), ("HUF=0", "above 0"), ("EUR=1", "other than EUR")] {
            let error = found("EUR", &[stated], &["EUR"], &pairs(&[])).expect_err(stated);
            assert!(error.contains(said), "{error}");
        }
    }
}
