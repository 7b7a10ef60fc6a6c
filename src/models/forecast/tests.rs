//! The whole forecast on small books made by hand, and on one of chance.

use super::actual::Actual;
use super::backtest::{Method, Replay};
use super::billing::Billing;
use super::book::{Book, Day, Item, Means, Origin, ReceiptDay, Settlement};
use super::calibrate::Widths;
use super::horizon::{Horizon, WeekStart};
use super::outlook::{Fit, Outlook};
use super::simulate::{Claim, Course, Together};
use super::{Band, Forecast, Line, Settings};

/// A bill of one payer and scope.
pub(super) fn bill(item_no: i64, payer: u32, posted: Day, due: Day, amount: f64) -> Item {
    Item {
        item_no,
        payer,
        scope: 0,
        stratum: 0,
        posted,
        known: posted,
        due: Some(due),
        amount,
        is_bill: true,
        is_money: amount < 0.0,
        is_disputed: false,
    }
}

/// Money that settles a part of a bill on the day it comes.
pub(super) fn paid(item_no: i64, on: Day, amount: f64) -> Settlement {
    Settlement {
        debit_item_no: item_no,
        credit_item_no: item_no + 1_000_000,
        effective: on,
        known: on,
        credit_posted: on,
        amount,
        credit_amount: amount,
        means: Means::Cash,
    }
}

/// Forty payers billed every week for two years at thirty days; payer `p` pays `p % 11 − 2` days after the due date, give or
/// take three.
pub(super) fn made_up(until: Day) -> Book {
    let (mut items, mut settlements, mut receipts) = (Vec::new(), Vec::new(), Vec::new());
    let mut state = 88_172_645_463_325_252_u64;
    let mut chance = |count: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % count) as Day
    };
    let mut item_no = 0;
    for week in 0..104 {
        for payer in 0..40_u32 {
            let posted = 7 * week + chance(5);
            let late = (payer % 11) as Day - 2 + chance(7) - 3;
            let amount = f64::from(100 + chance(900));
            items.push(bill(item_no, payer, posted, posted + 30, amount));
            let on = posted + 30 + late;
            if on <= until {
                settlements.push(paid(item_no, on, amount));
                receipts.push(ReceiptDay { scope: 0, posted: on, known: on, amount });
            }
            item_no += 1;
        }
    }
    items.retain(|item| item.posted <= until);
    let mut book = Book::new(-1, (0..40).map(|p| format!("C{p}")).collect(), vec![0], items, settlements);
    book.receipts = receipts;
    book
}

fn forecast(book: &Book, day: Day, weeks: usize) -> Forecast {
    let origin = Origin::replayed(day);
    let fit = Fit::new(book, origin);
    let horizon = Horizon::weeks(day, weeks, WeekStart::Next);
    Forecast::new(book, origin, &fit, horizon, &Settings::default(), &Widths::unchanged())
}

#[test]
fn a_sum_of_scopes_has_the_sum_of_their_means_and_a_range_of_its_own() {
    let one = made_up(700);
    // The same bills again, each in one of two currencies.
    let items: Vec<Item> = one.items.iter().map(|item| Item { scope: item.payer % 2, ..*item }).collect();
    let settlements = (0..one.items.len()).flat_map(|at| one.settlements_of(at)).copied().collect();
    let book = Book::new(-1, one.payers.clone(), vec![0, 1], items, settlements);
    let origin = Origin::replayed(700);
    let fit = Fit::new(&book, origin);
    let horizon = Horizon::weeks(700, 8, WeekStart::Next);
    let sums = [vec![(0, 1.0), (1, 0.25)], vec![(1, 2.0)]];
    let (settings, widths) = (Settings::default(), Widths::unchanged());
    let made = Forecast::with_sums(&book, origin, &fit, horizon, &settings, &widths, &sums);
    let is_near = |a: f64, b: f64| (a - b).abs() < 1e-6 * b.abs().max(1.0);
    for week in 0..8 {
        let [first, second] = [0, 1].map(|scope| made.scopes[scope].total[week]);
        let [both, double] = [0, 1].map(|sum| made.sums[sum].total[week]);
        assert!(is_near(both.mean, first.mean + 0.25 * second.mean), "{both:?}");
        assert!(is_near(double.mean, 2.0 * second.mean) && is_near(double.p90, 2.0 * second.p90), "{double:?}");
        // Not all goes well at once: the range of a sum is narrower than the sum of the ranges, until nearly all is a share of
        // the same billing to come; then they are equal, as far as the quantiles of so many draws tell.
        let range = |band: &super::Band| band.p90 - band.p10;
        let apart = range(&first) + 0.25 * range(&second);
        assert!(range(&both) < apart * if week < 4 { 0.98 } else { 1.03 }, "{week}: {both:?}, apart {apart}");
    }
}

