//! Why simple DSO moved between two days: steps that sum exactly to the change.
//!
//! The method, and what it cannot separate: `docs/bridge.md`.

use crate::domain::money::Money;

/// One customer on one day, as `dso_component` gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Sales of the window.
    pub sales: Money,
    /// Bills of the window, tax included.
    pub billed: Money,
    /// The same, each times its days of terms.
    pub term_days: Money,
    /// What of these bills is not yet due, paid or not.
    pub expected: Money,
    /// What of these bills is not yet due and open.
    pub not_due: Money,
    /// Other items not yet due.
    pub other_not_due: Money,
    /// Overdue, not in dispute.
    pub late: Money,
    /// Overdue, in dispute.
    pub disputed: Money,
    /// Without a due date.
    pub no_due_date: Money,
    /// Open credits, negative.
    pub credit: Money,
    /// Taken off by write-offs in the period; on its last day only.
    pub written_off: Money,
}

impl Component {
    /// All that is open.
    fn balance(&self) -> Money {
        [self.not_due, self.other_not_due, self.late, self.disputed, self.no_due_date, self.credit].into_iter().sum()
    }

    /// The open amounts that are measured against all sales, in the order of [`STEPS`] from `late_payment` on.
    fn amounts(&self) -> [f64; AMOUNT_COUNT] {
        let late = self.late + self.written_off;
        let written_off = Money::ZERO - self.written_off;
        [late, self.disputed, written_off, self.credit, self.no_due_date, self.other_not_due].map(Money::to_f64)
    }
}

/// The steps, in order.
pub const STEPS: [&str; 11] = [
    "sales_volume",
    "customer_mix",
    "terms",
    "sales_timing",
    "early_payment",
    "late_payment",
    "disputes",
    "write_offs",
    "unapplied",
    "no_due_date",
    "other_not_due",
];

const AMOUNT_COUNT: usize = 6;
const FIRST_AMOUNT: usize = STEPS.len() - AMOUNT_COUNT;

/// What one customer added to each step, in days.
pub type Steps = [f64; STEPS.len()];

/// The totals of a day that every customer is measured against.
#[derive(Clone, Copy, Debug)]
struct Day {
    /// Days of DSO that one unit of money is worth: days of the window / sales.
    days_per_unit: f64,
    /// Bills of the window.
    billed: f64,
    /// Bills of the window / sales: above 1 where credit notes (or net sales) make sales smaller than what was billed.
    billed_share: f64,
    /// Not yet due of the window's bills, in days of them.
    not_due_days: f64,
    dso: f64,
}

impl Day {
    /// None where sales are not above 0: DSO is undefined.
    fn of<'a>(components: impl Iterator<Item = &'a Component>, window_days: f64) -> Option<Self> {
        let total = components.fold([Money::ZERO; 4], |[sales, billed, not_due, balance], c| {
            [sales + c.sales, billed + c.billed, not_due + c.not_due, balance + c.balance()]
        });
        let [sales, billed, not_due, balance] = total.map(Money::to_f64);
        (sales > 0.0).then(|| Self {
            days_per_unit: window_days / sales,
            billed,
            billed_share: billed / sales,
            not_due_days: days_of(not_due, billed, window_days),
            dso: balance / sales * window_days,
        })
    }
}

/// What simple DSO was on both days and, where it is defined on both, why it moved.
#[derive(Clone, Debug, PartialEq)]
pub struct DsoBridge {
    /// DSO on the first day.
    pub opening: Option<f64>,
    /// DSO on the last day.
    pub closing: Option<f64>,
    /// The steps of each customer, in the order given; none where DSO is undefined on either day.
    pub customers: Vec<Steps>,
}

/// Takes the change of DSO apart, from the customers of one scope and currency on both days.
///
/// Each product of two things is split at the mean of the other (Marshall-Edgeworth), which leaves no remainder.
#[must_use]
pub fn bridge(customers: &[(Component, Component)], window_days: i32) -> DsoBridge {
    let window = f64::from(window_days);
    let start = Day::of(customers.iter().map(|(start, _)| start), window);
    let end = Day::of(customers.iter().map(|(_, end)| end), window);
    let steps = match (&start, &end) {
        (Some(start), Some(end)) => customers.iter().map(|(a, b)| steps(a, b, start, end, window)).collect(),
        _ => Vec::new(),
    };
    DsoBridge { opening: start.map(|day| day.dso), closing: end.map(|day| day.dso), customers: steps }
}

