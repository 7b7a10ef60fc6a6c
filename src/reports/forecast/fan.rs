//! The chart of a forecast: what came in the weeks before, and what is expected within what range.

use std::cmp::Reverse;

use super::weeks::{Block, Made};
use super::{amount, date};
use crate::error::Error;
use crate::models::forecast::Band;
use crate::models::forecast::book::{Book, Day, Origin};
use crate::models::forecast::horizon::Horizon;
use crate::reports::{Context, named};
use crate::sheet::{Cell, Chart, Column, Kind, Sheet};

/// Weeks shown before the first one forecast, a quarter, as many as are usually forecast.
const PAST_WEEKS: usize = 13;

/// A sheet of a forecast with its chart: each currency by week, those with the most open items first, after what is converted.
pub(super) fn drawn(sheet: Sheet, context: &Context<'_>, made: &Made) -> Result<Sheet, Error> {
    let horizon = &made.forecast.horizon;
    let mut blocks = made.blocks();
    let outlook = &made.forecast.outlook;
    // A total has the items of all.
    let item_count =
        |block: &Block<'_>| block.parts.iter().map(|(scope, _)| outlook.scopes[*scope].len()).sum::<usize>();
    blocks.sort_by_key(|block| (block.parts.len() == 1, Reverse(item_count(block))));
    let mut rows = Vec::new();
    let mut has_part = false;
    for block in &blocks {
        let currency = &block.scope.0;
        let past = Past::new(&made.learnt.reading.book, &block.parts, made.learnt.origin, horizon);
        has_part |= past.so_far != 0.0;
        for (end, came) in past.weeks {
            rows.push(vec![
                date(end),
                Cell::Text(currency),
                Cell::Text("actual"),
                amount(came),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
        // The first week is a whole one, like those before it.
        let so_far = std::iter::once(past.so_far).chain(std::iter::repeat(0.0));
        for ((end, Band { p10, p50, p90, .. }), so_far) in horizon.ends.iter().zip(&block.forecast.total).zip(so_far) {
            let [p10, p50, p90] = [p10, p50, p90].map(|value| amount(value + so_far));
            rows.push(vec![date(*end), Cell::Text(currency), Cell::Text("expected"), p50, p10, p90]);
        }
    }
    let columns = vec![
        Column::new("week_end", Kind::Date),
        Column::new("currency", Kind::Text),
        named(context, "line", Kind::Text),
        Column::new("amount", Kind::Amount).titled("Cash of the week"),
        Column::new("lower_amount", Kind::Amount),
        Column::new("upper_amount", Kind::Amount),
    ];
    let [day, value, lower, upper, series] =
        ["week_end", "amount", "lower_amount", "upper_amount", "line"].map(str::to_owned);
    let rows = Sheet::from_rows(&sheet.name, &sheet.title, columns, &rows)?;
    let mut sheet = sheet.charted(Chart::Fan { day, value, lower, upper, series, today: context.as_of() });
    sheet.chart_rows = Some(Box::new(rows));
    let part = if has_part { " Its first week has what the current week has brought already." } else { "" };
    Ok(sheet.noted(format!("The chart shows what came in earlier weeks, then p50 with p10 and p90.{part}")))
}

/// Cash that came before a forecast, in weeks that end on the same weekday as its own.
struct Past {
    /// The last day of each week and what came in it, oldest first; none from before the book's first day.
    weeks: Vec<(Day, f64)>,
    /// What came in the week of which the forecast's first is the rest.
    so_far: f64,
}

impl Past {
    fn new(book: &Book, parts: &[(usize, f64)], origin: Origin, horizon: &Horizon) -> Self {
        let last = horizon.ends.first().map_or(origin.day, |end| end - 7);
        let items = book.items.iter().filter(|item| origin.sees(item.posted, item.known)).map(|item| item.posted);
        let first = items.chain(book.receipts.iter().map(|receipt| receipt.posted)).min().unwrap_or(origin.day);
        let count = usize::try_from((last - first).div_euclid(7) + 1).unwrap_or(0).min(PAST_WEEKS);
        let mut weeks: Vec<(Day, f64)> = (0..count as Day).rev().map(|back| (last - 7 * back, 0.0)).collect();
        let mut so_far = 0.0;
        for receipt in &book.receipts {
            let part = parts.iter().find(|(scope, _)| *scope == receipt.scope as usize);
            let Some((_, rate)) = part.filter(|_| origin.sees(receipt.posted, receipt.known)) else { continue };
            let amount = rate * receipt.amount;
            // Weeks before the last whole one; below 0 for the current one.
            let back = (last - receipt.posted).div_euclid(7);
            if back < 0 {
                so_far += amount;
            } else if let Some(at) = count.checked_sub(back as usize + 1) {
                weeks[at].1 += amount;
            }
        }
        Self { weeks, so_far }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::forecast::book::ReceiptDay;
    use crate::models::forecast::horizon::WeekStart;

    fn book(receipts: &[(Day, f64)]) -> Book {
        let receipt =
            |(posted, amount): &(Day, f64)| ReceiptDay { scope: 0, posted: *posted, known: *posted, amount: *amount };
        let mut book = Book::new(0, Vec::new(), vec![0], Vec::new(), Vec::new());
        book.receipts = receipts.iter().map(receipt).collect();
        book
    }

    #[test]
    fn the_rest_of_a_week_is_joined_to_what_it_has_brought() {
        // Day 19904 is a Sunday; the forecast is made on the Wednesday after.
        let origin = Origin::with_hindsight(19907);
        let horizon = Horizon::weeks(origin.day, 2, WeekStart::Monday);
        let book = book(&[
            (19891, 1.0),
            (19897, 2.0),
            (19898, 4.0),
            (19904, 8.0),
            (19905, 16.0),
            (19907, 32.0),
            (19908, 64.0),
        ]);
        let past = Past::new(&book, &[(0, 1.0)], origin, &horizon);
        assert_eq!(past.weeks, [(19890 + 7, 3.0), (19904, 12.0)]);
        assert_eq!(past.so_far, 48.0);
    }

    #[test]
    fn whole_weeks_end_on_the_day_itself_and_go_back_a_quarter() {
        let origin = Origin::with_hindsight(19907);
        let horizon = Horizon::weeks(origin.day, 2, WeekStart::Next);
        let past = Past::new(&book(&[(10000, 1.0), (19901, 2.0), (19907, 4.0)]), &[(0, 1.0)], origin, &horizon);
        assert_eq!((past.weeks.len(), past.weeks[12], past.so_far), (PAST_WEEKS, (19907, 6.0), 0.0));
        assert!(past.weeks[..12].iter().all(|(_, came)| *came == 0.0));
    }

    #[test]
    fn a_book_of_nothing_has_no_past() {
        let origin = Origin::with_hindsight(19907);
        let horizon = Horizon::weeks(origin.day, 2, WeekStart::Monday);
        assert!(Past::new(&book(&[]), &[(0, 1.0)], origin, &horizon).weeks.is_empty());
    }
}
