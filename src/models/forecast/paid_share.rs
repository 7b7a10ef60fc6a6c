//! A payment curve as people read it: which share of a bill is paid by how many days after it was due.

use super::book::{Book, Day, Origin};
use super::outlook::{Fit, paid_by_day};
use super::states::Standing;

/// Bills looked at; more make no difference that shows.
const MOST_BILLS: usize = 400;

/// Share of a bill expected to be paid by the end of each age from `first` to `last` days since due, had each of the bills just been
/// posted: the mean over bills, each counting as one. Nothing where there are no bills.
#[must_use]
pub fn by_age(book: &Book, fit: &Fit, bills: &[u32], first: Day, last: Day) -> Vec<f64> {
    let mut shares = vec![0.0; (last - first + 1).max(0) as usize];
    let mut count = 0.0;
    let mut paid = Vec::new();
    for at in bills.iter().step_by(bills.len().div_ceil(MOST_BILLS).max(1)) {
        let item = &book.items[*at as usize];
        let due = item.due_day();
        paid.clear();
        paid.resize((due + last - item.posted + 1).max(0) as usize, 0.0);
        paid_by_day(fit, item.payer, due, &Standing::default(), Origin::replayed(item.posted - 1), &mut paid);
        for (age, share) in (first..).zip(&mut shares) {
            *share += usize::try_from(due + age - item.posted).map_or(0.0, |day| paid[day]);
        }
        count += 1.0;
    }
    if count > 0.0 {
        shares.iter_mut().for_each(|share| *share /= count);
    }
    shares
}
