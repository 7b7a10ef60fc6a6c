//! The ledger as the models read it.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Decimal128Type, Float64Type, Int32Type, Int64Type};
use chrono::{Datelike, NaiveDate};

use crate::catalog::bind::{self, Run, RunDay};
use crate::domain::holiday;
use crate::domain::money::Money;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::models::forecast::book::{Book, Day, Item, Means, ReceiptDay, Settlement, State, StateKind};

/// What a book was read with: the words behind its numbers.
#[derive(Debug)]
pub struct Reading {
    /// The book.
    pub book: Book,
    /// Currency and values of the dimensions asked for, of each scope.
    pub scopes: Vec<(String, String)>,
    scope_words: Words,
    /// Currency, company and segment of each stratum; empty where there is none.
    pub strata: Vec<[String; 3]>,
}

impl Reading {
    /// The number of a scope; one that the book has nothing of any more is added to it.
    pub(super) fn scope(&mut self, currency: &str, key: &str) -> usize {
        let number = self.scope_words.number(&format!("{currency}\n{key}")) as usize;
        if number < self.scopes.len() {
            return number;
        }
        let of_currency = self.scopes.iter().position(|(known, _)| known == currency);
        let next = self.book.scope_currency.iter().max().map_or(0, |last| last + 1);
        self.book.scope_currency.push(of_currency.map_or(next, |at| self.book.scope_currency[at]));
        self.scopes.push((currency.to_owned(), key.to_owned()));
        number
    }
}

/// Text values and the numbers given to them, in the order in which they were first met.
#[derive(Debug, Default)]
struct Words {
    numbers: std::collections::HashMap<String, u32>,
    words: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&known) = self.numbers.get(word) {
            return known;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}

/// Days since 1970-01-01.
#[must_use]
pub fn day_number(day: NaiveDate) -> Day {
    day.to_epoch_days()
}

/// Reads the book of a run: everything up to its day, with the history of so many days before it.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn read(ledger: &Ledger, run: &Run, history_days: u64) -> Result<Reading, Error> {
    let Some(last) = run.days.last() else { return Err(Error::internal("forecast: no day asked for")) };
    let from_on = last.as_of.checked_sub_days(chrono::Days::new(history_days)).unwrap_or(NaiveDate::MIN);
    // The days of keying are read also where all that is known now counts: earlier forecasts are replayed from them.
    let all_known = NaiveDate::from_ymd_opt(9999, 12, 30).map(|day| day.and_time(chrono::NaiveTime::MIN));
    let run = Run {
        days: vec![RunDay { as_of: last.as_of, from_on: Some(from_on) }],
        known_at: run.known_at.or(all_known),
        ..run.clone()
    };
    bind::bind(ledger, &run, &["billed_item", "settlement", "receipt_day", "payment_state", "bank_holiday"])?;
    let (mut payers, mut currencies) = (Words::default(), Words::default());
    let (mut scopes, mut strata) = (Words::default(), Words::default());
    let mut items = Vec::new();
    let sql =
        "select item_no, customer_id, currency, scope_key, company, segment, kind, posted_day, known_day, due_day,
        is_disputed, amount from billed_item";
    for batch in ledger.query(sql)?.batches {
        read_items(&batch, &mut items, [&mut payers, &mut scopes, &mut strata])?;
    }
    let mut settlements = Vec::new();
    let sql =
        "select debit_item_no, credit_item_no, effective_day, known_day, credit_day, amount, credit_amount, credit_kind
        from settlement";
    for batch in ledger.query(sql)?.batches {
        read_settlements(&batch, &mut settlements);
    }
    let receipts = read_receipts(ledger, &mut scopes)?;
    let states = read_states(ledger, &mut payers, &mut currencies)?;
    let scope_words = scopes;
    let scopes: Vec<(String, String)> = scope_words
        .words
        .iter()
        .map(|word| word.split_once('\n').map_or((word.clone(), String::new()), |(a, b)| (a.to_owned(), b.to_owned())))
        .collect();
    let scope_currency = scopes.iter().map(|(currency, _)| currencies.number(currency)).collect();
    let mut book = Book::new(payers.words, scope_currency, items, settlements);
    book.history_from = day_number(from_on);
    book.holidays = holidays(ledger, &scopes, last.as_of)?;
    book.states = states;
    book.receipts = receipts;
    let three = |word: &String| {
        let mut parts = word.split('\n').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    };
    Ok(Reading { book, scopes, scope_words, strata: strata.words.iter().map(three).collect() })
}

fn read_items(batch: &RecordBatch, items: &mut Vec<Item>, words: [&mut Words; 3]) -> Result<(), Error> {
    let [payers, scopes, strata] = words;
    let text = |at: usize| batch.column(at).as_string::<i32>();
    let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
    let (customer, currency, scope, company, segment, kind) = (text(1), text(2), text(3), text(4), text(5), text(6));
    let numbers = batch.column(0).as_primitive::<Int64Type>();
    let amounts = batch.column(11).as_primitive::<Float64Type>();
    let disputed = batch.column(10).as_boolean();
    let mut key = String::new();
    for row in 0..batch.num_rows() {
        let payer = payers.number(value(customer, row));
        key.clear();
        key.push_str(value(currency, row));
        key.push('\n');
        key.push_str(value(scope, row));
        let scope = scopes.number(&key);
        key.clear();
        for part in [value(currency, row), value(company, row), value(segment, row)] {
            key.push_str(part);
            key.push('\n');
        }
        let amount = amounts.value(row);
        items.push(Item {
            item_no: numbers.value(row),
            payer,
            scope,
            stratum: strata.number(&key),
            posted: int(7).value(row),
            known: int(8).value(row),
            due: int(9).is_valid(row).then(|| int(9).value(row)),
            amount,
            is_bill: amount > 0.0
                && matches!(value(kind, row), "invoice" | "debit_note" | "chargeback" | "interest" | "opening"),
            is_disputed: disputed.value(row),
        });
    }
    Ok(())
}

