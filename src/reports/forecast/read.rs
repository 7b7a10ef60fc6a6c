//! The ledger as the models read it.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Decimal128Type, Float64Type, Int32Type, Int64Type, UInt64Type};
use chrono::{Datelike, NaiveDate};

use crate::catalog::bind::{self, Run, RunDay};
use crate::domain::holiday;
use crate::domain::money::Money;
use crate::error::Error;
use crate::ledger::frame::Frame;
use crate::ledger::store::Ledger;
use crate::models::forecast::book::{Book, Day, Item, Means, ReceiptDay, Settlement, State, StateKind};
use crate::models::parallel::both;

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
        let number = self.scope_words.number(&scope_word(currency, key)) as usize;
        if number < self.scopes.len() {
            return number;
        }
        let of_currency = self.scopes.iter().position(|(known, _)| known == currency);
        let next = self.book.scope_currency.iter().max().map_or(0, |last| last + 1);
        self.book.scope_currency.push(of_currency.map_or(next, |at| self.book.scope_currency[at]));
        self.scopes.push((currency.to_owned(), key.to_owned()));
        number
    }

    /// Puts each scope into the one of `scopes` that `places` says; those put together are of one currency.
    pub(in crate::reports) fn merge_scopes(&mut self, places: &[u32], scopes: Vec<(String, String)>) {
        let book = &mut self.book;
        let mut currency = vec![0; scopes.len()];
        for (from, to) in book.scope_currency.iter().zip(places) {
            currency[*to as usize] = *from;
        }
        book.scope_currency = currency;
        book.items.iter_mut().for_each(|item| item.scope = places[item.scope as usize]);
        book.receipts.iter_mut().for_each(|receipt| receipt.scope = places[receipt.scope as usize]);
        self.scope_words = Words::default();
        scopes.iter().for_each(|(currency, key)| {
            self.scope_words.number(&scope_word(currency, key));
        });
        self.scopes = scopes;
    }
}

/// A scope as one word.
fn scope_word(currency: &str, key: &str) -> String {
    format!("{currency}\n{key}")
}

/// Text values and the numbers given to them, in the order in which they were first met.
#[derive(Debug, Default)]
struct Words {
    numbers: HashMap<String, u32>,
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
    let master = run.master_on.filter(|day| *day != last.as_of).map(|as_of| RunDay { as_of, from_on: None });
    let run = Run {
        days: master.into_iter().chain([RunDay { as_of: last.as_of, from_on: Some(from_on) }]).collect(),
        known_at: run.known_at.or(all_known),
        ..run.clone()
    };
    let beside = ledger.beside()?;
    let (rest, billed) = both(|| Rest::read(beside, &run), || Billed::read(ledger, &run));
    let (rest, Billed { accounts, items, receipts: received }) = (rest?, billed?);
    let Accounts { mut payers, mut scopes, strata, .. } = accounts;
    let mut currencies = Words::default();
    let receipts = receipts(&received, &mut scopes);
    let states = states(&rest.states, &mut payers, &mut currencies);
    let scope_words = scopes;
    let scopes: Vec<(String, String)> = scope_words
        .words
        .iter()
        .map(|word| word.split_once('\n').map_or((word.clone(), String::new()), |(a, b)| (a.to_owned(), b.to_owned())))
        .collect();
    let scope_currency = scopes.iter().map(|(currency, _)| currencies.number(currency)).collect();
    let mut book = Book::new(day_number(from_on), payers.words, scope_currency, items, rest.settlements);
    book.holidays = or_of_currency(rest.holidays, &scopes, last.as_of);
    book.states = states;
    book.receipts = receipts;
    let three = |word: &String| {
        let mut parts = word.split('\n').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    };
    Ok(Reading { book, scopes, scope_words, strata: strata.words.iter().map(three).collect() })
}

/// A condition on what is read: as of the run's last day.
fn on_last(run: &Run) -> String {
    format!("as_of = date '{}'", run.as_of())
}

/// The numbers that items of one customer, company, currency and scope have in common.
#[derive(Clone, Copy)]
struct Account {
    payer: u32,
    scope: u32,
    stratum: u32,
}

/// What tells accounts apart, as one number: texts of every item would take longer to read than all its other columns.
const ACCOUNT: &str = "hash(b.customer_id, b.currency, b.company, b.scope_key)";

/// The accounts, and the words for their numbers, given in the order of the accounts' names.
#[derive(Default)]
struct Accounts {
    by_hash: HashMap<u64, Account>,
    payers: Words,
    scopes: Words,
    strata: Words,
}

