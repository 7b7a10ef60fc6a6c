//! A synthetic ledger of any size, seeded, with known truth: the files of the data contract, one CSV a table.
//!
//! Every number in it is invented. It is written customer by customer, so memory does not grow with the book; the same
//! options give the same bytes. Beside the tables stand `truth.json` (what the book adds up to and every rate behind it),
//! `truth_customer.csv` (each customer's habits) and `truth_fraud.csv` (each planted case).

mod account;
mod behaviour;
mod billing;
mod book;
mod contact;
mod days;
mod dice;
mod fraud;
mod fx;
mod invoices;
mod item;
mod market;
mod names;
mod profile;
mod receipts;
mod rows;
mod side;
mod staff;
mod story;
mod summary;
mod tables;
mod totals;
mod trouble;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};

pub use self::behaviour::Behaviour;
pub use self::summary::{Balance, KindSum, Summary, TableCount};

use self::account::{Account, World};
use self::billing::Billing;
use self::book::Book;
use self::days::Days;
use self::fraud::Lap;
use self::fx::Rates;
use self::item::Numbers;
use self::market::{COMPANIES, Currency};
use self::profile::{Population, Profile, Span};
use self::staff::Staff;
use self::totals::Totals;
use crate::error::Error;

/// Rows of `item` for one invoice of a long book, receipts and all. Measured on books of 120 to 1,826 days, as is the next.
const ITEMS_PER_INVOICE: f64 = 1.985;
/// Days over which the share of opening items and their receipts in a book falls.
const OPENING_SHARE_DAYS: f64 = 22.0;
/// Share of a book's invoices that no customer exceeds, and the number that none exceeds in any book.
const LARGEST_SHARE: f64 = 0.04;
const LARGEST_COUNT: f64 = 60_000.0;
/// Items between two reports of progress.
const PROGRESS_STEP: u64 = 20_000;
/// Years a book can start in.
const START_YEARS: std::ops::RangeInclusive<i32> = 1971..=2199;
/// Shortest and longest book, in days.
const DAY_COUNTS: std::ops::RangeInclusive<u32> = 31..=7_305;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Rows of `item` to aim for, of all kinds together; the book comes within a few per cent.
    pub item_count: u64,
    /// Seed of every draw.
    pub seed: u64,
    /// First day of the book, in the years 1971 to 2199.
    pub start_on: NaiveDate,
    /// Days in the book, 31 to 7,305.
    pub day_count: u32,
    /// Share of customers with a planted case of fraud or error, 0 to 1.
    pub fraud_rate: f64,
    /// How customers and staff behave.
    pub behaviour: Behaviour,
}

impl Options {
    /// A book of two years from 2023-01-01, with the default behaviour and a planted case in every fiftieth customer.
    #[must_use]
    pub fn new(item_count: u64, seed: u64) -> Self {
        let start_on = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap_or(NaiveDate::MIN);
        Self { item_count, seed, start_on, day_count: 731, fraud_rate: 0.02, behaviour: Behaviour::default() }
    }

    fn span(&self) -> Result<Span, Error> {
        if self.item_count == 0 {
            return Err(Error::usage(
                "--items 0: a book needs at least one item; give a number of items, such as 20000",
            ));
        }
        if !DAY_COUNTS.contains(&self.day_count) {
            let (least, most) = (DAY_COUNTS.start(), DAY_COUNTS.end());
            let found = self.day_count;
            return Err(Error::usage(format!("--days {found}: a book has {least} to {most} days")));
        }
        if !START_YEARS.contains(&self.start_on.year()) {
            let (least, most, found) = (START_YEARS.start(), START_YEARS.end(), self.start_on);
            return Err(Error::usage(format!("--start {found}: a book starts in the years {least} to {most}")));
        }
        if !(0.0..=1.0).contains(&self.fraud_rate) {
            let found = self.fraud_rate;
            return Err(Error::usage(format!("--fraud-rate {found}: a share from 0 to 1 is expected, such as 0.02")));
        }
        let start = self.start_on.to_epoch_days();
        Ok(Span { start, end: start + self.day_count as i32 - 1 })
    }

    fn population<'a>(&'a self, span: Span) -> Population<'a> {
        let invoices = self.item_count as f64 / items_per_invoice(span);
        let most = (invoices * LARGEST_SHARE).clamp(30.0, LARGEST_COUNT);
        Population::new(self.seed, span, &self.behaviour, most, self.fraud_rate)
    }
}

fn items_per_invoice(span: Span) -> f64 {
    ITEMS_PER_INVOICE + OPENING_SHARE_DAYS / (span.years() * 365.25)
}

/// Writes a book into `out`, which is made where it is missing; `progress` hears how many items are written so far.
///
/// # Errors
/// [`Error::Usage`] for options outside their ranges; [`Error::File`] where a file cannot be written.
pub fn generate(options: &Options, out: &Path, progress: &mut dyn FnMut(u64)) -> Result<Summary, Error> {
    let span = options.span()?;
    std::fs::create_dir_all(out).map_err(Error::file(out, "cannot be made"))?;
    let mut book = Book::create(out)?;
    let days = Days::new(span.start, span.end);
    let billing = Billing::new(options.seed, &days, span, &options.behaviour);
    let (customer_count, mut numbers) = number(options, span, &billing);
    let world = World {
        seed: options.seed,
        span,
        rates: Rates::new(options.seed, &days, span.start, span.end),
        staff: Staff::new(options.seed, &days, span.start, span.end, customer_count),
        days,
        behaviour: options.behaviour.clone(),
    };
    let mut totals = Totals::new(&world);
    let mut laps: BTreeMap<(u8, Currency), Lap> = BTreeMap::new();
    let (mut item_count, mut reported) = (0, 0);
    book.common(&world)?;
    for profile in options.population(span).take(customer_count as usize) {
        let bill_days = billing.days_of(&profile);
        let key = (profile.company, profile.currency);
        let mut account = Account::new(&world, &mut numbers, profile);
        account.lap = laps.get(&key).copied();
        account.tell(&bill_days);
        if let Some(lap) = account.lap {
            laps.insert(key, lap);
        }
        book.write(&account)?;
        totals.add(&account);
        item_count += account.items.len() as u64;
        if item_count - reported >= PROGRESS_STEP {
            progress(item_count);
            reported = item_count;
        }
    }
    progress(item_count);
    totals.write_control(&mut book, &world)?;
    totals.write_targets(&mut book, &world, options.seed)?;
    let counts = book.finish()?;
    let summary = Summary::new(options, customer_count, &counts, &totals, &world);
    summary.write(out)?;
    Ok(summary)
}

/// How many customers it takes, and the invoice numbers of each company by day: what a first run over the billing days gives.
fn number(options: &Options, span: Span, billing: &Billing) -> (u64, Numbers) {
    let mut counts = vec![vec![0_u32; (span.end - span.start + 1) as usize]; COMPANIES.len()];
    let (mut customer_count, mut expected) = (0, 0.0);
    let ratio = items_per_invoice(span);
    for profile in options.population(span) {
        let Profile { company, .. } = profile;
        let days = billing.days_of(&profile);
        for day in &days {
            counts[usize::from(company)][(day - span.start) as usize] += 1;
        }
        customer_count += 1;
        expected += days.len() as f64 * ratio;
        if expected >= options.item_count as f64 {
            break;
        }
    }
    (customer_count, Numbers::new(span.start, counts))
}

#[cfg(test)]
mod tests;
