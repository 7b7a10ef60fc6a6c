//! Colours and fonts of native charts, those of the SVG charts' stylesheet.

use rust_xlsxwriter as xlsx;
use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisLabelPosition, ChartDataLabel, ChartDataLabelPosition, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartSeries, ChartSolidFill, ChartType,
};

/// Layers, from light to dark.
const RAMP: [u32; 8] = [0x94_caef, 0xd7_ae44, 0xd4_9027, 0xcf_6b20, 0xbf_492b, 0xa3_2f33, 0x7d_2140, 0x54_1e43];
const LINES: [u32; 7] = [0x0b_4f8a, 0xd5_5e00, 0x00_9e73, 0x8e_4585, 0x3b_9bd6, 0x6b_5a00, 0x22_262b];
pub(super) const ONE: u32 = 0x2f_6ea5;
/// What stands beside the stages of a funnel.
pub(super) const APART: u32 = 0x94_caef;
/// The least and the most of a matrix; text can be read on both.
pub(super) const SHADES: (u32, u32) = (0xee_f4f9, 0x6f_a8d3);
const GRID: u32 = 0xe2_e5e9;
const AXIS: u32 = 0x6b_7480;
const INK: u32 = 0x1b_1f24;
const MUTED: u32 = 0x51_5a64;

/// Pixels of a chart across.
pub(super) const WIDTH: u32 = 640;

/// An empty chart with its title.
pub(super) fn chart(kind: ChartType, title: &str, height: u32) -> Chart {
    let mut chart = Chart::new(kind);
    chart.set_width(WIDTH).set_height(height);
    chart.title().set_name(title).set_font(font(11).set_bold().set_color(INK)).set_overlay(false);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9));
    let is_standing = !is_lying(kind);
    quiet(names_axis(&mut chart, is_standing))
        .set_major_gridlines(false)
        .set_label_position(ChartAxisLabelPosition::Low);
    quiet(numbers_axis(&mut chart, is_standing))
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(GRID));
    chart
}

const fn is_lying(kind: ChartType) -> bool {
    matches!(kind, ChartType::Bar | ChartType::BarStacked)
}

/// The axis of the names: the one across, unless the bars lie.
pub(super) fn names_axis(chart: &mut Chart, is_standing: bool) -> &mut ChartAxis {
    if is_standing { chart.x_axis() } else { chart.y_axis() }
}

/// The other axis.
pub(super) fn numbers_axis(chart: &mut Chart, is_standing: bool) -> &mut ChartAxis {
    names_axis(chart, !is_standing)
}

fn quiet(axis: &mut ChartAxis) -> &mut ChartAxis {
    axis.set_font(&font(9)).set_format(ChartFormat::new().set_line(ChartLine::new().set_color(AXIS)))
}

pub(super) fn font(size: u8) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(size).set_color(MUTED);
    font
}

/// Filled with one colour.
pub(super) fn filled(series: &mut ChartSeries, color: u32) -> &mut ChartSeries {
    series.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)).set_no_border())
}

/// The colour of a layer: steps of the ramp as far apart as their number allows, as the SVG charts take them.
pub(super) fn layer(series: usize, count: usize) -> u32 {
    if count == 1 {
        return ONE;
    }
    let end = (count + 2).min(RAMP.len() - 1);
    RAMP[(series * end + (count - 1) / 2) / (count - 1)]
}

/// Drawn as a line of its own colour and dashes.
pub(super) fn lined(series: &mut ChartSeries, at: usize) -> &mut ChartSeries {
    use xlsx::ChartLineDashType as Dash;
    const DASHES: [Dash; 7] =
        [Dash::Solid, Dash::Dash, Dash::RoundDot, Dash::DashDot, Dash::LongDash, Dash::SquareDot, Dash::LongDashDot];
    let color = LINES[at % LINES.len()];
    let mut line = ChartLine::new();
    line.set_color(color).set_width(2.25).set_dash_type(DASHES[at % DASHES.len()]);
    series.set_format(ChartFormat::new().set_line(&line))
}

/// A small filled dot on each point of a line.
pub(super) fn dotted(series: &mut ChartSeries, at: usize) -> &mut ChartSeries {
    let color = LINES[at % LINES.len()];
    let mut marker = xlsx::ChartMarker::new();
    marker.set_type(xlsx::ChartMarkerType::Circle).set_size(5);
    marker.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)).set_no_border());
    series.set_marker(&marker)
}

/// With a text of its own beside each point that has one, where the kind of chart puts it or at a place.
pub(super) fn named<'a>(
    series: &'a mut ChartSeries,
    texts: &[Option<String>],
    place: ChartDataLabelPosition,
) -> &'a mut ChartSeries {
    let shown = || {
        let mut label = ChartDataLabel::new();
        label.show_value().set_font(&font(9)).set_position(place);
        label
    };
    let label = |text: &Option<String>| match text {
        Some(text) => shown().set_value(text).to_custom(),
        None => ChartDataLabel::new().set_hidden().to_custom(),
    };
    series.set_data_label(&shown());
    series.set_custom_data_labels(&texts.iter().map(label).collect::<Vec<_>>())
}

/// A line that shows nothing but the texts beside its points.
pub(super) fn unseen(series: &mut ChartSeries) -> &mut ChartSeries {
    series.set_marker(xlsx::ChartMarker::new().set_none()).set_format(ChartFormat::new().set_no_line())
}