impl Accounts {
    fn read(ledger: &Ledger, run: &Run) -> Result<Self, Error> {
        let mut accounts = Self::default();
        let sql = format!(
            "with account as (
              select customer_id, currency, company, scope_key from billed_item where {} group by all
            )
            select {ACCOUNT} as account, b.customer_id, b.currency, b.company, b.scope_key, c.segment
            from account b
            left join customer_as_of c on c.as_of = date '{}' and c.customer_id = b.customer_id
            order by b.customer_id, b.currency, b.company, b.scope_key",
            on_last(run),
            run.master_on.unwrap_or(run.as_of())
        );
        ledger.for_each_batch(&sql, |batch| accounts.add(batch))?;
        Ok(accounts)
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let text = |at: usize, row: usize| value(batch.column(at).as_string::<i32>(), row);
        let hashes = batch.column(0).as_primitive::<UInt64Type>();
        for row in 0..batch.num_rows() {
            let (currency, company, scope, segment) = (text(2, row), text(3, row), text(4, row), text(5, row));
            let account = Account {
                payer: self.payers.number(text(1, row)),
                scope: self.scopes.number(&scope_word(currency, scope)),
                stratum: self.strata.number(&format!("{currency}\n{company}\n{segment}\n")),
            };
            if self.by_hash.insert(hashes.value(row), account).is_some() {
                return Err(Error::internal("forecast: two accounts have one number"));
            }
        }
        Ok(())
    }
}

/// The items and the money.
struct Billed {
    accounts: Accounts,
    items: Vec<Item>,
    receipts: Frame,
}

impl Billed {
    fn read(ledger: &Ledger, run: &Run) -> Result<Self, Error> {
        bind::bind(ledger, run, &["billed_item", "customer_as_of", "receipt_day"])?;
        let accounts = Accounts::read(ledger, run)?;
        let last = on_last(run);
        let mut items = Vec::with_capacity(ledger.count("select count(*) from item")?);
        let sql = format!(
            "select item_no, {ACCOUNT} as account, posted_day, known_day, due_day, is_disputed, amount,
            kind in ('invoice', 'debit_note', 'chargeback', 'interest', 'opening') as is_bill, kind in ('receipt', 'down_payment') as is_money
            from billed_item b
            where {last}"
        );
        ledger.for_each_batch(&sql, |batch| read_items(batch, &accounts.by_hash, &mut items))?;
        let receipts = ledger.query(&format!(
            "select currency, scope_key, posted_day, known_day, received_amount from receipt_day where {last}
            order by posted_day, known_day, currency, scope_key"
        ))?;
        Ok(Self { accounts, items, receipts })
    }
}

fn read_items(batch: &RecordBatch, accounts: &HashMap<u64, Account>, items: &mut Vec<Item>) -> Result<(), Error> {
    let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
    let (posted, known, due) = (int(2), int(3), int(4));
    let account = batch.column(1).as_primitive::<UInt64Type>();
    let amounts = batch.column(6).as_primitive::<Float64Type>();
    let [disputed, bills, money] = [5, 7, 8].map(|at| batch.column(at).as_boolean());
    for (row, item_no) in item_nos(batch).iter().enumerate() {
        let Some(&Account { payer, scope, stratum }) = accounts.get(&account.value(row)) else {
            return Err(Error::internal("forecast: an item of no account"));
        };
        let amount = amounts.value(row);
        items.push(Item {
            item_no: *item_no,
            payer,
            scope,
            stratum,
            posted: posted.value(row),
            known: known.value(row),
            due: due.is_valid(row).then(|| due.value(row)),
            amount,
            is_bill: amount > 0.0 && bills.is_valid(row) && bills.value(row),
            is_money: money.is_valid(row) && money.value(row),
            is_disputed: disputed.value(row),
        });
    }
    Ok(())
}

/// What a book is made of beside items and money.
struct Rest {
    settlements: Vec<Settlement>,
    states: Frame,
    holidays: Vec<Day>,
}

impl Rest {
    fn read(ledger: Ledger, run: &Run) -> Result<Self, Error> {
        bind::bind(&ledger, run, &["settlement", "credit_item", "payment_state", "bank_holiday"])?;
        let last = on_last(run);
        let credits = Credits::read(&ledger, &last)?;
        let mut settlements = Vec::with_capacity(ledger.count("select count(*) from application")?);
        let sql = format!(
            "select debit_item_no, credit_item_no, effective_day, known_day, amount, credit_amount from settlement where {last}"
        );
        ledger.for_each_batch(&sql, |batch| {
            read_settlements(batch, &credits, &mut settlements);
            Ok(())
        })?;
        let states = ledger.query(&format!(
            "select state, item_no, customer_id, currency, from_day, to_day, on_day, amount, outcome from payment_state
            where customer_id is not null and {last} order by from_day, state, row_id, item_no"
        ))?;
        Ok(Self { settlements, states, holidays: bank_holidays(&ledger, &last)? })
    }
}

