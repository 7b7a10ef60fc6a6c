//! Cash to come: what each open item and the billing to come bring in which week, and how far that can be trusted.
//!
//! ```text
//!  Book ──▶ Fit (payment_curve, states) ──▶ Outlook (chance of each claim by the end of each week) ──▶ Course (simulate) ──▶ Forecast
//!    │                                                                                          ▲
//!    └────▶ billing to come (new_billing) ──────────────────────────────────────────────────────┘
//! ```

pub mod actual;
mod applied;
pub mod attainment;
pub mod backtest;
pub mod baselines;
pub mod billing;
pub mod book;
pub mod calendar;
pub mod calibrate;
mod disputes;
pub mod horizon;
pub mod miss;
pub mod new_billing;
pub mod normal;
pub mod outlook;
pub mod pace;
pub mod paid_share;
pub mod payment_curve;
pub mod scenario;
pub mod score;
pub mod simulate;
pub mod states;
#[cfg(test)]
mod tests;

use billing::Billing;
use book::{Book, Day, Origin};
use calibrate::Widths;
use horizon::Horizon;
use outlook::{Fit, Outlook};
use simulate::{Course, Draws, Together, widened_quantile};

use crate::models::parallel::both;

/// What a week's cash comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Open and not yet due.
    Due,
    /// Overdue, neither promised nor disputed.
    Overdue,
    /// Promised.
    Promised,
    /// In dispute.
    Disputed,
    /// In a payment plan.
    Plan,
    /// Not billed yet.
    NewBilling,
}

impl Line {
    /// All of them, in the order of the answer.
    pub const ALL: [Self; 6] = [Self::Due, Self::Overdue, Self::Promised, Self::Disputed, Self::Plan, Self::NewBilling];

    /// Of a debt of which nothing else is known than when it is due, as of an origin.
    #[must_use]
    pub const fn by_due(due: Day, origin: Day) -> Self {
        if due < origin { Self::Overdue } else { Self::Due }
    }

    /// Its word in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Promised => "promised",
            Self::Disputed => "disputed",
            Self::Plan => "plan",
            Self::NewBilling => "new_billing",
        }
    }
}

/// How a forecast is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Courses drawn.
    pub draws: usize,
    /// The same seed gives the same forecast.
    pub seed: u64,
    /// Share of outcomes the stated interval is to hold.
    pub level: f64,
    /// Leave billing to come out.
    pub is_open_only: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { draws: 500, seed: 7, level: 0.8, is_open_only: false }
    }
}

/// Share of the busiest week's expected cash below which the lower end of a range is nothing: chances that were never seen are
/// not quite 0, so that every course brings a little on a weekend or in a week without a billing day.
const NOTHING_RATE: f64 = 0.01;

/// Cash of one week as a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// Expected cash.
    pub mean: f64,
    /// Nine courses in ten bring more.
    pub p10: f64,
    /// Half of them bring more.
    pub p50: f64,
    /// One in ten brings more.
    pub p90: f64,
    /// Lower end of the interval of the level asked for.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
    /// Standard deviation of the courses.
    pub spread: f64,
}

/// The forecast of one scope.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeForecast {
    /// Each line's weeks: `lines[line][week]`.
    pub lines: Vec<Vec<Band>>,
    /// The sum of the lines, week by week.
    pub total: Vec<Band>,
    /// The sum of the lines up to the end of each week.
    pub cumulative: Vec<Band>,
}

/// A forecast and what it was made from.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The weeks.
    pub horizon: Horizon,
    /// One for each scope of the book.
    pub scopes: Vec<ScopeForecast>,
    /// One for each sum of scopes asked for.
    pub sums: Vec<ScopeForecast>,
    /// The open items behind it.
    pub outlook: Outlook,
}

/// Scopes that are added up, each at a rate.
pub type Sum = Vec<(usize, f64)>;

impl Forecast {
    /// Forecasts the weeks of a horizon from what an origin knows.
    #[must_use]
    pub fn new(book: &Book, origin: Origin, fit: &Fit, horizon: Horizon, settings: &Settings, widths: &Widths) -> Self {
        Self::with_sums(book, origin, fit, horizon, settings, widths, &[])
    }

    /// The same, with sums of scopes. The courses of scopes are added draw by draw, so that what moves them together is in the
    /// range of the sum.
    #[must_use]
    pub fn with_sums(
        book: &Book,
        origin: Origin,
        fit: &Fit,
        horizon: Horizon,
        settings: &Settings,
        widths: &Widths,
        sums: &[Sum],
    ) -> Self {
        let billing = || match settings.is_open_only {
            true => Billing::default(),
            false => Billing::new(book, origin, fit, &horizon),
        };
        let (outlook, billing) = both(|| Outlook::new(book, origin, fit, &horizon), billing);
        let course = Course {
            lines: Line::ALL.len(),
            bins: horizon.ends.len(),
            draws: settings.draws,
            seed: settings.seed,
            together: Together::USUAL,
        };
        let billed = billing.draw(&course);
        let nothing = || Drawn {
            draws: course.nothing(),
            means: vec![vec![0.0; outlook.spans]; Line::ALL.len()],
            most: vec![0.0; Line::ALL.len()],
        };
        let mut summed: Vec<Drawn> = sums.iter().map(|_| nothing()).collect();
        let scopes = (0..)
            .zip(&outlook.scopes)
            .map(|(scope, range)| {
                let rates = &outlook.paid_rates[range.start * outlook.spans..range.end * outlook.spans];
                let mut draws = course.draw(&outlook.claims[range.clone()], rates);
                for (stratum, share) in billing.shares(scope) {
                    draws.add_share(Line::NewBilling as usize, &billed[stratum], share);
                }
                let mut drawn = Drawn::of(&outlook, range.clone(), draws);
                if !settings.is_open_only {
                    drawn.means[Line::NewBilling as usize] = billing.means(scope, outlook.spans);
                    drawn.most[Line::NewBilling as usize] = f64::MAX;
                }
                for (sum, all) in sums.iter().zip(&mut summed) {
                    for (_, rate) in sum.iter().filter(|(part, _)| *part == scope as usize) {
                        all.add_at(&drawn, *rate);
                    }
                }
                ScopeForecast::new(&drawn, settings.level, widths)
            })
            .collect();
        let sums = summed.iter().map(|drawn| ScopeForecast::new(drawn, settings.level, widths)).collect();
        Self { horizon, scopes, sums, outlook }
    }
}

