//! Bars, lines, curves and funnels over the cells of a block.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Chart, ChartAxis, ChartDataLabelPosition, ChartType};
use unicode_width::UnicodeWidthStr;

use super::block::{Block, Placed, short_format};
use super::look;
use crate::render::chart::data::Figure;
use crate::render::chart::scale::short;
use crate::render::xlsx::side::SideCell;
use crate::sheet::Kind;

/// Pixels of a standing chart, of the title and the legend of a lying one, and of its bars.
const HEIGHT: u32 = 320;
const AROUND: u32 = 110;
const BAR: u32 = 24;
const GROUPED_BAR: u32 = 14;
/// Points of a curve that are marked.
const DOTS_MOST: usize = 20;
/// Width of a name that fits below a standing bar, and how many of them.
const NAME_MOST: usize = 13;
const STANDING_MOST: usize = 14;

/// Bars, stacked where they have layers; standing where their names fit below them.
pub(super) fn stacked(placed: &Placed<'_>, kind: Kind) -> (Chart, u32) {
    let block = &placed.block;
    let (is_standing, count) = (stands(block), block.columns.len() - 1);
    let form = match (is_standing, count) {
        (true, 1) => ChartType::Column,
        (true, _) => ChartType::ColumnStacked,
        (false, 1) => ChartType::Bar,
        (false, _) => ChartType::BarStacked,
    };
    let height = if is_standing { HEIGHT } else { AROUND + BAR * block.row_count() as u32 };
    let mut chart = look::chart(form, &block.heading, height);
    for at in 1..=count {
        let series = look::filled(placed.series(&mut chart, at), look::layer(at - 1, count)).set_gap(45);
        if count == 1 {
            look::named(series, &shorts(block, at, kind), ChartDataLabelPosition::OutsideEnd);
        } else {
            series.set_overlap(100);
        }
    }
    // A layer that is nothing on every bar has no colour to explain.
    let nothing = (1..=count).filter(|at| block.columns[*at].numbers().all(|x| x == 0.0)).map(|at| at - 1);
    let nothing: Vec<usize> = nothing.collect();
    if count == 1 {
        chart.legend().set_hidden();
    } else if !nothing.is_empty() {
        chart.legend().delete_entries(&nothing);
    }
    let format = short_format(kind, block.stacks().into_iter());
    axes(&mut chart, block, is_standing).set_num_format(format);
    (chart, height)
}

/// The numbers of a column, as short as the charts of the other formats have them.
fn shorts(block: &Block, at: usize, kind: Kind) -> Vec<Option<String>> {
    let number = |cell: &Option<SideCell>| cell.as_ref().and_then(SideCell::number);
    block.columns[at].cells.iter().map(|cell| number(cell).map(|x| short(kind, x))).collect()
}

/// Lying bars side by side in groups.
pub(super) fn groups(placed: &Placed<'_>, kind: Kind) -> (Chart, u32) {
    let block = &placed.block;
    let count = block.columns.len() - 1;
    let height = AROUND + (GROUPED_BAR * count as u32 + 10) * block.row_count() as u32;
    let mut chart = look::chart(ChartType::Bar, &block.heading, height);
    let format = short_format(kind, block.numbers());
    for at in 1..=count {
        let series = look::filled(placed.series(&mut chart, at), look::layer(at - 1, count));
        look::named(series.set_gap(45), &shorts(block, at, kind), ChartDataLabelPosition::OutsideEnd);
    }
    if count == 1 {
        chart.legend().set_hidden();
    }
    axes(&mut chart, block, false).set_num_format(format);
    (chart, height)
}

/// Lines over days.
pub(super) fn lines(placed: &Placed<'_>, kind: Kind) -> (Chart, u32) {
    let block = &placed.block;
    let mut chart = look::chart(ChartType::Line, &block.heading, HEIGHT);
    for at in 1..block.columns.len() {
        look::dotted(look::lined(placed.series(&mut chart, at), at - 1), at - 1);
    }
    axes(&mut chart, block, true).set_num_format(short_format(kind, block.numbers()));
    (chart, HEIGHT)
}

