//! From a row of a table to the rows behind it, level by level: sheets laid out as groups, as large as the page can bear.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::shown;
use super::cell::{class, exact, shown_and_exact};
use crate::domain::money::Money;
use crate::error::Error;
use crate::sheet::{Cell, Column, Kind, Sheet};

/// What opens behind the rows of one table.
#[derive(Clone, Debug)]
pub struct Drill<'a> {
    /// Anchor of the part whose rows open.
    pub anchor: String,
    /// Each level opens from a row of the one before; the first from a row of the part.
    pub levels: Vec<Level<'a>>,
}

/// The rows of one sheet behind a row of the level before.
#[derive(Clone, Debug)]
pub struct Level<'a> {
    /// What its rows are: `Customers`.
    pub title: String,
    /// The sheet.
    pub sheet: &'a Sheet,
    /// Columns, named alike on the level before, whose values lead from a row there to its rows here. The last one is
    /// what is chosen there.
    pub keys: Vec<&'a str>,
    /// Columns shown, the one that names a row first.
    pub columns: Vec<&'a str>,
    /// Column of amounts by which the largest rows are kept.
    pub largest_by: &'a str,
    /// Rows on the page at most, as far as each group has one; the smallest of a group stand in one row.
    pub most: usize,
    /// File beside the page that has all rows.
    pub csv_name: String,
}

type Key = Vec<String>;

/// All levels as the script reads them.
pub(super) fn data(drill: &Drill<'_>) -> Result<Value, Error> {
    let mut parents: Option<BTreeSet<Key>> = None;
    let mut levels = Vec::new();
    for (at, level) in drill.levels.iter().enumerate() {
        let next = drill.levels.get(at + 1).map(|next| next.keys.as_slice());
        let (value, kept) = level_data(level, parents.as_ref(), next)?;
        levels.push(value);
        parents = Some(kept);
    }
    Ok(json!({ "anchor": drill.anchor, "levels": levels }))
}

/// A level as the script reads it, and the keys by which its rows lead on.
fn level_data(
    level: &Level<'_>,
    parents: Option<&BTreeSet<Key>>,
    next: Option<&[&str]>,
) -> Result<(Value, BTreeSet<Key>), Error> {
    let sheet = level.sheet;
    let place = |name: &&str| {
        sheet.column_index(name).ok_or_else(|| Error::internal(format!("drill: {} has no column {name}", sheet.name)))
    };
    let places = |names: &[&str]| names.iter().map(place).collect::<Result<Vec<usize>, Error>>();
    let (keys, columns) = (places(&level.keys)?, places(&level.columns)?);
    let next = next.map(places).transpose()?;
    let largest_by = place(&level.largest_by)?;

    let mut groups: BTreeMap<Key, Vec<Vec<Cell<'_>>>> = BTreeMap::new();
    for row in sheet.rows() {
        let key = key_of(&row, &keys)?;
        if parents.is_none_or(|parents| parents.contains(&key)) {
            groups.entry(key).or_default().push(row);
        }
    }
    let sizes: Vec<usize> = groups.values().map(Vec::len).collect();
    let most = most_of_each(&sizes, level.most);
    let (mut shown_groups, mut kept) = (Vec::new(), BTreeSet::new());
    for (key, mut rows) in groups {
        // A stable sort: equal amounts stay in the order of the sheet.
        rows.sort_by_key(|row| std::cmp::Reverse(size(row[largest_by])));
        let rest = rows.split_off(most.min(rows.len()));
        if let Some(next) = &next {
            for row in &rows {
                kept.insert(key_of(row, next)?);
            }
        }
        let rows = rows.iter().map(|row| row_data(sheet, row, &columns)).collect::<Result<Vec<_>, _>>()?;
        shown_groups.push(json!([key, rows, rest_data(level, &rest, &columns)?]));
    }
    let column = |at: &usize| {
        let Column { name, title, kind, .. } = &sheet.columns[*at];
        json!([name, shown::visible(title), class(*kind)])
    };
    let columns: Vec<Value> = columns.iter().map(column).collect();
    let value = json!({
        "title": level.title,
        "csv": level.csv_name,
        "keys": level.keys,
        "largestBy": level.largest_by,
        "columns": columns,
        "groups": shown_groups,
    });
    Ok((value, kept))
}

