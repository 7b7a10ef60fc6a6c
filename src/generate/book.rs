//! The open files of a book, and the tables that do not belong to one account.

use std::path::Path;

use chrono::Datelike;

use super::account::{Account, World};
use super::days::NEVER;
use super::dice::{Dice, Purpose};
use super::item::User;
use super::market::{BUSINESS_UNITS, COMPANIES, Country, Currency, SEGMENTS};
use super::profile::{BillRule, Profile};
use super::rows::{bank_account, collector_id, customer_id};
use super::staff::Role;
use super::tables::{CONTRACT, TRUTH, Table};
use crate::error::Error;

/// A file of the book, in the order of [`CONTRACT`] and [`TRUTH`].
#[derive(Clone, Copy, Debug)]
pub(super) enum T {
    Item,
    Application,
    Customer,
    Collector,
    Assignment,
    Absence,
    Activity,
    Promise,
    Dispute,
    Target,
    CreditLimit,
    PaymentPlan,
    Placement,
    Provision,
    BankLine,
    CardTransaction,
    FxRate,
    GlBalance,
    Calendar,
    StaffAction,
    TruthCustomer,
    TruthFraud,
}

/// All files of a book being written.
#[derive(Debug)]
pub(super) struct Book(Vec<Table>);

impl Book {
    /// Opens all files in a folder.
    pub(super) fn create(folder: &Path) -> Result<Self, Error> {
        let all = CONTRACT.iter().chain(&TRUTH);
        Ok(Self(all.map(|(name, columns)| Table::create(folder, name, columns)).collect::<Result<_, _>>()?))
    }

    pub(super) fn table(&mut self, table: T) -> &mut Table {
        &mut self.0[table as usize]
    }

    /// Gives all files their names and tells the rows of each table of the data contract.
    pub(super) fn finish(self) -> Result<Vec<(&'static str, u64)>, Error> {
        let names = CONTRACT.iter().chain(&TRUTH).map(|(name, _)| *name);
        let counts = self.0.into_iter().map(Table::finish).collect::<Result<Vec<_>, _>>()?;
        Ok(names.zip(counts).take(CONTRACT.len()).collect())
    }

    /// Writes staff, calendar and exchange rates.
    pub(super) fn common(&mut self, world: &World) -> Result<(), Error> {
        self.staff(world)?;
        for (country, day, name) in world.days.holidays() {
            self.table(T::Calendar).text(country.code()).day(world, *day).text(name).end()?;
        }
        for day in world.span.start..=world.span.end {
            if !world.days.is_working(Country::De, day) {
                continue;
            }
            for currency in Currency::ALL.into_iter().skip(1) {
                let rate = world.rates.rate(day, currency);
                let table = self.table(T::FxRate);
                table.day(world, day).text(currency.code()).text(Currency::Eur.code());
                table.format(format_args!("{rate:.9}")).end()?;
            }
        }
        Ok(())
    }

    fn staff(&mut self, world: &World) -> Result<(), Error> {
        for (at, collector) in world.staff.collectors.iter().enumerate() {
            let id = collector_id(at as u16);
            let lead = if collector.role == Role::Lead {
                String::new()
            } else {
                collector_id(world.staff.lead(collector.company))
            };
            let table = self.table(T::Collector);
            table.text(&id).text(&collector.name).text(COMPANIES[usize::from(collector.company)].team).text(&lead);
            table.text(collector.role.text()).int(i64::from(collector.hours_per_week));
            table.day(world, collector.hired);
            let left = if collector.left > world.span.end { NEVER } else { collector.left };
            table.day(world, left).end()?;
            for absence in &collector.absences {
                let table = self.table(T::Absence);
                table.text(&id).day(world, absence.from).day(world, absence.to).text(absence.reason).end()?;
            }
        }
        Ok(())
    }

    /// Writes the customer's master data: a row for each time it changed.
    pub(super) fn master(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        let (world, profile) = (account.world, &account.profile);
        let mut dice = Dice::new(world.seed, Purpose::Master, profile.number);
        let limit = limit_of(&mut dice, profile);
        let mut now = Version {
            from: profile.created,
            status: "active",
            limit,
            account: bank_account(profile),
            insured: if dice.chance(0.4) { limit / 10_000 * 8_000 } else { 0 },
            class: risk_class(&mut dice, profile),
        };
        self.version(account, customer, &now)?;
        self.limit(account, customer, now.from, now.limit)?;
        for change in changes(&mut dice, account) {
            now.from = change.day;
            let (action, cents) = match change.what {
                What::Status(status) => {
                    let action = if status == "active" { "release" } else { "hold" };
                    now.status = status;
                    (action, 0)
                }
                What::Limit(factor) => {
                    now.limit = round_limit(now.limit as f64 / 100.0 * factor, profile.currency);
                    self.limit(account, customer, now.from, now.limit)?;
                    ("limit_change", now.limit)
                }
                What::Account(text) => {
                    now.account = text;
                    ("bank_change", 0)
                }
            };
            self.version(account, customer, &now)?;
            let lead = User::Lead(world.staff.lead(profile.company));
            let at = super::item::Moment { day: change.day, second: 32_400 + dice.between(0, 25_000) as u32 };
            let table = self.table(T::StaffAction);
            let number = table.row_count + 1;
            table
                .format(format_args!("SA{number:07}"))
                .moment(world, at)
                .user(lead)
                .text(action)
                .empty()
                .text(customer);
            if cents == 0 {
                table.empty()
            } else {
                table.amount(cents, profile.currency)
            };
            table.user(User::CreditManager).end()?;
        }
        self.truth(account, customer)
    }