/// Numbers against numbers; each curve has its own column across.
pub(super) fn curve(placed: &Placed<'_>, figure: &Figure) -> (Chart, u32) {
    const SQUARE: u32 = 420;
    let block = &placed.block;
    let mut chart = look::chart(ChartType::ScatterStraight, &block.heading, SQUARE);
    let curves = block.columns.len() / 2;
    for at in 0..curves {
        let series = chart.add_series();
        series
            .set_categories(placed.values(2 * at))
            .set_values(placed.values(2 * at + 1))
            .set_name(placed.title(2 * at + 1));
        look::lined(series, at);
        if block.row_count() <= DOTS_MOST {
            look::dotted(series, at);
        }
    }
    if curves == 1 {
        chart.legend().set_hidden();
    }
    let format = |kind: Kind, column: usize| {
        short_format(kind, block.columns.iter().skip(column).step_by(2).flat_map(super::block::Column::numbers))
    };
    let (across, up) = (format(figure.key_kind, 0), format(figure.kind, 1));
    chart.x_axis().set_num_format(across).set_name(&figure.key_title).set_name_font(&look::font(9));
    chart.y_axis().set_num_format(up).set_name(&figure.value_title).set_name_font(&look::font(9));
    for (axis, kind) in [(true, figure.key_kind), (false, figure.kind)] {
        let axis = if axis { chart.x_axis() } else { chart.y_axis() };
        if kind == Kind::Rate {
            axis.set_min(0).set_max(1);
        }
    }
    (chart, SQUARE)
}

/// Stages below each other, each with its share of the first, in one colour and what is no stage in another.
pub(super) fn funnel(placed: &Placed<'_>, kind: Kind) -> (Chart, u32) {
    let block = &placed.block;
    let height = AROUND + BAR * block.row_count() as u32;
    let mut chart = look::chart(ChartType::Bar, &block.heading, height);
    let numbers = |column: usize| -> Vec<Option<f64>> {
        block.columns[column].cells.iter().map(|cell| cell.as_ref().and_then(SideCell::number)).collect()
    };
    let first = numbers(1).first().copied().flatten().filter(|first| *first > 0.0);
    let label = |(stage, x): (usize, &Option<f64>)| {
        let share =
            first.filter(|_| stage > 0).zip(*x).map(|(first, x)| format!(" ({})", short(Kind::Rate, x / first)));
        x.map(|x| format!("{}{}", short(kind, x), share.unwrap_or_default()))
    };
    for (column, color) in [(1, look::ONE), (2, look::APART)] {
        let labels: Vec<Option<String>> = numbers(column).iter().enumerate().map(label).collect();
        let series = look::filled(placed.series(&mut chart, column), color).set_gap(35).set_overlap(100);
        look::named(series, &labels, ChartDataLabelPosition::OutsideEnd);
    }
    chart.legend().set_hidden();
    axes(&mut chart, block, false).set_num_format(short_format(kind, block.numbers()));
    (chart, height)
}

/// Whether every bar's name has its place below the bar.
pub(super) fn stands(block: &Block) -> bool {
    block.names().all(|name| match name {
        SideCell::Text(text) => text.width() <= NAME_MOST && block.row_count() <= STANDING_MOST,
        _ => true,
    })
}

/// Sets the axis of the names (days as months where they are month ends, lying bars from the top down) and gives that of the
/// numbers.
pub(super) fn axes<'a>(chart: &'a mut Chart, block: &Block, is_standing: bool) -> &'a mut ChartAxis {
    let is_month_end = |day: NaiveDate| day.succ_opt().is_some_and(|next| next.day() == 1);
    let days: Vec<NaiveDate> = block.names().filter_map(SideCell::day).collect();
    let names = look::names_axis(chart, is_standing).set_text_axis(true);
    if !days.is_empty() {
        names.set_num_format(if days.into_iter().all(is_month_end) { "mmm yy" } else { "d mmm yy" });
    }
    if !is_standing {
        names.set_reverse();
    }
    look::numbers_axis(chart, is_standing)
}