#[test]
fn bills_that_were_never_paid_are_no_evidence_where_nothing_was() {
    let items: Vec<Item> = (0..60).map(|week| bill(i64::from(week), 0, 7 * week, 7 * week + 30, 100.0)).collect();
    let book = Book::new(0, vec!["C".to_owned()], vec![0], items, Vec::new());
    let made = forecast(&book, 420, 13);
    let open_only: f64 = made.scopes[0].lines[..5].iter().flatten().map(|band| band.mean).sum();
    assert!(open_only > 500.0 && open_only < 6000.0, "{open_only}");
}

#[test]
fn money_moved_to_another_bill_is_counted_once() {
    // A receipt of day 102 is applied to one bill, undone on day 112 and applied to another on day 120.
    let moved = |item_no, on, amount| Settlement { effective: on, credit_item_no: 9, ..paid(item_no, on, amount) };
    let came = |s: Settlement| Settlement { credit_posted: 102, ..s };
    let settlements = [moved(0, 102, 100.0), moved(0, 112, -100.0), moved(1, 120, 100.0)].map(came).to_vec();
    let items = vec![bill(0, 0, 80, 110, 100.0), bill(1, 0, 80, 110, 100.0)];
    let book = Book::new(0, vec!["C".to_owned()], vec![0], items, settlements);
    let made = forecast(&book, 100, 4);
    let actual = Actual::applied(&book, &made.outlook, &made.horizon, &book, Origin::replayed(130));
    let weeks: Vec<f64> = (0..4).map(|week| actual.total(0, week, true)).collect();
    assert_eq!(weeks, [100.0, -100.0, 100.0, 0.0]);
}

#[test]
fn a_first_bill_is_no_rhythm_of_billing() {
    let new_billing = |days: &[Day]| -> f64 {
        let items = (0..).zip(days).map(|(no, day)| bill(no, 0, *day, day + 30, 100.0)).collect();
        let mut book = Book::new(0, vec!["C".to_owned()], vec![0], items, Vec::new());
        book.history_from = -1;
        forecast(&book, 420, 13).scopes[0].lines[5].iter().map(|band| band.mean).sum()
    };
    assert_eq!(new_billing(&[410, 418]), 0.0, "no bill is older than four weeks");
    // One bill in the last weeks goes on as one in four weeks, of which not all is paid by the end.
    let one = new_billing(&[385, 400]);
    assert!(one > 0.0 && one < 100.0 * 13.0 / 4.0, "{one}");
}

#[test]
fn a_book_billed_once_a_month_is_billed_once_a_month_again() {
    // Forty payers, a bill each on one day of the month, paid fourteen days after it.
    [1, 10].into_iter().for_each(billed_each_month);
}

