//! Count-back (exhaustion) DSO: how many days of the latest sales the balance is worth.

/// Sales of one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// Days of the month, or the days elapsed of the latest one.
    pub days: u32,
    /// Sales posted in it.
    pub sales_amount: f64,
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
/// counts and its sales are taken off; the rest counts as a share of the next month's days.
///
/// A month without sales counts its days and takes nothing off. A month whose credit notes outweigh its sales is counted
/// together with the month before it, so that it neither stops the count (as in Oracle HFM) nor adds to the balance (as
/// in JD Edwards).
///
/// Source: Oracle JD Edwards F03B16, count-back method; METRICS section 4.
#[must_use]
pub fn count_back(balance_amount: f64, months: &[Month]) -> CountBack {
    let merged = merge_negative(months);
    if balance_amount <= 0.0 {
        return CountBack::Days(0.0);
    }
    if !merged.iter().any(|month| month.sales_amount > 0.0) {
        return CountBack::NoSales;
    }
    let (mut left, mut days) = (balance_amount, 0.0);
    for month in merged {
        if left < month.sales_amount {
            return CountBack::Days(days + left / month.sales_amount * f64::from(month.days));
        }
        left -= month.sales_amount;
        days += f64::from(month.days);
    }
    // A balance that ends exactly with the last month is used up.
    if left > 0.0 { CountBack::AtLeast(days) } else { CountBack::Days(days) }
}

/// Months whose sales are not below 0, each grown by the months after it whose sales are.
fn merge_negative(months: &[Month]) -> Vec<Month> {
    let mut merged = Vec::with_capacity(months.len());
    let mut waiting: Option<Month> = None;
    for &month in months {
        let grown = match waiting.take() {
            Some(later) => Month { days: later.days + month.days, sales_amount: later.sales_amount + month.sales_amount },
            None => month,
        };
        if grown.sales_amount >= 0.0 { merged.push(grown) } else { waiting = Some(grown) }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(latest_first: &[(u32, f64)]) -> Vec<Month> {
        latest_first.iter().map(|&(days, sales_amount)| Month { days, sales_amount }).collect()
    }

    fn days(balance: f64, latest_first: &[(u32, f64)]) -> f64 {
        match count_back(balance, &months(latest_first)) {
            CountBack::Days(days) => days,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn published_examples() {
        // BenjiPays: 212k against 100k, 80k, 70k.
        assert!((days(212.0, &[(30, 100.0), (30, 80.0), (30, 70.0)]) - 73.714_285_714).abs() < 1e-9);
        // Snow: 2.1M against 900k, 800k, 700k in March, February, January.
        assert!((days(2100.0, &[(31, 900.0), (28, 800.0), (31, 700.0)]) - 76.714_285_714).abs() < 1e-9);
    }

    #[test]
    fn oracle_hfm_example_is_recomputed_not_copied() {
        let sales = [(30, 2500.0), (31, 1750.0), (31, 2250.0), (30, 2500.0), (31, 2000.0), (30, 2250.0)];
        let found = days(12_000.0, &sales);
        assert!((found - 166.333_333_333).abs() < 1e-9, "{found}");
        assert!((found - 179.7).abs() > 10.0, "the published 179.7 divides by the wrong month");
    }

    #[test]
    fn a_credit_note_month_is_merged_with_the_month_before_it() {
        // -20 and 100 count as 80 over 61 days.
        assert!((days(40.0, &[(30, -20.0), (31, 100.0)]) - 30.5).abs() < 1e-9);
    }

    #[test]
    fn a_month_without_sales_counts_its_days() {
        assert!((days(50.0, &[(30, 0.0), (31, 100.0)]) - 45.5).abs() < 1e-9);
    }

    #[test]
    fn edges() {
        assert_eq!(count_back(0.0, &months(&[(30, 10.0)])), CountBack::Days(0.0));
        assert_eq!(count_back(-5.0, &months(&[(30, 10.0)])), CountBack::Days(0.0));
        assert_eq!(count_back(5.0, &[]), CountBack::NoSales);
        assert_eq!(count_back(5.0, &months(&[(30, 0.0)])), CountBack::NoSales);
        assert_eq!(count_back(50.0, &months(&[(30, 10.0), (31, 20.0)])), CountBack::AtLeast(61.0));
        assert_eq!(count_back(30.0, &months(&[(30, 10.0), (31, 20.0)])), CountBack::Days(61.0));
    }
}
