//! What people forecast with today, to be measured against: each item on one day, or weeks like past weeks.

use super::book::{Book, Day, Means, Origin};
use super::horizon::Horizon;
use super::outlook::Outlook;

/// A way of forecasting that duecast is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// Every item is paid on its due date; what is overdue, the next day.
    DueDate,
    /// Due date and the payer's mean days late, the book's where the payer has none.
    MeanDelay,
    /// Due date and the payer's median days late.
    MedianDelay,
    /// The share of billing that the whole book has paid by so many days after posting.
    CohortCurve,
    /// Every week brings the mean of the last eight.
    LastEightWeeks,
    /// Every week brings what the same week of last year did; of last quarter, where there is no last year.
    SeasonalNaive,
}

/// Days looked back for how late payers are and how fast cohorts are paid.
const LOOK_BACK_DAYS: Day = 365;

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::DueDate,
        Self::MeanDelay,
        Self::MedianDelay,
        Self::CohortCurve,
        Self::LastEightWeeks,
        Self::SeasonalNaive,
    ];

    /// Its word in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DueDate => "due_date",
            Self::MeanDelay => "mean_delay",
            Self::MedianDelay => "median_delay",
            Self::CohortCurve => "cohort_curve",
            Self::LastEightWeeks => "last_8_weeks",
            Self::SeasonalNaive => "seasonal_naive",
        }
    }

    /// Whether it forecasts items, and so each line; the others forecast all cash of a week.
    #[must_use]
    pub const fn is_by_item(self) -> bool {
        !matches!(self, Self::LastEightWeeks | Self::SeasonalNaive)
    }
}

/// How late each payer and the book pay, as an origin knew it.
struct Delays {
    mean: Vec<Option<f64>>,
    median: Vec<Option<f64>>,
    book_mean: f64,
    book_median: f64,
}

impl Delays {
    fn new(book: &Book, origin: Origin) -> Self {
        let mut all = Vec::new();
        let (mut mean, mut median) = (Vec::new(), Vec::new());
        for payer in 0..book.payers.len() as u32 {
            let mut own: Vec<f64> =
                book.items_of(payer).filter_map(|at| late_days(book, at, origin)).map(f64::from).collect();
            all.extend_from_slice(&own);
            mean.push((!own.is_empty()).then(|| own.iter().sum::<f64>() / own.len() as f64));
            median.push(middle(&mut own));
        }
        let book_mean = if all.is_empty() { 0.0 } else { all.iter().sum::<f64>() / all.len() as f64 };
        Self { mean, median, book_mean, book_median: middle(&mut all).unwrap_or(0.0) }
    }

    fn of(&self, method: Baseline, payer: u32) -> f64 {
        match method {
            Baseline::MeanDelay => self.mean[payer as usize].unwrap_or(self.book_mean),
            Baseline::MedianDelay => self.median[payer as usize].unwrap_or(self.book_median),
            _ => 0.0,
        }
    }

    fn of_book(&self, method: Baseline) -> f64 {
        match method {
            Baseline::MeanDelay => self.book_mean,
            Baseline::MedianDelay => self.book_median,
            _ => 0.0,
        }
    }
}

/// Days late of a bill that money had paid in full.
fn late_days(book: &Book, at: usize, origin: Origin) -> Option<Day> {
    let item = &book.items[at];
    if !item.is_bill || !origin.sees(item.posted, item.known) || item.posted < origin.day - LOOK_BACK_DAYS {
        return None;
    }
    let paid = book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known) && s.means == Means::Cash);
    let (amount, last) = paid.fold((0.0, Day::MIN), |(sum, last), s| (sum + s.amount, last.max(s.credit_posted)));
    (amount > item.amount - 0.005).then(|| last - item.due_day())
}

fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some(f64::midpoint(values[last / 2], values[last - last / 2]))
}

/// Expected cash by claim of the outlook and span (`[claim * spans + span]`), and of billing to come by scope and span.
#[derive(Clone, Debug)]
pub struct ByItem {
    /// Of the open items.
    pub claims: Vec<f64>,
    /// Of what is not billed yet: the last eight weeks' billing goes on.
    pub billing: Vec<Vec<f64>>,
}

