//! Collectors, their teams and absences, and who looks after which customer when.

use std::ops::Range;

use super::days::{Day, Days, NEVER};
use super::dice::{Dice, Purpose};
use super::market::COMPANIES;
use super::names;

/// Customers one full-time level 1 collector looks after.
const CUSTOMERS_PER_COLLECTOR: f64 = 90.0;
/// Absences shorter than this are not covered.
const COVERED_ABSENCE_DAYS: Day = 5;

/// What a collector does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Lead,
    Level1,
    Level2,
}

impl Role {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Level1 => "level_1",
            Self::Level2 => "level_2",
        }
    }
}

/// A span of days off.
#[derive(Debug)]
pub(super) struct Absence {
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) reason: &'static str,
}

/// A member of the collection staff; its position in the list is its number.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) name: String,
    pub(super) company: u8,
    pub(super) role: Role,
    pub(super) hours_per_week: u8,
    pub(super) hired: Day,
    pub(super) left: Day,
    pub(super) absences: Vec<Absence>,
}

impl Collector {
    fn is_employed(&self, day: Day) -> bool {
        self.hired <= day && day <= self.left
    }

    fn is_absent(&self, day: Day) -> bool {
        self.absences.iter().any(|a| a.from <= day && day <= a.to)
    }
}

/// One row of `assignment`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment {
    pub(super) collector: u16,
    pub(super) is_cover: bool,
    pub(super) from: Day,
    /// [`NEVER`] where it still holds.
    pub(super) to: Day,
}

/// All collection staff, by company; each company's first is its lead, its second never leaves.
#[derive(Debug)]
pub(super) struct Staff {
    pub(super) collectors: Vec<Collector>,
    /// Positions of each company's staff.
    ranges: Vec<Range<usize>>,
    end: Day,
}

impl Staff {
    pub(super) fn new(seed: u64, days: &Days, start: Day, end: Day, customer_count: u64) -> Self {
        let (mut collectors, mut ranges) = (Vec::new(), Vec::new());
        for (company, about) in COMPANIES.iter().enumerate() {
            let level_1 =
                ((customer_count as f64 * about.share / CUSTOMERS_PER_COLLECTOR).round() as usize).clamp(2, 400);
            let roles = [Role::Lead, Role::Level1].into_iter();
            let roles = roles.chain(std::iter::repeat_n(Role::Level1, level_1 - 1));
            let roles = roles.chain(std::iter::repeat_n(Role::Level2, level_1.div_ceil(5)));
            let first = collectors.len();
            for (at, role) in roles.enumerate() {
                let mut dice = Dice::new(seed, Purpose::Staff, collectors.len() as u64);
                let can_leave = role == Role::Level1 && at > 1;
                collectors.push(hire(&mut dice, company as u8, role, can_leave, start, end));
            }
            ranges.push(first..collectors.len());
        }
        for (number, collector) in collectors.iter_mut().enumerate() {
            let mut dice = Dice::new(seed, Purpose::Staff, 1_000_000 + number as u64);
            take_leave(&mut dice, days, collector, start, end);
        }
        Self { collectors, ranges, end }
    }

    /// Position of the lead of a company's team.
    pub(super) fn lead(&self, company: u8) -> u16 {
        self.ranges[usize::from(company)].start as u16
    }

    /// A member of the company's team in `role` who is employed and at work on the day, or the one who never leaves.
    fn at_work(&self, dice: &mut Dice, company: u8, role: Role, day: Day, not: Option<u16>) -> u16 {
        let range = self.ranges[usize::from(company)].clone();
        let in_role = |at: &usize| self.collectors[*at].role == role;
        let fits = |at: &usize| {
            let collector = &self.collectors[*at];
            in_role(at) && collector.is_employed(day) && !collector.is_absent(day) && Some(*at as u16) != not
        };
        let all: Vec<usize> = range.clone().filter(fits).collect();
        let stays = || range.clone().find(in_role).unwrap_or(range.start);
        (if all.is_empty() { stays() } else { *dice.pick(&all) }) as u16
    }

