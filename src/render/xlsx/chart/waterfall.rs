//! How one amount becomes another: stacked bars on an invisible base.

use rust_xlsxwriter::{Chart, ChartDataLabelPosition, ChartFormat, ChartType};

use super::block::{Block, Column, Placed, heading, name_column, short_format};
use super::{kinds, look};
use crate::render::chart::data::{Figure, Panel, Values};
use crate::render::chart::scale::short;
use crate::render::xlsx::side::SideCell;
use crate::sheet::Kind;

/// Titles of the columns after the names; the parts below zero are there for bars that cross it.
const TITLES: [&str; 9] = [
    "Base",
    "Total",
    "Increase",
    "Decrease",
    "Total below zero",
    "Increase below zero",
    "Decrease below zero",
    "Value",
    "Top",
];
const VALUE: usize = 8;
const TOP: usize = 9;
const FORMS: usize = 3;
/// A total, a rise, a fall: colours that call neither good, for a rise of what is overdue is bad and one of cash is not.
const COLORS: [u32; FORMS] = [0x23_415f, 0x2f_6ea5, 0xd7_ae44];

/// The steps of a panel as lengths that stand on each other.
pub(super) fn block(figure: &Figure, panel: &Panel) -> Block {
    let mut columns = vec![name_column(panel, usize::MAX)];
    columns.extend(TITLES.iter().map(|title| Column { title: (*title).to_owned(), cells: Vec::new() }));
    let mut level = 0.0;
    let bars = panel.bars.iter().map(|(_, values)| values).chain(panel.days.iter().map(|(_, values)| values));
    for values in bars {
        let lengths = lengths(values, &mut level);
        for (column, x) in columns[1..].iter_mut().zip(lengths) {
            column.cells.push(x.map(|x| SideCell::Number(x, figure.kind)));
        }
    }
    Block { heading: heading(figure, panel), columns }
}

/// What a step adds to each column; the level is where it ends. A total shows its own value, so that a gap before it would
/// tell that the steps do not add up to it.
fn lengths(values: &Values, level: &mut f64) -> [Option<f64>; TITLES.len()] {
    let mut lengths = [None; TITLES.len()];
    let (change, total) = (values[0].as_ref(), values[1].as_ref());
    let Some(value) = total.or(change).map(|value| value.x) else { return lengths };
    let from = if total.is_some() { 0.0 } else { *level };
    let to = from + value;
    *level = to;
    let form = match (total, value) {
        (Some(_), _) => 1,
        (None, 0.0..) => 2,
        _ => 3,
    };
    let (low, high) = (from.min(to), from.max(to));
    if low < 0.0 && high > 0.0 {
        lengths[form] = Some(high);
        lengths[form + FORMS] = Some(low);
    } else if high > 0.0 {
        (lengths[0], lengths[form]) = (Some(low), Some(high - low));
    } else {
        (lengths[0], lengths[form]) = (Some(high), Some(low - high));
    }
    (lengths[VALUE - 1], lengths[TOP - 1]) = (Some(value), Some(high));
    // Differences of doubles are off in their last digits; no amount has more than four decimals.
    lengths.map(|x| x.map(|x: f64| (x * 1e4).round() / 1e4))
}

/// The chart over such a block: an unseen line along the tops holds the numbers.
pub(super) fn chart(placed: &Placed<'_>, kind: Kind) -> (Chart, u32) {
    const HEIGHT: u32 = 360;
    let block = &placed.block;
    let mut chart = look::chart(ChartType::ColumnStacked, &block.heading, HEIGHT);
    let base = placed.series(&mut chart, 1).set_gap(35).set_overlap(100);
    base.set_format(ChartFormat::new().set_no_fill().set_no_border());
    for at in (2..VALUE).filter(|at| block.columns[*at].numbers().next().is_some()) {
        look::filled(placed.series(&mut chart, at), COLORS[(at - 2) % FORMS]).set_gap(35).set_overlap(100);
    }
    let mut line = Chart::new(ChartType::Line);
    let numbers = look::unseen(placed.series(&mut line, TOP));
    look::named(numbers, &labels(block, kind), ChartDataLabelPosition::Above);
    chart.combine(&line);
    chart.legend().set_hidden();
    let reach =
        short_format(kind, block.columns[1..VALUE].iter().chain([&block.columns[TOP]]).flat_map(Column::numbers));
    kinds::axes(&mut chart, block, true).set_num_format(reach);
    (chart, HEIGHT)
}

/// A total plain, a change with its sign.
fn labels(block: &Block, kind: Kind) -> Vec<Option<String>> {
    let number = |cell: &Option<SideCell>| cell.as_ref().and_then(SideCell::number);
    let label = |(value, total): (&Option<SideCell>, &Option<SideCell>)| {
        let value = number(value)?;
        let sign = if total.is_none() && value > 0.0 { "+" } else { "" };
        Some(format!("{sign}{}", short(kind, value)))
    };
    // A total stands on zero and so has its place in the one column, above or below.
    block.columns[VALUE].cells.iter().zip(&block.columns[2].cells).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::{Cell, Column as SheetColumn, Sheet};

    #[test]
    fn steps_stand_on_each_other_and_part_where_they_cross_zero() {
        let columns = vec![
            SheetColumn::new("step", Kind::Text),
            SheetColumn::new("amount", Kind::Amount),
            SheetColumn::new("is_total", Kind::Flag),
        ];
        let row = |step, units: i128, is_total| {
            vec![Cell::Text(step), Cell::Amount(Money::from_units(units * 10_000)), Cell::Flag(is_total)]
        };
        let rows = [
            row("opening", 10, true),
            row("receipts", -15, false),
            row("more", -5, false),
            row("sales", 12, false),
            row("closing", 2, true),
        ];
        let sheet = Sheet::from_rows("x", "X", columns, &rows).expect("a sheet");
        let chart =
            crate::sheet::Chart::Waterfall { step: "step".into(), value: "amount".into(), total: "is_total".into() };
        let figure = crate::render::chart::data::figure(&sheet, &chart).expect("a figure");
        let block = block(&figure, &figure.panels[0]);
        let column = |at: usize| {
            block.columns[at].cells.iter().map(|cell| cell.as_ref().and_then(SideCell::number)).collect::<Vec<_>>()
        };
        assert_eq!(column(1), [Some(0.0), None, Some(-5.0), None, Some(0.0)], "base");
        assert_eq!(column(2), [Some(10.0), None, None, None, Some(2.0)], "totals");
        assert_eq!(column(3), [None, None, None, Some(2.0), None], "increases");
        assert_eq!(column(4), [None, Some(10.0), Some(-5.0), None, None], "decreases");
        assert_eq!(column(6), [None, None, None, Some(-10.0), None], "increases below zero");
        assert_eq!(column(7), [None, Some(-5.0), None, None, None], "decreases below zero");
    }
}