/// A forecast by item. The claims are those of duecast's own outlook, so that lines compare.
#[must_use]
pub fn by_item(book: &Book, origin: Origin, outlook: &Outlook, horizon: &Horizon, method: Baseline) -> ByItem {
    let delays = Delays::new(book, origin);
    let spans = horizon.ends.len();
    let cohort = paid_shares(book, origin, horizon.day_count() as Day + LOOK_BACK_DAYS);
    let mut claims = vec![0.0; outlook.claims.len() * spans];
    for (at, (claim, item)) in outlook.claims.iter().zip(&outlook.items).enumerate() {
        let item = &book.items[*item as usize];
        if method == Baseline::CohortCurve {
            let share = |day: Day| cohort[((day - item.posted).max(0) as usize).min(cohort.len() - 1)];
            let open = (1.0 - share(origin.day)).max(1e-9);
            for (span, (start, end)) in horizon.spans().enumerate() {
                claims[at * spans + span] = claim.amount * (share(end) - share(start - 1)) / open;
            }
        } else {
            let day = item.due_day() + delays.of(method, item.payer).round() as Day;
            // What should have come already is expected the next day, as spreadsheets have it.
            if let Some(span) = horizon.span_of(day.max(origin.day + 1)) {
                claims[at * spans + span] = claim.amount;
            }
        }
    }
    ByItem { claims, billing: billing(book, origin, horizon, &cohort, method, delays.of_book(method)) }
}

/// Cash of the billing to come, by scope and span: eight weeks' billing, day by day, goes on and is paid after the usual terms.
fn billing(
    book: &Book,
    origin: Origin,
    horizon: &Horizon,
    cohort: &[f64],
    method: Baseline,
    delay: f64,
) -> Vec<Vec<f64>> {
    let mut daily = vec![0.0; book.scope_currency.len()];
    let (mut amount, mut terms) = (0.0, 0.0);
    let recent = |item: &&super::book::Item| {
        item.is_bill && origin.sees(item.posted, item.known) && item.posted > origin.day - 56
    };
    for item in book.items.iter().filter(recent) {
        daily[item.scope as usize] += item.amount / 56.0;
        amount += item.amount;
        terms += item.amount * f64::from(item.due_day() - item.posted);
    }
    let usual = if amount > 0.0 { (terms / amount + delay).round() as Day } else { 0 };
    let mut days_paid = vec![0.0; horizon.ends.len()];
    for posted in origin.day + 1..=origin.day + horizon.day_count() as Day {
        if method == Baseline::CohortCurve {
            let share =
                |day: Day| if day < posted { 0.0 } else { cohort[((day - posted) as usize).min(cohort.len() - 1)] };
            for (span, (start, end)) in horizon.spans().enumerate() {
                days_paid[span] += share(end) - share(start - 1);
            }
        } else if let Some(span) = horizon.span_of(posted + usual.max(0)) {
            days_paid[span] += 1.0;
        }
    }
    daily.into_iter().map(|amount| days_paid.iter().map(|days| amount * days).collect()).collect()
}

/// Share of the amount billed in the last year that was paid by so many days after posting, of the bills old enough to tell.
fn paid_shares(book: &Book, origin: Origin, days: Day) -> Vec<f64> {
    let days = days.max(1) as usize;
    let (mut paid, mut old_enough) = (vec![0.0; days + 1], vec![0.0; days + 1]);
    for (at, item) in book.items.iter().enumerate() {
        if !item.is_bill || !origin.sees(item.posted, item.known) || item.posted < origin.day - LOOK_BACK_DAYS {
            continue;
        }
        old_enough[((origin.day - item.posted) as usize).min(days)] += item.amount;
        for s in book.settlements_of(at).iter().filter(|s| origin.sees(s.effective, s.known) && s.means == Means::Cash)
        {
            paid[((s.credit_posted - item.posted).max(0) as usize).min(days)] += s.amount;
        }
    }
    for day in (0..days).rev() {
        old_enough[day] += old_enough[day + 1];
    }
    let mut share = 0.0;
    (0..=days)
        .map(|day| {
            if old_enough[day] > 0.0 {
                share = f64::min(share + paid[day] / old_enough[day], 1.0);
            }
            share
        })
        .collect()
}

/// A forecast of all cash by scope and span from past weeks.
#[must_use]
pub fn by_week(book: &Book, origin: Origin, horizon: &Horizon, method: Baseline) -> Vec<Vec<f64>> {
    let mut cash = vec![vec![0.0; horizon.ends.len()]; book.scope_currency.len()];
    let seen = || book.receipts.iter().filter(|r| origin.sees(r.posted, r.known));
    let first = seen().map(|r| r.posted).min().unwrap_or(origin.day);
    let longest = horizon.day_count() as Day;
    // Whole weeks back to where every day of the horizon has one like it.
    let back = if origin.day - 364 >= first { 364 } else { 91 };
    for receipt in seen() {
        let weeks = &mut cash[receipt.scope as usize];
        if method == Baseline::LastEightWeeks {
            if receipt.posted > origin.day - 56 {
                for (span, (start, end)) in horizon.spans().enumerate() {
                    weeks[span] += receipt.amount / 56.0 * f64::from(end - start + 1);
                }
            }
            continue;
        }
        // The last season alone, as often as the horizon is longer.
        if receipt.posted <= origin.day - back {
            continue;
        }
        for day in (receipt.posted + back..=origin.day + longest).step_by(back as usize) {
            if let Some(span) = horizon.span_of(day) {
                weeks[span] += receipt.amount;
            }
        }
    }
    cash
}
