//! What was read of a ledger, and what was learnt from it: the same for forecasts and for targets.

use super::HISTORY_DAYS;
use super::read::{self, Reading, day_number};
use crate::catalog::bind::Run;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::models::forecast::Settings;
use crate::models::forecast::book::Origin;
use crate::models::forecast::calibrate::Widths;
use crate::models::forecast::outlook::Fit;
use crate::models::parallel::both;

/// A book, when its bills are paid, and how wide ranges must be.
#[derive(Debug)]
pub struct Learnt {
    /// The book, and the words for its numbers.
    pub reading: Reading,
    /// The day asked for.
    pub origin: Origin,
    /// When bills are paid.
    pub fit: Fit,
    /// How wide ranges must be.
    pub widths: Widths,
    /// Weeks that past forecasts looked ahead for that.
    pub weeks: usize,
}

impl Learnt {
    /// Reads the book of a run and learns from it.
    ///
    /// # Errors
    /// [`Error::Internal`] where the ledger cannot be read.
    pub fn new(ledger: &Ledger, run: &Run, settings: &Settings, weeks: usize) -> Result<Self, Error> {
        let reading = read::read(ledger, run, HISTORY_DAYS)?;
        let origin = Origin::with_hindsight(day_number(run.as_of()));
        // What past forecasts missed is no measure where all of them were assumptions.
        let widths = || match reading.book.has_payment(origin) {
            true => Widths::learn(&reading.book, origin, settings, weeks),
            false => Widths::unchanged(),
        };
        let (fit, widths) = both(|| Fit::new(&reading.book, origin), widths);
        Ok(Self { reading, origin, fit, widths, weeks })
    }

    /// The same with one scope a currency: what was learnt does not depend on scopes.
    #[must_use]
    pub fn by_currency(mut self) -> Self {
        let mut currencies: Vec<String> = self.reading.scopes.iter().map(|(currency, _)| currency.clone()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let place = |currency: &String| currencies.partition_point(|known| known < currency) as u32;
        let places: Vec<u32> = self.reading.scopes.iter().map(|(currency, _)| place(currency)).collect();
        self.reading.merge_scopes(&places, currencies.into_iter().map(|currency| (currency, String::new())).collect());
        self
    }
}