fn read_settlements(batch: &RecordBatch, settlements: &mut Vec<Settlement>) {
    let number = |at: usize| batch.column(at).as_primitive::<Int64Type>();
    let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
    let amount = |at: usize| batch.column(at).as_primitive::<Float64Type>();
    let kind = batch.column(7).as_string::<i32>();
    let (debit, credit, effective, known, posted) = (number(0), number(1), int(2), int(3), int(4));
    let (off_debit, off_credit) = (amount(5), amount(6));
    settlements.extend((0..batch.num_rows()).map(|row| Settlement {
        debit_item_no: debit.value(row),
        credit_item_no: credit.value(row),
        effective: effective.value(row),
        known: known.value(row),
        credit_posted: posted.value(row),
        amount: off_debit.value(row),
        credit_amount: off_credit.value(row),
        means: match value(kind, row) {
            "receipt" | "down_payment" => Means::Cash,
            "write_off" => Means::WriteOff,
            _ => Means::Credit,
        },
    }));
}

fn read_receipts(ledger: &Ledger, scopes: &mut Words) -> Result<Vec<ReceiptDay>, Error> {
    let mut receipts = Vec::new();
    let sql = "select currency, scope_key, posted_day, known_day, received_amount from receipt_day
        order by posted_day, known_day, currency, scope_key";
    for batch in ledger.query(sql)?.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
        let amounts = batch.column(4).as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            receipts.push(ReceiptDay {
                scope: scopes.number(&format!("{}\n{}", value(text(0), row), value(text(1), row))),
                posted: int(2).value(row),
                known: int(3).value(row),
                amount: Money::from_units(amounts.value(row)).to_f64(),
            });
        }
    }
    Ok(receipts)
}

fn read_states(ledger: &Ledger, payers: &mut Words, currencies: &mut Words) -> Result<Vec<State>, Error> {
    let mut states = Vec::new();
    let sql =
        "select state, item_no, customer_id, currency, from_day, to_day, on_day, amount, outcome from payment_state
        where customer_id is not null order by from_day, state, row_id, item_no";
    for batch in ledger.query(sql)?.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let int = |at: usize, row: usize| {
            let column = batch.column(at).as_primitive::<Int32Type>();
            column.is_valid(row).then(|| column.value(row))
        };
        let numbers = batch.column(1).as_primitive::<Int64Type>();
        let amounts = batch.column(7).as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let Some(kind) = state_kind(value(text(0), row)) else { continue };
            states.push(State {
                kind,
                item_no: numbers.is_valid(row).then(|| numbers.value(row)),
                payer: payers.number(value(text(2), row)),
                currency: text(3).is_valid(row).then(|| currencies.number(value(text(3), row))),
                from: int(4, row).unwrap_or(0),
                to: int(5, row),
                on: int(6, row),
                amount: amounts.is_valid(row).then(|| amounts.value(row)),
                credited_rate: match value(text(8), row) {
                    "valid" => Some(1.0),
                    "partly" => Some(0.5),
                    "invalid" => Some(0.0),
                    _ => None,
                },
            });
        }
    }
    Ok(states)
}

/// Days without bank business, sorted: the ledger's calendar, else that of the payment system of the book's one currency,
/// for ten years around the last day.
pub(in crate::reports) fn holidays(
    ledger: &Ledger,
    scopes: &[(String, String)],
    last: NaiveDate,
) -> Result<Vec<Day>, Error> {
    let mut days = Vec::new();
    for batch in ledger.query("select on_day from bank_holiday order by on_day")?.batches {
        days.extend(batch.column(0).as_primitive::<Int32Type>().values().iter().copied());
    }
    if days.is_empty()
        && let Some((currency, _)) = scopes.first()
        && scopes.iter().all(|(other, _)| other == currency)
    {
        let years = last.year() - 10..=last.year() + 10;
        days = years.flat_map(|year| holiday::of_currency(currency, year)).map(day_number).collect();
        days.sort_unstable();
    }
    Ok(days)
}

fn state_kind(word: &str) -> Option<StateKind> {
    Some(match word {
        "dispute" => StateKind::Dispute,
        "promise" => StateKind::Promise,
        "plan" => StateKind::Plan,
        "level_2" => StateKind::Level2,
        "legal" => StateKind::Legal,
        "agency" => StateKind::Agency,
        "insolvent" => StateKind::Insolvent,
        "hold" | "closed" => StateKind::Hold,
        _ => return None,
    })
}

fn value(column: &StringArray, row: usize) -> &str {
    if column.is_null(row) { "" } else { column.value(row) }
}