    fn version(&mut self, account: &Account<'_>, customer: &str, version: &Version) -> Result<(), Error> {
        let (world, profile) = (account.world, &account.profile);
        let table = self.table(T::Customer);
        table.text(customer).day(world, version.from).text(&profile.name);
        table.text(&profile.parent.map_or(String::new(), customer_id));
        table.text(profile.country.code()).text(SEGMENTS[usize::from(profile.segment)]);
        table.int(i64::from(profile.account_level)).text(BUSINESS_UNITS[usize::from(profile.business_unit)].0);
        table.format(format_args!("N{}", profile.terms_days)).int(i64::from(profile.terms_days));
        table.int(i64::from(profile.contract_terms_days)).amount(version.limit, profile.currency);
        table.text(profile.currency.code()).text(version.status);
        if version.insured == 0 {
            table.empty()
        } else {
            table.amount(version.insured, profile.currency)
        };
        table.text(version.class).day(world, profile.created);
        table.format(format_args!("ap@{}.example", customer.to_ascii_lowercase()));
        table.format(format_args!("+00 555 {:07}", profile.number));
        table.format(format_args!("{}{:09}", profile.country.code(), profile.number * 104_729 % 1_000_000_000));
        table.text(&version.account).end()
    }

    fn limit(&mut self, account: &Account<'_>, customer: &str, from: i32, cents: i64) -> Result<(), Error> {
        let table = self.table(T::CreditLimit);
        table.text(customer).day(account.world, from).amount(cents, account.profile.currency);
        table.text("credit.manager").day(account.world, from).end()
    }

    fn truth(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        let profile = &account.profile;
        let habit = ["prompt", "somewhat_late", "slow", "chronic"][usize::from(profile.habit)];
        let table = self.table(T::TruthCustomer);
        table.text(customer).text(habit).format(format_args!("{:.2}", profile.mean_late_days));
        table.format(format_args!("{:.2}", profile.spread_days)).text(profile.pay_rule.text());
        table.text(if profile.bill_rule == BillRule::MonthEnd { "month_end" } else { "as_shipped" });
        table
            .format(format_args!("{:.2}", profile.invoices_per_year))
            .format(format_args!("{:.2}", profile.amount_median));
        table.day(account.world, profile.defaults).end()
    }
}

/// What the master data says from a day on.
#[derive(Debug)]
struct Version {
    from: i32,
    status: &'static str,
    limit: i64,
    account: String,
    insured: i64,
    class: &'static str,
}

#[derive(Debug)]
enum What {
    Status(&'static str),
    Limit(f64),
    Account(String),
}

#[derive(Debug)]
struct Change {
    day: i32,
    what: What,
}

/// The changes of a customer's master data, by day.
fn changes(dice: &mut Dice, account: &Account<'_>) -> Vec<Change> {
    let (world, profile) = (account.world, &account.profile);
    let (start, end) = (profile.joins.max(world.span.start), world.span.end);
    let mut all = Vec::new();
    let mut change = |day: i32, what| all.push(Change { day: account.work_day(day), what });
    if dice.chance(0.12 * world.span.years()) {
        let factor = dice.within(0.6, 1.6);
        change(dice.between(start + 1, end), What::Limit(factor));
    }
    if dice.chance(0.02) {
        let text = format!("{}X", bank_account(profile));
        change(dice.between(start + 1, end), What::Account(text));
    }
    for case in account.side.cases.iter().filter(|case| case.pattern == "shared_bank_account") {
        let other = Profile { number: profile.number.max(2) - 1, ..profile.clone() };
        change(case.day, What::Account(bank_account(&other)));
    }
    if profile.defaults != NEVER {
        let last = *dice.pick(&["insolvent", "legal", "agency"]);
        change(profile.defaults + 20, What::Status("hold"));
        change(profile.defaults + 75, What::Status(last));
    } else if profile.habit == 3 && dice.chance(0.4) {
        let day = dice.between(start + 1, end);
        change(day, What::Status("hold"));
        change(day + dice.between(14, 45), What::Status("active"));
    }
    all.retain(|change| change.day <= end && change.day > profile.created);
    all.sort_by_key(|change| change.day);
    // One version a day: the last change of a day would hide the others.
    all.dedup_by_key(|change| change.day);
    all
}

/// A limit near what the customer owes at most when it pays as usual.
fn limit_of(dice: &mut Dice, profile: &Profile) -> i64 {
    // The mean of a lognormal amount is its median times exp(sigma² / 2), here about 1.38.
    let a_day = profile.invoices_per_year / 365.25 * profile.amount_median * 1.38;
    let days = f64::from(profile.terms_days) + profile.mean_late_days.max(0.0) + 15.0;
    round_limit(dice.within(1.1, 2.2) * a_day * days / profile.currency.first_rate(), profile.currency)
}

/// An amount with two leading digits, as limits are set, at least 1,000.
fn round_limit(amount: f64, currency: Currency) -> i64 {
    let amount = amount.max(1_000.0);
    let unit = 10_f64.powf(amount.log10().floor() - 1.0);
    currency.cents((amount / unit).round() * unit)
}

fn risk_class(dice: &mut Dice, profile: &Profile) -> &'static str {
    let noise = dice.between(-1, 1);
    ["A", "B", "C", "D", "E"][(i32::from(profile.habit) + noise + 1).clamp(0, 4) as usize]
}

/// The first day of a month counted from year 0.
pub(super) fn month_of(date: chrono::NaiveDate) -> i32 {
    date.year() * 12 + date.month0() as i32
}
