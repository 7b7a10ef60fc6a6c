//! When customers are billed. The same days are drawn twice: once to number all invoices by day, once to write them.

use chrono::Datelike;

use super::behaviour::Behaviour;
use super::days::{Day, Days};
use super::dice::{Dice, Purpose};
use super::market::{BUSINESS_UNITS, COMPANIES};
use super::profile::{BillRule, Profile, Span};

/// Cumulated billing weights of the days of the book, by company and business unit.
#[derive(Debug)]
pub(super) struct Billing {
    seed: u64,
    span: Span,
    shipped: Vec<Vec<f64>>,
    month_end: Vec<Vec<f64>>,
}

impl Billing {
    pub(super) fn new(seed: u64, days: &Days, span: Span, behaviour: &Behaviour) -> Self {
        let of_all = |rule| {
            let pairs = COMPANIES.iter().flat_map(|c| BUSINESS_UNITS.iter().map(move |unit| (c, unit)));
            pairs.map(|(c, (_, months))| cumulate(days, span, c.country, months, rule, behaviour)).collect()
        };
        Self { seed, span, shipped: of_all(BillRule::AsShipped), month_end: of_all(BillRule::MonthEnd) }
    }

    /// The days on which a customer is billed, in order; a day may come more than once.
    pub(super) fn days_of(&self, profile: &Profile) -> Vec<Day> {
        let mut dice = Dice::new(self.seed, Purpose::Billing, profile.number);
        let at = usize::from(profile.company) * BUSINESS_UNITS.len() + usize::from(profile.business_unit);
        let weights = match profile.bill_rule {
            BillRule::AsShipped => &self.shipped[at],
            BillRule::MonthEnd => &self.month_end[at],
        };
        let total = weights.last().copied().unwrap_or(0.0);
        let count = dice.count(profile.invoices_per_year * self.span.years());
        let draw = |_| {
            let point = dice.unit() * total;
            self.span.start + weights.partition_point(|weight| *weight <= point) as Day
        };
        let mut days: Vec<Day> =
            (0..count).map(draw).filter(|day| (profile.joins..profile.defaults).contains(day)).collect();
        days.sort_unstable();
        days
    }
}

fn cumulate(
    days: &Days,
    span: Span,
    country: super::market::Country,
    months: &[f64; 12],
    rule: BillRule,
    behaviour: &Behaviour,
) -> Vec<f64> {
    let mut total = 0.0;
    let weigh = |day: Day| {
        if days.is_working(country, day) {
            let month_end = days.month_end(day);
            let left = (day + 1..=month_end).filter(|d| days.is_working(country, *d)).count();
            let weight = match rule {
                BillRule::AsShipped if left < 3 => behaviour.month_end_factor,
                BillRule::AsShipped => 1.0,
                BillRule::MonthEnd if left == 0 => 1.0,
                BillRule::MonthEnd => 0.0,
            };
            let years = f64::from(day - span.start) / 365.25;
            let month = months[days.date(day).month0() as usize];
            total += weight * month * (1.0 + behaviour.yearly_growth_rate).powf(years);
        }
        total
    };
    (span.start..=span.end).map(weigh).collect()
}