/// The values of a row as the script reads them from its cells: their fields in a CSV.
fn key_of(row: &[Cell<'_>], places: &[usize]) -> Result<Key, Error> {
    places.iter().map(|at| exact(row[*at])).collect()
}

/// Money by how much it is, whichever way.
fn size(cell: Cell<'_>) -> u128 {
    if let Cell::Amount(amount) = cell { amount.units().unsigned_abs() } else { 0 }
}

/// How many rows of each group can stay so that all together are `most`: halved until they are, and at least one.
fn most_of_each(sizes: &[usize], most: usize) -> usize {
    let mut each = most.max(1);
    while each > 1 && sizes.iter().map(|size| (*size).min(each)).sum::<usize>() > most {
        each = (each / 2).max(1);
    }
    each
}

fn row_data(sheet: &Sheet, row: &[Cell<'_>], columns: &[usize]) -> Result<Value, Error> {
    let cells = columns.iter().map(|at| {
        let (text, exact) = shown_and_exact(row[*at], &sheet.columns[*at])?;
        Ok(exact.map_or_else(|| json!(text), |exact| json!([text, exact])))
    });
    cells.collect::<Result<Vec<_>, Error>>().map(Value::from)
}

/// One row for those left out, with their sums where a sum has a meaning; nothing where none is.
fn rest_data(level: &Level<'_>, rest: &[Vec<Cell<'_>>], columns: &[usize]) -> Result<Value, Error> {
    if rest.is_empty() {
        return Ok(Value::Null);
    }
    let label = format!("{} others, in {}", shown::count(rest.len()), level.csv_name);
    let cell = |(nth, at): (usize, &usize)| {
        let column = &level.sheet.columns[*at];
        let cells = rest.iter().map(|row| row[*at]);
        match column.kind {
            _ if nth == 0 => Cell::Text(&label),
            Kind::Amount if column.has_total => {
                Cell::Amount(cells.filter_map(|c| if let Cell::Amount(m) = c { Some(m) } else { None }).sum::<Money>())
            }
            Kind::Count if column.has_total => {
                Cell::Count(cells.filter_map(|c| if let Cell::Count(n) = c { Some(n) } else { None }).sum())
            }
            _ => Cell::Empty,
        }
    };
    let cells: Vec<Cell<'_>> = columns.iter().enumerate().map(cell).collect();
    let texts = cells.iter().zip(columns).map(|(cell, at)| shown::cell(*cell, level.sheet.columns[*at].kind));
    Ok(json!(texts.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let columns = vec![
            Column::new("bucket", Kind::Text),
            Column::new("customer_id", Kind::Text),
            Column::new("open_amount", Kind::Amount).totalled(),
        ];
        let row = |bucket, customer, units| {
            vec![Cell::Text(bucket), Cell::Text(customer), Cell::Amount(Money::from_units(units))]
        };
        let rows = [row("1-30", "A", 10_000), row("1-30", "B", -50_000), row("1-30", "C", 20_000), row("61+", "A", 1)];
        Sheet::from_rows("aging_by_customer", "Ageing by customer", columns, &rows).expect("a sheet")
    }

    fn level(sheet: &Sheet, most: usize) -> Level<'_> {
        Level {
            title: "Customers".into(),
            sheet,
            keys: vec!["bucket"],
            columns: vec!["customer_id", "open_amount"],
            largest_by: "open_amount",
            most,
            csv_name: "aging_by_customer.csv".into(),
        }
    }

    #[test]
    fn the_largest_rows_of_each_group_stay_and_the_rest_is_summed() {
        let sheet = sheet();
        let (value, _) = level_data(&level(&sheet, 2), None, None).expect("a level");
        assert_eq!(
            value["groups"],
            json!([
                [["1-30"], [["B", "-5.00"]], ["2 others, in aging_by_customer.csv", "3.00"]],
                [["61+"], [["A", "0.0001"]], null],
            ])
        );
    }

    #[test]
    fn a_level_has_only_the_rows_behind_rows_that_stayed() {
        let sheet = sheet();
        let mut customers = level(&sheet, 2);
        customers.keys = vec!["bucket"];
        let items = Level { keys: vec!["bucket", "customer_id"], ..level(&sheet, 100) };
        let drill = Drill { anchor: "aging".into(), levels: vec![customers, items] };
        let data = data(&drill).expect("data");
        let groups = data["levels"][1]["groups"].as_array().expect("groups");
        assert_eq!(
            groups.iter().map(|group| &group[0]).collect::<Vec<_>>(),
            [&json!(["1-30", "B"]), &json!(["61+", "A"])]
        );
    }

    #[test]
    fn all_rows_stay_where_there_is_room() {
        assert_eq!(most_of_each(&[3, 1], 4), 4);
        assert_eq!(most_of_each(&[100, 100, 2], 100), 25);
        assert_eq!(most_of_each(&[1, 1, 1], 0), 1);
    }
}
