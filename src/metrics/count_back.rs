//! Count-back (exhaustion) DSO: how many days of the latest sales the balance is worth.

use crate::domain::money::Money;

/// Sales of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Days of the month, or the days elapsed of the latest one.
    pub days: u32,
    /// Sales posted in it, exact.
    pub sales_amount: Money,
}

/// How far the balance reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CountBack {
    /// The balance is worth this many days of sales.
    Days(f64),
    /// All the months there are do not use the balance up: it is worth at least this many days.
    AtLeast(f64),
    /// There are no sales to count back through.
    NoSales,
}

/// Counts back from the latest month (`months[0]`): while the balance is at least a month's sales, the whole month
/// counts and its sales are taken off; the rest counts as a share of the next month's days. It stops as soon as the
/// balance is used up.
///
/// A month without sales counts its days and takes nothing off. A month whose credit notes outweigh its sales is counted
/// together with the month before it, so that it neither stops the count (as in Oracle HFM) nor adds to the balance (as
/// in JD Edwards).
///
/// Source: Oracle JD Edwards F03B16, count-back method.
#[must_use]
pub fn count_back(balance_amount: Money, months: &[Month]) -> CountBack {
    let merged = merge_negative(months);
    if !merged.iter().any(|month| month.sales_amount > Money::ZERO) {
        return CountBack::NoSales;
    }
    let (mut left, mut days) = (balance_amount, 0.0);
    for month in merged {
        if left <= Money::ZERO {
            return CountBack::Days(days);
        }
        if left < month.sales_amount {
            return CountBack::Days(days + left.to_f64() / month.sales_amount.to_f64() * f64::from(month.days));
        }
        left = left - month.sales_amount;
        days += f64::from(month.days);
    }
    if left > Money::ZERO { CountBack::AtLeast(days) } else { CountBack::Days(days) }
}

/// Months whose sales are not below 0, each grown by the months after it whose sales are.
fn merge_negative(months: &[Month]) -> Vec<Month> {
    let mut merged = Vec::with_capacity(months.len());
    let mut waiting: Option<Month> = None;
    for &month in months {
        let grown = match waiting.take() {
            Some(later) => {
                Month { days: later.days + month.days, sales_amount: later.sales_amount + month.sales_amount }
            }
            None => month,
        };
        if grown.sales_amount >= Money::ZERO { merged.push(grown) } else { waiting = Some(grown) }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(whole: i128) -> Money {
        Money::from_units(whole * 10_000)
    }

    fn months(latest_first: &[(u32, i128)]) -> Vec<Month> {
        latest_first.iter().map(|&(days, sales)| Month { days, sales_amount: money(sales) }).collect()
    }

    fn days(balance: i128, latest_first: &[(u32, i128)]) -> f64 {
        match count_back(money(balance), &months(latest_first)) {
            CountBack::Days(days) => days,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn published_examples() {
        // BenjiPays: 212k against 100k, 80k, 70k.
        assert!((days(212, &[(30, 100), (30, 80), (30, 70)]) - 73.714_285_714).abs() < 1e-9);
        // Snow: 2.1M against 900k, 800k, 700k in March, February, January.
        assert!((days(2100, &[(31, 900), (28, 800), (31, 700)]) - 76.714_285_714).abs() < 1e-9);
    }

    #[test]
    fn oracle_hfm_example_is_recomputed_not_copied() {
        let sales = [(30, 2500), (31, 1750), (31, 2250), (30, 2500), (31, 2000), (30, 2250)];
        let found = days(12_000, &sales);
        assert!((found - 166.333_333_333).abs() < 1e-9, "{found}");
        assert!((found - 179.7).abs() > 10.0, "the published 179.7 divides by the wrong month");
    }

    #[test]
    fn a_credit_note_month_is_merged_with_the_month_before_it() {
        // -20 and 100 count as 80 over 61 days.
        assert!((days(40, &[(30, -20), (31, 100)]) - 30.5).abs() < 1e-9);
    }

    #[test]
    fn a_month_without_sales_counts_its_days() {
        assert!((days(50, &[(30, 0), (31, 100)]) - 45.5).abs() < 1e-9);
    }

    #[test]
    fn it_stops_once_the_balance_is_used_up() {
        // March sold 100 and all of it is open; February sold nothing and is not reached.
        assert!((days(100, &[(31, 100), (29, 0), (31, 50)]) - 31.0).abs() < 1e-9);
    }

    #[test]
    fn edges() {
        assert_eq!(count_back(money(0), &months(&[(30, 10)])), CountBack::Days(0.0));
        assert_eq!(count_back(money(-5), &months(&[(30, 10)])), CountBack::Days(0.0));
        assert_eq!(count_back(money(-5), &[]), CountBack::NoSales);
        assert_eq!(count_back(money(5), &[]), CountBack::NoSales);
        assert_eq!(count_back(money(5), &months(&[(30, 0)])), CountBack::NoSales);
        assert_eq!(count_back(money(50), &months(&[(30, 10), (31, 20)])), CountBack::AtLeast(61.0));
        assert_eq!(count_back(money(30), &months(&[(30, 10), (31, 20)])), CountBack::Days(61.0));
    }
}