/// When each credit came and what it is, by number: joined here to what it settled, which takes a fifth of the engine's time for it,
/// as a ledger numbers its items without large gaps.
struct Credits {
    first_no: i64,
    by_no: Vec<Option<(Day, Means)>>,
}

impl Credits {
    fn read(ledger: &Ledger, last: &str) -> Result<Self, Error> {
        let sql = format!(
            "select item_no, posted_day,
            case when kind in ('receipt', 'down_payment') then 0 when kind = 'write_off' then 1 else 2 end
            from credit_item where {last}"
        );
        let batches = ledger.query(&sql)?.batches;
        let all = || batches.iter().flat_map(item_nos).copied();
        let (first_no, last_no) = (all().min().unwrap_or(0), all().max().unwrap_or(-1));
        let mut by_no = vec![None; (last_no - first_no + 1) as usize];
        for batch in &batches {
            let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
            for ((no, posted), means) in item_nos(batch).iter().zip(int(1).values()).zip(int(2).values()) {
                let means = match means {
                    0 => Means::Cash,
                    1 => Means::WriteOff,
                    _ => Means::Credit,
                };
                by_no[(no - first_no) as usize] = Some((*posted, means));
            }
        }
        Ok(Self { first_no, by_no })
    }

    /// None for what is no credit.
    fn of(&self, item_no: i64) -> Option<(Day, Means)> {
        usize::try_from(item_no - self.first_no).ok().and_then(|at| *self.by_no.get(at)?)
    }
}

/// The first column.
fn item_nos(batch: &RecordBatch) -> &[i64] {
    batch.column(0).as_primitive::<Int64Type>().values()
}

fn read_settlements(batch: &RecordBatch, credits: &Credits, settlements: &mut Vec<Settlement>) {
    let number = |at: usize| batch.column(at).as_primitive::<Int64Type>();
    let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
    let amount = |at: usize| batch.column(at).as_primitive::<Float64Type>();
    let (debit, credit, effective, known) = (number(0), number(1), int(2), int(3));
    let (off_debit, off_credit) = (amount(4), amount(5));
    settlements.extend((0..batch.num_rows()).map(|row| {
        // A debit that settles another is no money.
        let (credit_posted, means) = credits.of(credit.value(row)).unwrap_or((effective.value(row), Means::Credit));
        Settlement {
            debit_item_no: debit.value(row),
            credit_item_no: credit.value(row),
            effective: effective.value(row),
            known: known.value(row),
            credit_posted,
            amount: off_debit.value(row),
            credit_amount: off_credit.value(row),
            means,
        }
    }));
}

fn receipts(frame: &Frame, scopes: &mut Words) -> Vec<ReceiptDay> {
    let mut receipts = Vec::new();
    for batch in &frame.batches {
        let text = |at: usize| batch.column(at).as_string::<i32>();
        let int = |at: usize| batch.column(at).as_primitive::<Int32Type>();
        let amounts = batch.column(4).as_primitive::<Decimal128Type>();
        for row in 0..batch.num_rows() {
            receipts.push(ReceiptDay {
                scope: scopes.number(&scope_word(value(text(0), row), value(text(1), row))),
                posted: int(2).value(row),
                known: int(3).value(row),
                amount: Money::from_units(amounts.value(row)).to_f64(),
            });
        }
    }
    receipts
}

fn states(frame: &Frame, payers: &mut Words, currencies: &mut Words) -> Vec<State> {
    let mut states = Vec::new();
    for batch in &frame.batches {
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
    states
}

/// Days without bank business, sorted: the ledger's calendar, else that of the payment system of the book's one currency,
/// for ten years around the last day.
pub(in crate::reports) fn holidays(
    ledger: &Ledger,
    scopes: &[(String, String)],
    last: NaiveDate,
) -> Result<Vec<Day>, Error> {
    Ok(or_of_currency(bank_holidays(ledger, &format!("as_of = date '{last}'"))?, scopes, last))
}

fn bank_holidays(ledger: &Ledger, last: &str) -> Result<Vec<Day>, Error> {
    let mut days = Vec::new();
    for batch in ledger.query(&format!("select on_day from bank_holiday where {last} order by on_day"))?.batches {
        days.extend(batch.column(0).as_primitive::<Int32Type>().values().iter().copied());
    }
    Ok(days)
}

fn or_of_currency(mut days: Vec<Day>, scopes: &[(String, String)], last: NaiveDate) -> Vec<Day> {
    if days.is_empty()
        && let Some((currency, _)) = scopes.first()
        && scopes.iter().all(|(other, _)| other == currency)
    {
        let years = last.year() - 10..=last.year() + 10;
        days = years.flat_map(|year| holiday::of_currency(currency, year)).map(day_number).collect();
        days.sort_unstable();
    }
    days
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
