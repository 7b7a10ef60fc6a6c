//! Who the customers are and how each of them orders and pays.

use super::behaviour::Behaviour;
use super::days::{Day, NEVER};
use super::dice::{Dice, Purpose};
use super::fraud::Pattern;
use super::market::{BUSINESS_UNITS, COMPANIES, Country, Currency};
use super::names;

/// When a customer sends money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayRule {
    /// Any working day, each invoice on its own.
    AnyDay,
    /// All that is due on one weekday of each week, 0 = Monday.
    Weekly(u8),
    /// All that is due on the last working day of each month.
    MonthEnd,
    /// All that is due on the 10th and the 25th.
    TwiceAMonth,
}

impl PayRule {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::AnyDay => "any_day",
            Self::Weekly(_) => "weekly",
            Self::MonthEnd => "month_end",
            Self::TwiceAMonth => "twice_a_month",
        }
    }
}

/// When a customer is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BillRule {
    /// As goods leave: any working day, more at month end.
    AsShipped,
    /// Collective invoices on the last working day of the month.
    MonthEnd,
}

/// How money comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    BankTransfer,
    DirectDebit,
    Card,
    Cheque,
    Cash,
}

impl Method {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::DirectDebit => "direct_debit",
            Self::Card => "card",
            Self::Cheque => "cheque",
            Self::Cash => "cash",
        }
    }
}

/// A customer and its habits.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// Running number; the customer's id and random streams come from it.
    pub(super) number: u64,
    pub(super) parent: Option<u64>,
    pub(super) name: String,
    pub(super) country: Country,
    pub(super) company: u8,
    pub(super) currency: Currency,
    /// Currency it sometimes pays in instead.
    pub(super) other_currency: Option<Currency>,
    pub(super) business_unit: u8,
    pub(super) segment: u8,
    pub(super) account_level: u8,
    pub(super) terms_days: i32,
    pub(super) contract_terms_days: i32,
    pub(super) invoices_per_year: f64,
    pub(super) amount_median: f64,
    pub(super) bill_rule: BillRule,
    pub(super) pay_rule: PayRule,
    pub(super) method: Method,
    pub(super) habit: u8,
    pub(super) mean_late_days: f64,
    pub(super) spread_days: f64,
    pub(super) has_instalments: bool,
    pub(super) has_down_payments: bool,
    /// First day it can be billed.
    pub(super) joins: Day,
    /// Day from which it pays nothing more, or [`NEVER`].
    pub(super) defaults: Day,
    pub(super) created: Day,
    /// The planted case, where there is one.
    pub(super) case: Option<Pattern>,
}

/// The span of the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: Day,
    pub(super) end: Day,
}

impl Span {
    pub(super) fn years(self) -> f64 {
        f64::from(self.end - self.start + 1) / 365.25
    }
}

/// All customers in order, without end: groups of one or more with a parent.
#[derive(Debug)]
pub(super) struct Population<'a> {
    seed: u64,
    span: Span,
    behaviour: &'a Behaviour,
    /// No customer has more invoices in the book than this.
    most_invoices: f64,
    /// Share of customers with a planted case.
    fraud_rate: f64,
    next: u64,
    parent: Option<Profile>,
    children_left: i32,
}

impl<'a> Population<'a> {
    pub(super) fn new(seed: u64, span: Span, behaviour: &'a Behaviour, most_invoices: f64, fraud_rate: f64) -> Self {
        Self { seed, span, behaviour, most_invoices, fraud_rate, next: 1, parent: None, children_left: 0 }
    }

    fn draw(&self, number: u64) -> Profile {
        let (b, dice) = (self.behaviour, &mut Dice::new(self.seed, Purpose::Profile, number));
        let company = dice.weighted(COMPANIES.iter().map(|c| c.share));
        let from = COMPANIES[company].customers;
        let country = from[dice.weighted(from.iter().map(|(_, share)| *share))].0;
        let (currency, other_currency) = currencies(dice, company, country);
        let size = dice.normal();
        let most_a_year = self.most_invoices / self.span.years();
        let per_year = b.invoices_per_year_median * (b.invoices_per_year_sigma * size).exp();
        let amount_sigma = b.invoice_amount_customer_sigma * (0.3 * size + 0.95 * dice.normal());
        let account_level = 1 + [-0.8, 0.2, 1.0, 1.8].iter().filter(|limit| size > **limit).count() as u8;
        let segment = if dice.chance(0.08) { 3 } else { [2, 2, 1, 1, 0][usize::from(account_level - 1)] };
        let terms_days = [0, 14, 30, 45, 60, 90][dice.weighted([0.04, 0.14, 0.44, 0.16, 0.17, 0.05].into_iter())];
        let habit = dice.weighted(b.habit_shares.into_iter());
        let (low, high) = b.habit_mean_late_days[habit];
        let (mean_late_days, spread_days) =
            (dice.within(low, high), dice.within(b.habit_spread_days.0, b.habit_spread_days.1));
        let days = self.span.end - self.span.start;
        let joins = if dice.chance(0.12) { self.span.start + dice.between(1, days) } else { self.span.start };
        Profile {
            number,
            parent: None,
            name: names::customer(dice, country),
            country,
            company: company as u8,
            currency,
            other_currency,
            business_unit: dice.between(0, BUSINESS_UNITS.len() as i32 - 1) as u8,
            segment,
            account_level,
            terms_days,
            contract_terms_days: if dice.chance(0.06) { (terms_days - 15).max(0) } else { terms_days },
            invoices_per_year: per_year.min(most_a_year),
            amount_median: b.invoice_amount_median * amount_sigma.exp(),
            bill_rule: if dice.chance(0.2) { BillRule::MonthEnd } else { BillRule::AsShipped },
            pay_rule: self.pay_rule(dice),
            method: method(dice, country),
            habit: habit as u8,
            mean_late_days,
            spread_days,
            has_instalments: dice.chance(0.08),
            has_down_payments: dice.chance(0.04),
            joins,
            defaults: self.default_day(dice, habit, account_level, joins),
            created: if joins > self.span.start { joins - 7 } else { self.span.start - dice.between(30, 390) },
            case: None,
        }
    }

