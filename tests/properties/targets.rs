//! Targets on random ledgers: what became of the set adds up to it, and it is what the rows say by definition.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use duecast::reports::targets::{self, Asked};
use duecast::reports::{self, Context};
use duecast::sheet::{Cell, Sheet};
use proptest::prelude::*;

use super::{Book, book, day, ledger_of, on};

/// A column of amounts by currency, in ten-thousandths.
fn amounts(sheet: &Sheet, name: &str) -> BTreeMap<String, i128> {
    let at = |name: &str| sheet.column_index(name).expect("a column");
    let (currency, value) = (at("currency"), at(name));
    let mut sums = BTreeMap::new();
    for row in sheet.rows() {
        if let (Cell::Text(currency), Cell::Amount(amount)) = (row[currency], row[value]) {
            *sums.entry(currency.to_owned()).or_insert(0) += amount.units();
        }
    }
    sums
}

fn month(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let start = day.with_day(1).expect("a first day");
    (start, start + chrono::Months::new(1) - Days::new(1))
}

impl Book {
    /// The day a debt is due; the day it was posted where it has none.
    fn due(&self, n: usize) -> NaiveDate {
        day(self.items[n].posted) + Days::new(u64::from(self.items[n].due_after.unwrap_or(0)))
    }

    /// Open before the month and due by its end, as known at some time, by currency.
    fn due_of_opening(&self, as_of: NaiveDate, known_at: Option<NaiveDateTime>) -> BTreeMap<String, i128> {
        let (start, end) = month(as_of);
        let mut sums = BTreeMap::new();
        for (n, amount) in self.open(start - Days::new(1), known_at) {
            if self.items[n].is_debit && self.due(n) <= end {
                *sums.entry(self.items[n].currency().to_owned()).or_insert(0) += i128::from(amount);
            }
        }
        sums
    }

    /// That, and what was posted in the month by the day.
    fn collectable(&self, as_of: NaiveDate) -> BTreeMap<String, i128> {
        let (start, end) = month(as_of);
        let mut sums = self.due_of_opening(as_of, None);
        for (n, item) in self.items.iter().enumerate() {
            let posted = day(item.posted);
            if item.is_debit && posted >= start && posted <= as_of && self.due(n) <= end {
                *sums.entry(item.currency().to_owned()).or_default() += i128::from(item.amount);
            }
        }
        sums
    }
}

fn without_nothing(mut sums: BTreeMap<String, i128>) -> BTreeMap<String, i128> {
    sums.retain(|_, amount| *amount != 0);
    sums
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_became_of_the_set_adds_up_to_it(book in book(), as_of in 0_u16..200) {
        let ledger = ledger_of(&book);
        ledger.run("update item set company = 'main'").expect("a company");
        let as_of = day(as_of);
        let context = Context { ledger: &ledger, run: on(as_of, None, None, Vec::new()), show_all: false };
        let sheet = targets::table(&context, &Asked::default()).expect("a sheet");
        let now = amounts(&sheet, "collectable_now");
        prop_assert_eq!(without_nothing(now.clone()), without_nothing(book.collectable(as_of)));
        let mut parts = BTreeMap::new();
        for part in ["collected", "credited", "written_off", "remaining"] {
            for (currency, amount) in amounts(&sheet, part) {
                *parts.entry(currency).or_insert(0) += amount;
            }
        }
        prop_assert_eq!(parts, now);
        let before = month(as_of).0.and_hms_opt(0, 0, 0).map(|start| start - chrono::TimeDelta::microseconds(1));
        let frozen = amounts(&sheet, "collectable_frozen");
        prop_assert_eq!(without_nothing(frozen), without_nothing(book.due_of_opening(as_of, before)));
    }

    #[test]
    fn the_chance_is_a_probability_and_the_range_holds_what_is_expected(book in book(), as_of in 0_u16..200, target in 1_i64..2_000_000) {
        let ledger = ledger_of(&book);
        let as_of = day(as_of);
        let (start, end) = month(as_of);
        ledger.run(&format!(
            "update item set company = 'main';
             insert into target (target_id, period_start, period_end, scope, scope_id, amount, currency) values
               ('e', date '{start}', date '{end}', 'company', 'main', {target} / 100.0, 'EUR')"
        )).expect("a target");
        let context = Context { ledger: &ledger, run: on(as_of, None, None, Vec::new()), show_all: false };
        let sheet = targets::table(&context, &Asked::default()).expect("a sheet");
        let at = |name: &str| sheet.column_index(name).expect("a column");
        let [target, chance, expected, p10, p90] =
            ["target_amount", "reach_probability", "expected_end", "p10_end", "p90_end"].map(at);
        for row in sheet.rows() {
            let (Cell::Amount(p10), Cell::Amount(p90), Cell::Amount(_)) = (row[p10], row[p90], row[expected]) else {
                panic!("an end: {row:?}");
            };
            prop_assert!(p10 <= p90);
            match row[chance] {
                Cell::Number(chance) => prop_assert!((0.0..=1.0).contains(&chance) && row[target] != Cell::Empty),
                other => prop_assert!(other == Cell::Empty && row[target] == Cell::Empty),
            }
        }
        for name in ["targets", "target_days"] {
            (reports::find(name).expect("a report").make)(&context).expect("a sheet");
        }
        targets::items(&context, &Asked::default()).expect("a sheet");
    }
}
