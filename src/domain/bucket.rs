//! Ageing buckets: contiguous, without gap or overlap, so that no item is left out and none counted twice.

use std::fmt::Write as _;

use crate::error::Error;

/// Days standing for "before anything".
pub const FIRST_DAY: i32 = -99_999_999;
/// Days standing for "however old".
pub const LAST_DAY: i32 = 99_999_999;
/// Where an item without a due date stands, beyond all days.
pub const NO_DUE_DATE: i32 = 100_000_000;
/// Where an open credit item stands, beyond all days.
pub const UNAPPLIED: i32 = 200_000_000;

/// One bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Place in the order, from 1.
    pub bucket_no: i32,
    /// Name: `31-60`.
    pub name: String,
    /// First day of age in it.
    pub from_days: i32,
    /// Last day of age in it.
    pub to_days: i32,
}

impl Bucket {
    /// Days from its first to its last; none where it has no end, or is none of ages.
    #[must_use]
    pub fn width_days(&self) -> Option<i32> {
        (self.from_days > FIRST_DAY && self.to_days < LAST_DAY).then(|| self.to_days - self.from_days + 1)
    }
}

/// The default by due date: `not_due`, `1-30`, `31-60`, `61-90`, `91+`.
pub const BY_DUE_DATE: &str = "1-30,31-60,61-90,91+";
/// The default by document date: `0-30`, `31-60`, `61-90`, `91+`.
pub const BY_DOCUMENT_DATE: &str = "0-30,31-60,61-90,91+";

/// Reads buckets written as ranges of days, `1-30,31-60,61+`, or as the last days of each, `30,60`. What lies before
/// the first range becomes `not_due` (by due date) or joins the first range (by document date); the last one has no
/// end. `no_due_date` and `unapplied` come after them.
///
/// # Errors
/// [`Error::Usage`] that names the gap, the overlap or the range that cannot be read.
pub fn parse(text: &str, by_document_date: bool) -> Result<Vec<Bucket>, Error> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let ranges = if parts.iter().all(|part| part.parse::<i32>().is_ok()) {
        ranges_from_ends(&parts, i32::from(!by_document_date))?
    } else {
        parts.iter().map(|part| range(part)).collect::<Result<Vec<_>, _>>()?
    };
    check(text, &ranges)?;
    let mut buckets = Vec::new();
    let mut push = |name: String, from_days, to_days| {
        let bucket_no = i32::try_from(buckets.len()).unwrap_or(i32::MAX) + 1;
        buckets.push(Bucket { bucket_no, name, from_days, to_days });
    };
    let first = ranges[0].0;
    // From the document on, an item is nought days old; what is younger was posted before its date.
    let holds_all_before = by_document_date && first <= 0;
    if !holds_all_before {
        let name = if first == 1 && !by_document_date { "not_due".to_owned() } else { format!("before_{first}") };
        push(name, FIRST_DAY, first - 1);
    }
    let last = ranges.len() - 1;
    for (at, &(from, to)) in ranges.iter().enumerate() {
        let name = if at == last { format!("{from}+") } else { format!("{from}-{to}") };
        let from_days = if at == 0 && holds_all_before { FIRST_DAY } else { from };
        push(name, from_days, if at == last { LAST_DAY } else { to });
    }
    push("no_due_date".to_owned(), NO_DUE_DATE, NO_DUE_DATE);
    push("unapplied".to_owned(), UNAPPLIED, UNAPPLIED);
    Ok(buckets)
}

/// `30,60,90` as ranges: `1-30`, `31-60`, `61-90`, `91+`.
fn ranges_from_ends(parts: &[&str], first: i32) -> Result<Vec<(i32, i32)>, Error> {
    let mut from = first;
    let mut ranges = Vec::new();
    for part in parts {
        let to: i32 = part.parse().map_err(|_| unreadable(part))?;
        ranges.push((from, to));
        from = to.saturating_add(1);
    }
    ranges.push((from, LAST_DAY));
    Ok(ranges)
}