/// The courses of a scope, or of a sum of them.
struct Drawn {
    draws: Draws,
    /// Expected cash by line and week.
    means: Vec<Vec<f64>>,
    /// What a line can bring at most: what is open of it; anything, of billing to come.
    most: Vec<f64>,
}

impl Drawn {
    fn of(outlook: &Outlook, claims: std::ops::Range<usize>, draws: Draws) -> Self {
        let mut means = vec![vec![0.0; outlook.spans]; Line::ALL.len()];
        let mut most = vec![0.0; Line::ALL.len()];
        for claim in claims {
            let line = outlook.claims[claim].line as usize;
            means[line].iter_mut().zip(outlook.expected(claim)).for_each(|(sum, cash)| *sum += cash);
            most[line] += outlook.claims[claim].amount;
        }
        Self { draws, means, most }
    }

    fn add_at(&mut self, part: &Self, rate: f64) {
        self.draws.add_at(&part.draws, rate);
        let means = self.means.iter_mut().flatten().zip(part.means.iter().flatten());
        means.chain(self.most.iter_mut().zip(&part.most)).for_each(|(sum, part)| *sum += rate * part);
    }
}

impl ScopeForecast {
    fn new(Drawn { draws, means, most }: &Drawn, level: f64, widths: &Widths) -> Self {
        let weeks = means.first().map_or(0, Vec::len);
        let least = |of: &dyn Fn(usize) -> f64| NOTHING_RATE * (0..weeks).map(of).fold(0.0, f64::max);
        let most_of_all = most.iter().sum();
        let lines = means
            .iter()
            .enumerate()
            .map(|(line, means)| {
                let least = least(&|week| means[week]);
                let week = |week| {
                    let courses = draws.of_line(line, week).to_vec();
                    let band = Band::new(courses, means[week], level, widths.of_line(line, week));
                    band.at_most(most[line]).starting_at_nothing(least)
                };
                (0..weeks).map(week).collect()
            })
            .collect();
        let mean_of = |week: usize| means.iter().map(|line| line[week]).sum::<f64>();
        let of_week = |week| Band::new(draws.of_bin(week), mean_of(week), level, widths.of_week(week));
        let least = least(&mean_of);
        let total: Vec<Band> =
            (0..weeks).map(|week| of_week(week).at_most(most_of_all).starting_at_nothing(least)).collect();
        let mut sums = vec![0.0; draws.count()];
        let mut so_far = Band::default();
        let cumulative = (0..weeks)
            .map(|week| {
                let mean = so_far.mean + mean_of(week);
                sums.iter_mut().zip(draws.of_bin(week)).for_each(|(sum, cash)| *sum += cash);
                let band = Band::new(sums.clone(), mean, level, widths.of_week(week));
                let band = band.at_most(most_of_all).starting_at_nothing(least);
                so_far = band.at_least(&so_far).at_least(&total[week]);
                so_far
            })
            .collect();
        Self { lines, total, cumulative }
    }

    /// Cash expected in a week: the lines are cut to hundredths, so that it is their sum in a file too.
    #[must_use]
    pub fn stated_mean(&self, week: usize) -> f64 {
        self.lines.iter().map(|bands| (bands[week].mean * 100.0).round() / 100.0).sum()
    }
}

impl Band {
    /// What a set of courses says of one amount, as wide as [`widened_quantile`] makes it. Money that comes back is not
    /// forecast: nothing is below 0.
    fn new(mut sorted: Vec<f64>, mean: f64, level: f64, width: f64) -> Self {
        sorted.sort_unstable_by(f64::total_cmp);
        let count = sorted.len().max(1) as f64;
        let spread = (sorted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        let at = |share: f64| widened_quantile(&sorted, share, mean, width).max(0.0);
        // Of the usual level it is p10 to the last digit.
        let tail = ((1.0 - level) / 2.0 * 1e9).round() / 1e9;
        Self { mean, p10: at(0.1), p50: at(0.5), p90: at(0.9), lower: at(tail), upper: at(1.0 - tail), spread }
    }

    /// Widened courses end where everything is paid.
    fn at_most(self, most: f64) -> Self {
        self.bounded(&Self { p10: most, p50: most, p90: most, lower: most, upper: most, ..self }, f64::min)
    }

    /// A range whose lower end is below `least` begins with nothing.
    fn starting_at_nothing(self, least: f64) -> Self {
        let end = |amount: f64| if amount < least { 0.0 } else { amount };
        Self { p10: end(self.p10), lower: end(self.lower), ..self }
    }

    /// More weeks bring no less than fewer, though each is widened by its own factor.
    fn at_least(self, least: &Self) -> Self {
        self.bounded(least, f64::max)
    }

    fn bounded(self, other: &Self, chosen: fn(f64, f64) -> f64) -> Self {
        Self {
            p10: chosen(self.p10, other.p10),
            p50: chosen(self.p50, other.p50),
            p90: chosen(self.p90, other.p90),
            lower: chosen(self.lower, other.lower),
            upper: chosen(self.upper, other.upper),
            ..self
        }
    }
}