fn billed_each_month(day_of_month: u32) {
    let first_days: Vec<Day> = (0..24)
        .filter_map(|month| chrono::NaiveDate::from_ymd_opt(2022 + month / 12, 1 + month as u32 % 12, day_of_month))
        .map(|first| first.to_epoch_days())
        .collect();
    let until = first_days[23] + 20;
    let (mut items, mut settlements) = (Vec::new(), Vec::new());
    for (month, first) in first_days.iter().enumerate() {
        for payer in 0..40_u32 {
            let no = (month * 40) as i64 + i64::from(payer);
            items.push(bill(no, payer, *first, first + 14, 100.0));
            settlements.push(paid(no, first + 14, 100.0));
        }
    }
    let book = Book::new(first_days[0] - 1, (0..40).map(|p| format!("C{p}")).collect(), vec![0], items, settlements);
    let billing = &forecast(&book, until, 13).scopes[0].lines[Line::NewBilling as usize];
    let expected: f64 = billing.iter().map(|band| band.mean).sum();
    // Three of these days are near enough to be paid in thirteen weeks, and nothing comes long before the first.
    assert!((expected / 12_000.0 - 1.0).abs() < 0.15, "{day_of_month}: {expected}");
    let early: f64 = billing[..3].iter().map(|band| band.mean).sum();
    assert!(early < 0.15 * expected, "{day_of_month}: {early} of {expected}");
}

fn all_bands(forecast: &Forecast) -> impl Iterator<Item = &super::Band> {
    forecast.scopes.iter().flat_map(|scope| scope.lines.iter().flatten().chain(&scope.total).chain(&scope.cumulative))
}

#[test]
fn what_is_open_is_what_was_posted_less_what_was_settled_and_known_by_then() {
    let items = vec![bill(1, 0, 10, 40, 100.0), bill(2, 0, 12, 42, 50.0)];
    let mut late_entry = paid(1, 20, 30.0);
    late_entry.known = 25;
    let settlements = vec![late_entry, paid(1, 30, 70.0), paid(1, 33, -70.0)];
    let book = Book::new(0, vec!["C".to_owned()], vec![0], items, settlements);
    let open = |day| book.open_at(Origin::replayed(day)).iter().map(|open| open.open_amount).collect::<Vec<f64>>();
    assert_eq!(open(9), Vec::<f64>::new());
    assert_eq!(open(11), [100.0]);
    assert_eq!(open(22), [100.0, 50.0], "keyed on day 25, not known on day 22");
    assert_eq!(open(25), [70.0, 50.0]);
    assert_eq!(open(31), [50.0]);
    assert_eq!(open(33), [70.0, 50.0], "the receipt was returned");
}

#[test]
fn the_mean_of_the_courses_is_the_sum_of_the_items_means() {
    let claims: Vec<Claim> = (0..200_u32)
        .map(|at| Claim { payer: u64::from(at / 5), due: (at % 3) as Day, line: 0, amount: f64::from(at + 1) })
        .collect();
    let paid_rates: Vec<f64> = (0..200).flat_map(|at| [0.2 + 0.002 * f64::from(at), 0.8]).collect();
    let course = Course { lines: 1, bins: 2, draws: 4000, seed: 1, together: Together::USUAL };
    let draws = course.draw(&claims, &paid_rates);
    for bin in 0..2 {
        let before = |at: usize| if bin == 0 { 0.0 } else { paid_rates[2 * at] };
        let expected: f64 =
            claims.iter().enumerate().map(|(at, claim)| claim.amount * (paid_rates[2 * at + bin] - before(at))).sum();
        let mean = draws.of_bin(bin).iter().sum::<f64>() / 4000.0;
        assert!((mean / expected - 1.0).abs() < 0.02, "bin {bin}: {mean} drawn, {expected} expected");
    }
    assert_eq!(draws, course.draw(&claims, &paid_rates), "the same seed gives the same courses");
    let other = Course { seed: 2, ..course };
    assert_ne!(draws, other.draw(&claims, &paid_rates));
}