    /// Makes a few customers cases of fraud, with the habits their case needs.
    fn plant(&self, profile: &mut Profile) {
        let mut dice = Dice::new(self.seed, Purpose::Fraud, profile.number);
        if !dice.chance(self.fraud_rate) {
            return;
        }
        let pattern = *dice.pick(&Pattern::ALL);
        profile.case = Some(pattern);
        match pattern {
            Pattern::RefundToOtherCard | Pattern::CardVelocity => profile.method = Method::Card,
            Pattern::BustOut => {
                let days = self.span.end - self.span.start;
                profile.joins = self.span.start;
                profile.defaults = self.span.start + dice.between(days / 2, days);
                profile.mean_late_days = profile.mean_late_days.min(0.0);
            }
            _ => profile.defaults = NEVER,
        }
    }

    fn pay_rule(&self, dice: &mut Dice) -> PayRule {
        match dice.weighted(self.behaviour.pay_rule_shares.into_iter()) {
            0 => PayRule::AnyDay,
            1 => PayRule::Weekly(dice.between(0, 4) as u8),
            _ if dice.chance(0.5) => PayRule::MonthEnd,
            _ => PayRule::TwiceAMonth,
        }
    }

    /// Slow payers fail more often than prompt ones; the largest accounts are watched too closely to fail in the book.
    fn default_day(&self, dice: &mut Dice, habit: usize, account_level: u8, joins: Day) -> Day {
        let factor = [0.3, 0.8, 2.0, 4.0][habit] * if account_level >= 4 { 0.0 } else { 1.0 };
        let fails = dice.chance(self.behaviour.default_rate * self.span.years() * factor);
        let day = dice.between(joins.min(self.span.end), self.span.end);
        if fails { day } else { NEVER }
    }
}

impl Iterator for Population<'_> {
    type Item = Profile;

    fn next(&mut self) -> Option<Profile> {
        let mut profile = self.draw(self.next);
        self.plant(&mut profile);
        self.next += 1;
        if self.children_left > 0 {
            if let Some(parent) = &self.parent {
                profile.parent = Some(parent.number);
                if profile.country == parent.country {
                    profile.name = format!("{} – {}", parent.name, profile.name);
                }
            }
            self.children_left -= 1;
        } else {
            let mut dice = Dice::new(self.seed, Purpose::Profile, u64::MAX / 16 - profile.number);
            self.children_left = if dice.chance(0.06) { 1 + dice.count(1.5) as i32 } else { 0 };
            self.parent = Some(profile.clone());
        }
        Some(profile)
    }
}

/// The currency a customer is billed in, and the one it may pay in instead.
fn currencies(dice: &mut Dice, company: usize, country: Country) -> (Currency, Option<Currency>) {
    let home = country.currency();
    let house = COMPANIES[company].country.currency();
    match dice.between(1, 100) {
        1..=12 if home != house => (house, Some(home)),
        1..=12 if house != Currency::Eur => (Currency::Eur, Some(home)),
        13..=18 if house != Currency::Usd => (Currency::Usd, Some(home)),
        _ if home != house && house == Currency::Huf => (Currency::Eur, None),
        _ => (home, None),
    }
}

fn method(dice: &mut Dice, country: Country) -> Method {
    let shares = match country {
        Country::Us => [0.50, 0.10, 0.10, 0.30, 0.0],
        Country::De | Country::Fr => [0.72, 0.20, 0.06, 0.02, 0.0],
        Country::Gb => [0.60, 0.25, 0.10, 0.05, 0.0],
        Country::Hu | Country::Cn => [0.90, 0.02, 0.06, 0.0, 0.02],
    };
    let methods = [Method::BankTransfer, Method::DirectDebit, Method::Card, Method::Cheque, Method::Cash];
    methods[dice.weighted(shares.into_iter())]
}