fn range(part: &str) -> Result<(i32, i32), Error> {
    if let Some(from) = part.strip_suffix('+') {
        return from.trim().parse().map(|from| (from, LAST_DAY)).map_err(|_| unreadable(part));
    }
    let (from, to) = part.split_once('-').ok_or_else(|| unreadable(part))?;
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) => Ok((from, to)),
        _ => Err(unreadable(part)),
    }
}

fn unreadable(part: &str) -> Error {
    Error::usage(format!(
        "--buckets: \"{part}\" is not a range of days; write ranges such as 1-30,31-60,61+ or last days such as 30,60"
    ))
}

fn check(text: &str, ranges: &[(i32, i32)]) -> Result<(), Error> {
    let mut wrong = String::new();
    for &(from, to) in ranges {
        if to < from {
            write!(wrong, "; {from}-{to} ends before it starts").ok();
        } else if from < 0 || to > LAST_DAY {
            write!(wrong, "; {from}-{to} is out of the range 0 to {}", LAST_DAY - 1).ok();
        }
    }
    for pair in ranges.windows(2) {
        let ((_, to), (from, _)) = (pair[0], pair[1]);
        if from > to.saturating_add(1) {
            write!(wrong, "; a gap: no bucket holds day {} to {}", to + 1, from - 1).ok();
        } else if from <= to {
            write!(wrong, "; an overlap: two buckets hold day {from}").ok();
        }
    }
    if let Some(&(from, to)) = ranges.last()
        && to != LAST_DAY
    {
        write!(wrong, "; the last bucket must have no end: write {from}+").ok();
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::usage(format!("--buckets {text}{wrong}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bucket_with_two_ends_has_a_width() {
        let widths: Vec<Option<i32>> =
            parse(BY_DUE_DATE, false).expect("buckets").iter().map(Bucket::width_days).collect();
        assert_eq!(widths, [None, Some(30), Some(30), Some(30), None, None, None]);
    }

    fn names(text: &str, by_document_date: bool) -> Vec<String> {
        parse(text, by_document_date).expect("buckets").into_iter().map(|b| b.name).collect()
    }

    fn complaint(text: &str) -> String {
        parse(text, false).expect_err("wrong buckets").to_string()
    }

    #[test]
    fn the_defaults_hold_every_day_and_every_item() {
        assert_eq!(names(BY_DUE_DATE, false), ["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]);
        assert_eq!(names(BY_DOCUMENT_DATE, true), ["0-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]);
        let buckets = parse(BY_DUE_DATE, false).expect("buckets");
        assert!(buckets.windows(2).take(4).all(|pair| pair[0].to_days + 1 == pair[1].from_days));
        assert_eq!((buckets[0].from_days, buckets[4].to_days), (FIRST_DAY, LAST_DAY));
    }

    #[test]
    fn last_days_are_a_short_way_to_write_ranges() {
        assert_eq!(names("15,30", false), names("1-15,16-30,31+", false));
        assert_eq!(names("0-7,8+", false)[0], "before_0");
        assert_eq!(names("1-30,31+", true)[..2], ["before_1", "1-30"]);
        assert_eq!(names("0-30,31+", true)[0], "0-30");
    }

    #[test]
    fn a_gap_an_overlap_and_an_end_are_named() {
        assert_eq!(complaint("1-30,45-60,61+"), "--buckets 1-30,45-60,61+; a gap: no bucket holds day 31 to 44");
        assert_eq!(complaint("1-30,30-60,61+"), "--buckets 1-30,30-60,61+; an overlap: two buckets hold day 30");
        assert_eq!(complaint("1-30,31-60"), "--buckets 1-30,31-60; the last bucket must have no end: write 31+");
        assert!(complaint("1-30,x").contains("\"x\" is not a range of days"));
        assert!(complaint("60,30").contains("ends before it starts"));
    }
}