#[test]
fn the_mean_of_erratic_billing_drawn_is_what_is_expected_however_far_ahead() {
    // A bill in every third week, one in five of them ten times the usual: no path of such billing can fall far, many can rise.
    let bills = (0..52).map(|at| (at, if at % 5 == 0 { 5000.0 } else { 500.0 + f64::from(at % 7) * 40.0 }));
    let items = bills.clone().map(|(at, amount)| bill(i64::from(at), 0, 21 * at, 21 * at + 10, amount)).collect();
    let settlements = bills.map(|(at, amount)| paid(i64::from(at), 21 * at + 10, amount)).collect();
    let mut book = Book::new(0, vec!["C".to_owned()], vec![0], items, settlements);
    book.history_from = -1;
    let (origin, weeks) = (Origin::replayed(51 * 21 + 15), 104);
    let billing =
        Billing::new(&book, origin, &Fit::new(&book, origin), &Horizon::weeks(origin.day, weeks, WeekStart::Next));
    let course = Course { lines: 1, bins: weeks, draws: 500, seed: 1, together: Together::USUAL };
    let draws = billing.draw(&course);
    let drawn = |bin: usize| draws.iter().flat_map(|of_stratum| of_stratum.of_bin(bin)).sum::<f64>() / 500.0;
    let means = billing.means(0, weeks);
    for upto in [13, 52, 104] {
        let (expected, drawn): (f64, f64) = (means[..upto].iter().sum(), (0..upto).map(drawn).sum());
        assert!(expected > 0.0 && (drawn / expected - 1.0).abs() < 0.03, "{upto} weeks: {drawn} of {expected}");
    }
}

#[test]
fn items_that_move_together_spread_wider_than_items_that_do_not() {
    let claims: Vec<Claim> =
        (0..400_u32).map(|at| Claim { payer: u64::from(at / 40), due: 0, line: 0, amount: 1.0 }).collect();
    let rates = vec![0.5; 400];
    let spread = |together: Together| {
        let draws = Course { lines: 1, bins: 1, draws: 500, seed: 1, together }.draw(&claims, &rates);
        let cash = draws.of_bin(0);
        let mean = cash.iter().sum::<f64>() / 500.0;
        (cash.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 500.0).sqrt()
    };
    let alone = spread(Together { common: 0.0, payer: 0.0, batch: 0.0 });
    assert!((alone - 10.0).abs() < 1.0, "√(400 · ¼) = 10: {alone}");
    assert!(spread(Together::USUAL) > 2.0 * alone);
}

#[test]
fn every_draw_has_a_chance_of_its_own_however_many_there_are() {
    let claims: Vec<Claim> = (0..200).map(|payer| Claim { payer, due: 0, line: 0, amount: 1.0 }).collect();
    let together = Together { common: 0.0, payer: 0.0, batch: 0.0 };
    let draws = Course { lines: 1, bins: 1, draws: 7, seed: 1, together }.draw(&claims, &[0.5; 200]);
    let cash = draws.of_bin(0);
    assert!(cash.len() == 7 && cash.iter().all(|paid| (paid - 100.0).abs() < 40.0), "{cash:?}");
}

#[test]
fn the_lines_sum_to_the_total_and_cumulative_spreads_widen() {
    let book = made_up(600);
    let forecast = forecast(&book, 600, 13);
    let scope = &forecast.scopes[0];
    for week in 0..13 {
        let lines: f64 = scope.lines.iter().map(|line| line[week].mean).sum();
        assert!((lines - scope.total[week].mean).abs() < 1e-6);
        assert!(scope.total[week].p10 <= scope.total[week].p50 && scope.total[week].p50 <= scope.total[week].p90);
    }
    let spreads: Vec<f64> = scope.cumulative.iter().map(|band| band.p90 - band.p10).collect();
    assert!(spreads[12] > spreads[0] && spreads[8] > spreads[1], "{spreads:?}");
}