    /// The level 2 collector who takes a case over.
    pub(super) fn level_2(&self, dice: &mut Dice, company: u8, day: Day) -> u16 {
        self.at_work(dice, company, Role::Level2, day, None)
    }

    /// Who looks after a customer from `from` on: primary spans without gap or overlap, and covers where `is_covered`.
    pub(super) fn assign(&self, dice: &mut Dice, company: u8, from: Day, is_covered: bool) -> Vec<Assignment> {
        let mut spans = Vec::new();
        let mut day = from;
        while day <= self.end {
            let collector = self.at_work(dice, company, Role::Level1, day, None);
            let left = self.collectors[collector as usize].left;
            let moved = if dice.chance(0.1) { day + dice.between(60, 700) } else { NEVER };
            let last = left.max(day).min(moved);
            let to = if last >= self.end { NEVER } else { last };
            spans.push(Assignment { collector, is_cover: false, from: day, to });
            day = to.saturating_add(1);
        }
        if is_covered {
            for at in 0..spans.len() {
                let covers = self.covers(dice, company, spans[at]);
                spans.extend(covers);
            }
        }
        spans
    }

    fn covers(&self, dice: &mut Dice, company: u8, span: Assignment) -> Vec<Assignment> {
        let mut covers = Vec::new();
        for absence in &self.collectors[span.collector as usize].absences {
            let (from, to) = (absence.from.max(span.from), absence.to.min(span.to));
            if absence.to - absence.from + 1 >= COVERED_ABSENCE_DAYS && from <= to {
                let collector = self.at_work(dice, company, Role::Level1, from, Some(span.collector));
                let to = to.min(self.collectors[collector as usize].left);
                if collector != span.collector {
                    covers.push(Assignment { collector, is_cover: true, from, to });
                }
            }
        }
        covers
    }
}

/// Who does the work on a day: the cover where there is one, else the primary.
pub(super) fn in_charge(assignments: &[Assignment], day: Day) -> u16 {
    let on_day = |is_cover| assignments.iter().find(|a| a.is_cover == is_cover && a.from <= day && day <= a.to);
    on_day(true).or_else(|| on_day(false)).or(assignments.first()).map_or(0, |a| a.collector)
}

fn hire(dice: &mut Dice, company: u8, role: Role, can_leave: bool, start: Day, end: Day) -> Collector {
    let joins_late = can_leave && dice.chance(0.12);
    let hired =
        if joins_late { start + dice.between(30, (end - start).max(31)) } else { start - dice.between(60, 390) };
    let leaves = can_leave && !joins_late && dice.chance(0.12);
    let left = if leaves { start + dice.between(30, (end - start).max(31)) } else { NEVER };
    let hours = if role == Role::Lead { 40 } else { [40, 40, 40, 32, 24, 20][dice.between(0, 5) as usize] };
    let country = COMPANIES[usize::from(company)].country;
    let name = names::staff(dice, country);
    Collector { name, company, role, hours_per_week: hours, hired, left, absences: Vec::new() }
}

fn take_leave(dice: &mut Dice, days: &Days, collector: &mut Collector, start: Day, end: Day) {
    let country = COMPANIES[usize::from(collector.company)].country;
    let (first, last) = (start.max(collector.hired), end.min(collector.left));
    let mut day = first + dice.between(10, 120);
    while day <= last {
        let (reason, length) = match dice.between(1, 10) {
            1..=5 => ("holiday", dice.between(5, 12)),
            6..=8 => ("sick", dice.between(1, 4)),
            9 => ("training", dice.between(1, 3)),
            _ => ("parental", dice.between(20, 60)),
        };
        let from = days.next_working(country, day);
        let to = days.previous_working(country, from + length).max(from).min(last);
        if from <= last {
            collector.absences.push(Absence { from, to, reason });
        }
        day = to + dice.between(40, 150);
    }
}