fn steps(a: &Component, b: &Component, start: &Day, end: &Day, window: f64) -> Steps {
    let mut steps = [0.0; STEPS.len()];
    let days_per_unit = mean(start.days_per_unit, end.days_per_unit);
    let (before, after) = (a.amounts(), b.amounts());
    for at in 0..AMOUNT_COUNT {
        steps[FIRST_AMOUNT + at] = days_per_unit * (after[at] - before[at]);
        steps[0] += mean(before[at], after[at]) * (end.days_per_unit - start.days_per_unit);
    }
    let not_due = [days_of(a.not_due.to_f64(), start.billed, window), days_of(b.not_due.to_f64(), end.billed, window)];
    steps[0] += mean(not_due[0], not_due[1]) * (end.billed_share - start.billed_share);
    for (step, days) in steps[1..].iter_mut().zip(not_due_steps(a, b, start, end, window)) {
        *step = mean(start.billed_share, end.billed_share) * days;
    }
    steps
}

/// Mix, terms, timing and early payment of one customer: how its part of the days not yet due moved.
fn not_due_steps(a: &Component, b: &Component, start: &Day, end: &Day, window: f64) -> [f64; 4] {
    let share = [ratio(a.billed.to_f64(), start.billed), ratio(b.billed.to_f64(), end.billed)];
    let parts = [a, b].map(|c| not_due_parts(c, window));
    let own = parts.map(|[terms, timing, early]| terms + timing + early);
    // Shares of both days sum to 1, so measuring mix from the mean of the book moves no total; with no bills on one of
    // the days they do not.
    let usual = if start.billed > 0.0 && end.billed > 0.0 { mean(start.not_due_days, end.not_due_days) } else { 0.0 };
    let moved = share[1] - share[0];
    if share[0] > 0.0 && share[1] > 0.0 {
        let share = mean(share[0], share[1]);
        let [terms, timing, early] = [0, 1, 2].map(|at| share * (parts[1][at] - parts[0][at]));
        [moved * (mean(own[0], own[1]) - usual), terms, timing, early]
    } else {
        [share[1] * own[1] - share[0] * own[0] - moved * usual, 0.0, 0.0, 0.0]
    }
}

/// The days not yet due of a customer's own bills: what its terms give at steady sales, what the days on which it was
/// sold to add, and what was paid before due takes off. They sum to what is open and not yet due.
fn not_due_parts(c: &Component, window: f64) -> [f64; 3] {
    let [billed, expected, not_due] = [c.billed, c.expected, c.not_due].map(Money::to_f64);
    let terms = ratio(c.term_days.to_f64(), billed);
    let expected = days_of(expected, billed, window);
    [terms, expected - terms, days_of(not_due, billed, window) - expected]
}