#[test]
fn widened_ranges_end_where_all_is_paid_and_more_weeks_bring_no_less() {
    // One week is widened far more than its neighbours, in a book of many bills and in one of a few that are paid or not.
    let widths = Widths::of((0..13).map(|week| if week == 4 { 20.0 } else { 2.0 }).collect());
    let few = {
        let mut items: Vec<Item> =
            (0..40).map(|at| bill(at, 0, 300 + 6 * at as Day, 330 + 6 * at as Day, 100.0)).collect();
        let settlements = (0..40)
            .map(|at| paid(at, 331 + 6 * at as Day + 5 * at as Day % 20, 100.0))
            .filter(|s| s.effective <= 560)
            .collect();
        items.push(bill(100, 0, 559, 570, 1.0e4));
        items.push(bill(101, 0, 559, 590, 10.0));
        Book::new(0, vec!["C".to_owned()], vec![0], items, settlements)
    };
    for (book, day, is_open_only) in [(made_up(600), 600, false), (few.clone(), 560, true), (few, 560, false)] {
        let origin = Origin::replayed(day);
        let (fit, horizon) = (Fit::new(&book, origin), Horizon::weeks(day, 13, WeekStart::Next));
        let settings = Settings { is_open_only, ..Settings::default() };
        let forecast = Forecast::new(&book, origin, &fit, horizon, &settings, &widths);
        let scope = &forecast.scopes[0];
        for line in Line::ALL.iter().filter(|line| **line != Line::NewBilling) {
            let claims = forecast.outlook.claims.iter().filter(|claim| claim.line == *line as u32);
            let open: f64 = claims.map(|claim| claim.amount).sum();
            let bands = &scope.lines[*line as usize];
            assert!(bands.iter().all(|band| band.upper <= open && band.p90 <= open), "{line:?} {open} {bands:?}");
        }
        let ends = |band: &Band| [band.lower, band.p10, band.p50, band.p90, band.upper];
        let is_no_less = |more: &Band, less: &Band| ends(more).iter().zip(ends(less)).all(|(more, less)| *more >= less);
        assert!(scope.cumulative.windows(2).all(|weeks| is_no_less(&weeks[1], &weeks[0])), "{:?}", scope.cumulative);
        assert!(scope.cumulative.iter().zip(&scope.total).all(|(so_far, week)| is_no_less(so_far, week)));
    }
}

#[test]
fn what_happens_after_the_day_changes_nothing() {
    let book = made_up(700);
    let seen = forecast(&book, 500, 13);
    let known = forecast(&made_up(500), 500, 13);
    assert_eq!(seen.scopes, known.scopes, "a book that ends on the day gives the same forecast");
    let mut corrupt = made_up(700);
    corrupt.items.iter_mut().filter(|item| item.posted > 500).for_each(|item| item.amount *= 1e6);
    corrupt.receipts.iter_mut().filter(|receipt| receipt.posted > 500).for_each(|receipt| receipt.amount *= -1e6);
    assert_eq!(seen.scopes, forecast(&corrupt, 500, 13).scopes);
}

#[test]
fn odd_books_have_forecasts_without_gaps() {
    let name = || vec!["C".to_owned()];
    let early = (0..30).map(|at| (bill(at, 0, at as Day, at as Day + 30, 100.0), paid(at, at as Day + 1, 100.0)));
    let (items, settlements): (Vec<Item>, Vec<Settlement>) = early.unzip();
    let never_paid: Vec<Item> = (0..30).map(|at| bill(at, 0, at as Day, at as Day + 10, 100.0)).collect();
    let no_due = vec![Item { due: None, ..bill(1, 0, 5, 5, 100.0) }];
    let books = [
        ("nothing", Book::new(0, Vec::new(), Vec::new(), Vec::new(), Vec::new())),
        ("no closed item", Book::new(0, name(), vec![0], never_paid, Vec::new())),
        ("all paid early", Book::new(0, name(), vec![0], items, settlements)),
        ("no due date", Book::new(0, name(), vec![0], no_due, Vec::new())),
    ];
    for (what, book) in books {
        for (day, weeks) in [(-5, 4), (35, 13), (35, 400), (35, 0)] {
            let forecast = forecast(&book, day, weeks);
            let is_sound = |band: &super::Band| {
                [band.mean, band.p10, band.p50, band.p90, band.spread].iter().all(|x| x.is_finite() && *x >= 0.0)
            };
            assert!(all_bands(&forecast).all(is_sound), "{what}, {weeks} weeks from day {day}");
        }
    }
}

