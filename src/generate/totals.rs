//! What a book adds up to, kept while it is written: balances, cash, targets, and what became of promises and disputes.

use std::collections::BTreeMap;

use super::account::{Account, World};
use super::book::{Book, T, month_of};
use super::days::Day;
use super::dice::{Dice, Purpose};
use super::item::Kind;
use super::market::{BUSINESS_UNITS, COMPANIES, Currency};
use super::rows::collector_id;
use super::staff::in_charge;
use crate::error::Error;

/// Whom a target is set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Company(u8),
    BusinessUnit(u8),
    Team(u8),
    Collector(u16),
}

/// Running totals of a book; amounts are hundredths.
#[derive(Debug)]
pub(super) struct Totals {
    first: Day,
    /// By kind and currency: items and their signed sum.
    pub(super) sums: BTreeMap<(Kind, Currency), (u64, i64)>,
    /// Change of the balance by company, currency and day.
    changes: Vec<Vec<Vec<i64>>>,
    cash: BTreeMap<(i32, Scope, Currency), i64>,
    /// Promises by what became of them, and disputes by outcome.
    pub(super) outcomes: BTreeMap<&'static str, u64>,
}

/// A balance on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct DayBalance {
    pub(super) company: u8,
    pub(super) day: Day,
    pub(super) currency: Currency,
    pub(super) cents: i64,
}