fn mean(a: f64, b: f64) -> f64 {
    f64::midpoint(a, b)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn days_of(amount: f64, billed: f64, window: f64) -> f64 {
    ratio(amount, billed) * window
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(whole: i128) -> Money {
        Money::from_units(whole * 10_000)
    }

    /// A customer that bought `billed` in the window on `terms` days at a steady pace, with nothing paid early.
    fn steady(billed: i128, terms: i128) -> Component {
        let not_due = money(billed * terms / 90);
        let term_days = money(billed * terms);
        Component {
            sales: money(billed),
            billed: money(billed),
            term_days,
            expected: not_due,
            not_due,
            ..Component::default()
        }
    }

    /// Steps of the book that are not 0, by name, and that they sum to the change.
    fn found(customers: &[(Component, Component)]) -> Vec<(&'static str, f64)> {
        let bridge = bridge(customers, 90);
        let mut total = [0.0; STEPS.len()];
        for steps in &bridge.customers {
            for (sum, step) in total.iter_mut().zip(steps) {
                *sum += step;
            }
        }
        let change = bridge.closing.expect("defined") - bridge.opening.expect("defined");
        assert!((total.iter().sum::<f64>() - change).abs() < 1e-9, "{total:?} is not {change}");
        let named = STEPS.into_iter().zip(total.map(|step| (step * 1e6).round() / 1e6));
        named.filter(|(_, step)| *step != 0.0).collect()
    }

    #[test]
    fn nothing_moves_where_all_sales_and_balances_grow_alike() {
        let late = |c: Component, late| Component { late: money(late), ..c };
        assert_eq!(found(&[(steady(900, 30), steady(1800, 30))]), []);
        // What is late grew with sales: more of it, over more sales.
        let grown = [(late(steady(900, 30), 90), late(steady(1800, 30), 180))];
        assert_eq!(found(&grown), [("sales_volume", -6.75), ("late_payment", 6.75)]);
    }

    #[test]
    fn longer_terms_alone_are_terms() {
        assert_eq!(found(&[(steady(900, 30), steady(900, 45))]), [("terms", 15.0)]);
    }

    #[test]
    fn a_larger_share_of_customers_on_long_terms_is_mix() {
        let moved = [(steady(900, 30), steady(450, 30)), (steady(900, 60), steady(1350, 60))];
        assert_eq!(found(&moved), [("customer_mix", 7.5)]);
        // One customer gone, one come: shares 1 and 0 to 0 and 1.
        let swapped = [(steady(900, 30), Component::default()), (Component::default(), steady(900, 60))];
        assert_eq!(found(&swapped), [("customer_mix", 30.0)]);
    }

    #[test]
    fn sales_late_in_the_window_and_bills_paid_early_are_timing_and_early_payment() {
        let before = steady(900, 30);
        let after = Component { expected: money(600), not_due: money(500), ..before };
        assert_eq!(found(&[(before, after)]), [("sales_timing", 30.0), ("early_payment", -10.0)]);
    }

    #[test]
    fn overdue_disputes_write_offs_and_credits_each_have_a_step() {
        let before = Component { late: money(90), credit: money(-10), ..steady(900, 30) };
        let after = Component {
            late: money(100),
            disputed: money(50),
            credit: money(-40),
            written_off: money(20),
            no_due_date: money(30),
            other_not_due: money(60),
            ..steady(900, 30)
        };
        let expected = [
            ("late_payment", 3.0),
            ("disputes", 5.0),
            ("write_offs", -2.0),
            ("unapplied", -3.0),
            ("no_due_date", 3.0),
            ("other_not_due", 6.0),
        ];
        assert_eq!(found(&[(before, after)]), expected);
    }

    #[test]
    fn a_customer_without_sales_moves_by_what_it_owes() {
        let old = |late| Component { late: money(late), ..Component::default() };
        let paid = [(steady(900, 30), steady(900, 30)), (old(90), old(0))];
        assert_eq!(found(&paid), [("late_payment", -9.0)]);
        // The same debt over twice the sales.
        let diluted = [(steady(900, 30), steady(1800, 30)), (old(90), old(90))];
        assert_eq!(found(&diluted), [("sales_volume", -4.5)]);
    }

    #[test]
    fn credit_notes_that_shrink_sales_are_volume() {
        let before = steady(900, 30);
        let after = Component { sales: money(450), ..before };
        assert_eq!(found(&[(before, after)]), [("sales_volume", 30.0)]);
    }

    #[test]
    fn there_is_no_bridge_where_dso_is_undefined_on_a_day() {
        let found = bridge(&[(Component::default(), steady(900, 30))], 90);
        assert_eq!(found, DsoBridge { opening: None, closing: Some(30.0), customers: Vec::new() });
        assert_eq!(bridge(&[], 90).closing, None);
    }

    #[test]
    fn sales_without_bills_on_a_day_still_add_up() {
        let unbilled = Component { sales: money(900), late: money(300), ..Component::default() };
        let expected = [("sales_volume", 15.0), ("customer_mix", 15.0), ("late_payment", -30.0)];
        assert_eq!(found(&[(unbilled, steady(900, 30))]), expected);
    }
}