#[test]
fn money_is_expected_of_open_items_even_where_none_was_ever_paid() {
    let items = (0..30).map(|at| bill(at, 0, at as Day, at as Day + 10, 100.0)).collect();
    let book = Book::new(0, vec!["C".to_owned()], vec![0], items, Vec::new());
    let forecast = forecast(&book, 35, 13);
    let mean = |line: usize| forecast.scopes[0].lines[line].iter().map(|band| band.mean).sum::<f64>();
    let (open, billing) = (mean(0) + mean(1), mean(5));
    assert!(open > 1500.0 && open < 3000.0, "{open} of the 3000 that are open");
    assert!(billing > 0.0 && billing < 13.0 * 700.0, "{billing} of a bill of 100 a day");
}

#[test]
fn open_credit_pays_the_oldest_debts() {
    let mut items = vec![bill(1, 0, 10, 20, 100.0), bill(2, 0, 12, 22, 50.0)];
    items.push(Item { amount: -120.0, is_bill: false, due: None, ..bill(3, 0, 15, 15, 0.0) });
    let book = Book::new(0, vec!["C".to_owned()], vec![0], items, Vec::new());
    let origin = Origin::replayed(30);
    let horizon = Horizon::weeks(30, 1, WeekStart::Next);
    let outlook = Outlook::new(&book, origin, &Fit::new(&book, origin), &horizon);
    let left: Vec<f64> = outlook.claims.iter().map(|claim| claim.amount).filter(|amount| *amount > 0.0).collect();
    assert_eq!(left, [30.0]);
}

#[test]
fn a_backtest_scores_weeks_that_have_come_true_and_beats_due_dates() {
    let book = made_up(700);
    let replay = Replay {
        last: 700,
        seen: Origin::with_hindsight(700),
        weeks: 4,
        start: WeekStart::Next,
        settings: Settings { is_open_only: true, ..Settings::default() },
    };
    let scored = replay.run(&book, &[400, 428, 456, 690]);
    assert!(scored.iter().all(|s| s.origin + 7 * (s.week as Day + 1) <= 700));
    assert_eq!(scored.iter().filter(|s| s.method == Method::Duecast && s.line.is_none()).count(), 13);
    let missed = |name: &str| -> f64 {
        let of = scored.iter().filter(|s| s.method.name() == name && s.line.is_none());
        of.map(|s| (s.point.actual - s.point.band.mean).abs()).sum()
    };
    assert!(missed("duecast") < missed("mean_delay"), "{} {}", missed("duecast"), missed("mean_delay"));
    assert!(missed("mean_delay") < missed("due_date"));
}

/// Expected cash of billing to come in each of the first weeks, of a bill of 1,000 each week due in `terms` days and paid `paid_after` days after
/// its posting.
fn billing_of_a_weekly_bill(terms: Day, paid_after: Day) -> Vec<f64> {
    let day = 7 * 100 - 1;
    let posted = |at: i64| 7 * at as Day;
    let items = (0..100).map(|at| bill(at, 0, posted(at), posted(at) + terms, 1000.0)).collect();
    let settlements =
        (0..100).map(|at| paid(at, posted(at) + paid_after, 1000.0)).filter(|s| s.effective <= day).collect();
    let mut book = Book::new(-1, vec!["C".to_owned()], vec![0], items, settlements);
    book.history_from = -1;
    let made = forecast(&book, day, 6);
    made.scopes[0].lines[Line::NewBilling as usize].iter().map(|band| band.mean).collect()
}

#[test]
fn bills_paid_when_they_are_posted_are_paid_when_they_are_posted_again() {
    for terms in [0, 30] {
        let weeks = billing_of_a_weekly_bill(terms, 0);
        assert!(weeks.iter().all(|week| (week - 1000.0).abs() < 100.0), "{terms} days: {weeks:?}");
    }
}

#[test]
fn bills_paid_on_their_due_day_bring_nothing_on_the_day_they_are_posted() {
    let weeks = billing_of_a_weekly_bill(7, 7);
    // The bill of the first week is due in the second.
    assert!(weeks[0] < 100.0 && weeks[1..].iter().all(|week| (week - 1000.0).abs() < 150.0), "{weeks:?}");
    let weeks = billing_of_a_weekly_bill(21, 21);
    assert!(weeks[..3].iter().sum::<f64>() < 300.0, "{weeks:?}");
}