impl Totals {
    pub(super) fn new(world: &World) -> Self {
        let days = (world.span.end - world.span.start + 1) as usize;
        Self {
            first: world.span.start,
            sums: BTreeMap::new(),
            changes: vec![vec![vec![0; days]; Currency::ALL.len()]; COMPANIES.len()],
            cash: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Adds a finished account.
    pub(super) fn add(&mut self, account: &Account<'_>) {
        let company = account.profile.company;
        let mut change = |currency: Currency, day: Day, cents: i64| {
            self.changes[usize::from(company)][currency as usize][(day - self.first) as usize] += cents;
        };
        for item in &account.items {
            change(item.currency, item.posted, item.signed_cents());
        }
        for row in account.applications.iter().filter(|row| row.is_cross_currency) {
            change(account.item(row.debit).currency, row.applied, -row.cents);
            change(account.item(row.credit).currency, row.applied, row.credit_cents);
        }
        for item in &account.items {
            let sum = self.sums.entry((item.kind, item.currency)).or_default();
            *sum = (sum.0 + 1, sum.1 + item.signed_cents());
            if item.kind == Kind::Receipt {
                let month = month_of(account.world.days.date(item.posted));
                let collector = in_charge(&account.assignments, item.posted);
                let (unit, currency) = (item.business_unit, item.currency);
                for scope in [
                    Scope::Company(company),
                    Scope::BusinessUnit(unit),
                    Scope::Team(company),
                    Scope::Collector(collector),
                ] {
                    *self.cash.entry((month, scope, currency)).or_default() += item.cents;
                }
            }
        }
        self.add_outcomes(account);
    }

    /// Counts promises by what the receipts applied to their item show, and disputes by outcome.
    fn add_outcomes(&mut self, account: &Account<'_>) {
        let end = account.world.span.end;
        let mut paid: BTreeMap<u32, Vec<(Day, i64)>> = BTreeMap::new();
        for promise in &account.side.promises {
            if let Some(item) = promise.item {
                paid.insert(item, Vec::new());
            }
        }
        for row in account.applications.iter().filter(|row| account.item(row.credit).kind == Kind::Receipt) {
            if let Some(of_item) = paid.get_mut(&row.debit) {
                of_item.push((row.applied, row.cents));
            }
        }
        for promise in &account.side.promises {
            let paid_by = |day: Day| -> i64 {
                let rows = promise.item.and_then(|item| paid.get(&item)).into_iter().flatten();
                rows.filter(|(on, _)| *on >= promise.created && *on <= day).map(|(_, cents)| cents).sum()
            };
            let outcome = match () {
                () if promise.cancelled.is_some() => "promise_cancelled",
                () if promise.item.is_none() => "promise_without_item",
                () if paid_by(promise.promised) >= promise.cents => "promise_kept",
                () if promise.promised > end => "promise_open",
                () if paid_by(end) >= promise.cents => "promise_kept_late",
                () if paid_by(end) > 0 => "promise_partly_kept",
                () => "promise_broken",
            };
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        for dispute in &account.side.disputes {
            let outcome = match dispute.outcome {
                "valid" => "dispute_valid",
                "invalid" => "dispute_invalid",
                "partly" => "dispute_partly",
                _ => "dispute_open",
            };
            *self.outcomes.entry(outcome).or_default() += 1;
        }
    }

    /// Balances by company and currency at each month end of the book and on its last day; those never used are left out.
    pub(super) fn balances(&self, world: &World) -> Vec<DayBalance> {
        let mut all = Vec::new();
        for (company, by_currency) in self.changes.iter().enumerate() {
            for (currency, changes) in Currency::ALL.into_iter().zip(by_currency) {
                let mut cents = 0;
                let is_used = changes.iter().any(|change| *change != 0);
                for (day, change) in (world.span.start..).zip(changes) {
                    cents += change;
                    if is_used && (day == world.days.month_end(day) || day == world.span.end) {
                        all.push(DayBalance { company: company as u8, day, currency, cents });
                    }
                }
            }
        }
        all
    }

    /// Writes the control balances at month ends.
    pub(super) fn write_control(&self, book: &mut Book, world: &World) -> Result<(), Error> {
        for balance in self.balances(world).into_iter().filter(|b| b.day == world.days.month_end(b.day)) {
            let table = book.table(T::GlBalance);
            table.text(COMPANIES[usize::from(balance.company)].code).day(world, balance.day);
            table.text(balance.currency.code()).amount(balance.cents, balance.currency).end()?;
        }
        Ok(())
    }

    /// Writes targets near what came in: the book knows how each month ended.
    pub(super) fn write_targets(&self, book: &mut Book, world: &World, seed: u64) -> Result<(), Error> {
        let ends: BTreeMap<i32, Day> = (world.span.start..=world.span.end)
            .map(|day| world.days.month_end(day))
            .map(|end| (month_of(world.days.date(end)), end))
            .collect();
        for (number, ((month, scope, currency), cents)) in self.cash.iter().enumerate() {
            let Some(end) = ends.get(month).copied() else { continue };
            let start = world.days.month_end(end - 31) + 1;
            let mut dice = Dice::new(seed, Purpose::Targets, number as u64);
            let lived = world.span.end.min(end) - start.max(world.span.start) + 1;
            let whole = *cents as f64 / 100.0 * f64::from(end - start + 1) / f64::from(lived);
            let target = dice.lognormal(world.behaviour.target_over_cash, 0.08) * whole;
            let step = 10_f64.powf((target.max(100.0).log10() - 2.0).floor());
            let target = currency.cents((target / step).round().max(1.0) * step);
            let (name, id) = match *scope {
                Scope::Company(at) => ("company", COMPANIES[usize::from(at)].code.to_owned()),
                Scope::BusinessUnit(at) => ("business_unit", BUSINESS_UNITS[usize::from(at)].0.to_owned()),
                Scope::Team(at) => ("team", COMPANIES[usize::from(at)].team.to_owned()),
                Scope::Collector(at) => ("collector", collector_id(at)),
            };
            let frozen = world.days.previous_working(super::market::Country::De, start - 1);
            let table = book.table(T::Target);
            table.format(format_args!("TG{:06}", number + 1)).day(world, start).day(world, end).text(name).text(&id);
            table.amount(target, *currency).text(currency.code()).day(world, frozen).end()?;
        }
        Ok(())
    }
}
