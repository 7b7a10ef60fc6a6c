//! Days and moments as texts write them, as SQL.

use crate::sources::date_format::DateFormat;
use crate::sql_text::literal;

/// A day, alone or with a time of it. The engine reads the start of a longer text and passes over an `AM`, a `PM` or a zone.
const ISO_MOMENT: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?";

/// A time of day.
const TIME: &str = "(?:2[0-3]|[01]?[0-9]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?: ?[AaPp][Mm])?";

/// A midnight in a zone. Any other time in a zone may be of another day where it was written.
const ZONED_MIDNIGHT: &str = "00:00(?::00(?:[.,]0+)?)? ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)";

/// Earliest day taken for a real one where a format is given: `%Y` reads the year 20 as the year 0020.
const FIRST_DAY: &str = "date '1900-01-01'";

/// Last serial number of a day: 9999-12-31.
const LAST_SERIAL: u32 = 2_958_465;

/// The day that `text` writes in one of these ways, or as an ISO date, else null. A time of day behind it is passed over.
#[must_use]
pub fn day(text: &str, formats: &[DateFormat]) -> String {
    let mut readings: Vec<String> =
        formats.iter().filter(|format| !format.is_iso()).map(|format| reading(format, text)).collect();
    readings.push(iso_day(text));
    if readings.len() == 1 { readings.remove(0) } else { format!("coalesce({})", readings.join(", ")) }
}

/// The moment that `text` writes: a day as [`day`] reads it, with the time behind it; midnight where there is none.
#[must_use]
pub fn moment(text: &str, formats: &[DateFormat]) -> String {
    let time = format!("regexp_extract({text}, '[ T]+({TIME})$', 1)");
    let half_day = |pattern: &str| format!("cast(try_strptime(upper({time}), '{pattern}') as time)");
    let of_serial = if formats.iter().any(|format| format.serial_start().is_some()) {
        format!(" + to_seconds(coalesce(round(86400 * (try_cast({text} as double) % 1)), 0))")
    } else {
        String::new()
    };
    format!(
        "case when regexp_full_match({text}, '{ISO_MOMENT}') then try_cast({text} as timestamp)
           when strpos({text}, ':') = 0 then cast({day} as timestamp){of_serial}
           when right(lower({text}), 1) = 'm' then {day} + coalesce({}, {}, {}, {})
           else {day} + try_cast({time} as time) end",
        half_day("%I:%M:%S %p"),
        half_day("%I:%M %p"),
        half_day("%I:%M:%S%p"),
        half_day("%I:%M%p"),
        day = day(text, formats),
    )
}

/// A text of the form YYYY-MM-DD; the test for a time behind it comes second, for few have one.
fn iso_day(text: &str) -> String {
    format!(
        "case when {text} like '____-__-__' and {text} > '0' then try_cast({text} as date)
           when strpos({text}, ':') > 0
           then try_cast(regexp_extract({text}, '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[ T]+(?:{TIME}|{ZONED_MIDNIGHT})$', 1) as date) end"
    )
}

/// One way of reading a day; a list of patterns in one call runs six times slower than one call for each.
fn reading(format: &DateFormat, text: &str) -> String {
    let day = match (format.strptime(), format.serial_start()) {
        (Some(pattern), _) => {
            let bare = format!(
                "case when strpos({text}, ':') > 0 then regexp_replace({text}, '[ T]+(?:{TIME}|{ZONED_MIDNIGHT})$', '') else {text} end"
            );
            format!("cast(try_strptime({bare}, {}) as date)", literal(&pattern))
        }
        (None, start) => {
            let start = start.unwrap_or("1899-12-30");
            return format!(
                "case when try_cast({text} as double) between 1 and {LAST_SERIAL} then date '{start}' + cast(floor(try_cast({text} as double)) as int) end"
            );
        }
    };
    // The engine reads these words as days of their own, whatever the pattern.
    format!(
        "case when {day} > {FIRST_DAY} or ({day} = {FIRST_DAY} and lower({text}) not in ('epoch', 'infinity', '-infinity')) then {day} end"
    )
}
