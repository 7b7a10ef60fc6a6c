//! A sheet's chart as one self-contained SVG.
//!
//! The SVG is written here and not by a plotting library: it needs classes that follow the reader's light or dark page, text
//! measured without a font, labels that stand beside their lines, layers below zero and one panel a currency, and it must be
//! the same bytes on every machine.
//!
//! `data` reads the sheet, `frame` lays out title, legend, panels and footnote, `words` says the same for those who cannot
//! see it, and one file a kind draws a panel: `bars` and `rows` (stacked, upright or lying), `lines`, `groups`, `waterfall`,
//! `curve`, `heat` and `funnel`.

use crate::error::Error;
use crate::sheet::{Chart, Sheet};

mod axis;
mod bars;
mod curve;
mod data;
mod day;
mod frame;
mod funnel;
mod groups;
mod heat;
mod lines;
mod measure;
mod rows;
mod scale;
mod svg;
mod waterfall;
mod words;

/// Colours and sizes of every chart, by class; a page that holds charts without their own style needs it once.
pub const STYLE: &str = include_str!("style.css");

/// Where a chart is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In a file of its own, 960 pixels wide: with title, background and style.
    File,
    /// In a page that has the title and [`STYLE`], 900 pixels wide.
    Page,
    /// The same on a telephone, 360 pixels wide.
    Phone,
}

impl Place {
    const fn width(self) -> f64 {
        match self {
            Self::File => 960.0,
            Self::Page => 900.0,
            Self::Phone => 360.0,
        }
    }
}

/// The sheet's chart.
///
/// Amounts in several currencies become one panel a currency and are never added. A chart with nothing to draw says so in
/// the chart.
///
/// # Errors
/// [`Error::Usage`] where the sheet has no chart; [`Error::Internal`] where its chart names a column that the sheet has not.
pub fn svg(sheet: &Sheet, place: Place) -> Result<String, Error> {
    let Some(chart) = &sheet.chart else {
        return Err(Error::usage(format!("{} has no chart; use -f table, csv, json or parquet", sheet.name)));
    };
    let figure = data::figure(sheet, chart)?;
    let figure = match chart {
        Chart::Lines { .. } => figure,
        chart => figure.with_days_as_bars(matches!(chart, Chart::StackedBars { .. })),
    };
    Ok(frame::draw(sheet, chart, &figure, place))
}

/// A number of things: `12,345`.
fn count(things: usize) -> String {
    super::shown::count(things)
}

pub(super) fn render(sheet: &Sheet, _: &super::RenderOptions) -> Result<Vec<u8>, Error> {
    svg(sheet, Place::File).map(String::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::{Cell, Column, Kind};
    use chrono::NaiveDate;

    /// Rows of (name, currency, layer, amount in ten-thousandths), layered where the layers are more than one.
    fn bars(rows: &[(&str, &str, &str, i128)]) -> Sheet {
        let columns = vec![
            Column::new("customer", Kind::Text),
            Column::new("currency", Kind::Text),
            Column::new("bucket", Kind::Text),
            Column::new("open_amount", Kind::Amount),
        ];
        let cells: Vec<Vec<Cell<'_>>> = rows
            .iter()
            .map(|(a, b, c, units)| {
                vec![Cell::Text(a), Cell::Text(b), Cell::Text(c), Cell::Amount(Money::from_units(*units))]
            })
            .collect();
        let series = rows.iter().any(|row| row.2 != rows[0].2).then(|| "bucket".to_owned());
        let chart = Chart::StackedBars { category: "customer".into(), series, value: "open_amount".into() };
        Sheet::from_rows("aging", "Ageing", columns, &cells).expect("a sheet").charted(chart)
    }

    fn lines(rows: &[(&str, &str, Option<f64>)]) -> Sheet {
        let columns =
            vec![Column::new("as_of", Kind::Date), Column::new("method", Kind::Text), Column::new("dso", Kind::Number)];
        let cells: Vec<Vec<Cell<'_>>> = rows
            .iter()
            .map(|(day, method, value)| {
                let day: NaiveDate = day.parse().expect("a day");
                vec![Cell::Date(day), Cell::Text(method), value.map_or(Cell::Empty, Cell::Number)]
            })
            .collect();
        let chart = Chart::Lines { day: "as_of".into(), series: "method".into(), value: "dso".into() };
        Sheet::from_rows("dso", "DSO", columns, &cells).expect("a sheet").charted(chart)
    }

    fn drawn(sheet: &Sheet) -> String {
        svg(sheet, Place::Page).expect("a chart")
    }

    #[test]
    fn a_small_chart_whole() {
        insta::assert_snapshot!(drawn(&bars(&[("A & Co", "EUR", "", 15_000_000), ("B", "EUR", "", -5_000_000)])), @r#"
        <svg xmlns="http://www.w3.org/2000/svg" class="dc" role="img" viewBox="0 0 900 323" width="900" height="323">
        <title>Ageing</title>
        <desc>Bars of open amount by customer. EUR: A &amp; Co 1,500; B −500.</desc>
        <text class="dc-head" x="2" y="16">Open amount, EUR</text>
        <line class="dc-grid" x1="41.22" y1="264" x2="898" y2="264"/>
        <text class="dc-muted" x="33.22" y="268" text-anchor="end">−500</text>
        <line class="dc-zero" x1="41.22" y1="209" x2="898" y2="209"/>
        <text class="dc-muted" x="33.22" y="213" text-anchor="end">0</text>
        <line class="dc-grid" x1="41.22" y1="154" x2="898" y2="154"/>
        <text class="dc-muted" x="33.22" y="158" text-anchor="end">500</text>
        <line class="dc-grid" x1="41.22" y1="99" x2="898" y2="99"/>
        <text class="dc-muted" x="33.22" y="103" text-anchor="end">1,000</text>
        <line class="dc-grid" x1="41.22" y1="44" x2="898" y2="44"/>
        <text class="dc-muted" x="33.22" y="48" text-anchor="end">1,500</text>
        <rect class="dc-one" x="223.42" y="44" width="64" height="165"><title>A &amp; Co: 1,500.00</title></rect>
        <text class="dc-number" x="255.42" y="39" text-anchor="middle">1,500</text>
        <rect class="dc-one" x="651.81" y="209" width="64" height="55"><title>B: -500.00</title></rect>
        <text class="dc-number" x="683.81" y="279" text-anchor="middle">−500</text>
        <line class="dc-zero" x1="41.22" y1="209" x2="898" y2="209"/>
        <text x="255.42" y="296" text-anchor="middle">A &amp; Co</text>
        <text x="683.81" y="296" text-anchor="middle">B</text>
        </svg>
        "#);
    }

    #[test]
    fn each_currency_has_its_panel_and_no_sum_of_both_is_shown() {
        let chart = drawn(&bars(&[("A", "EUR", "", 10_000_000), ("A", "USD", "", 20_000_000)]));
        assert!(chart.contains("Open amount, EUR") && chart.contains("Open amount, USD"));
        assert!(chart.contains(">1,000</text>") && chart.contains(">2,000</text>") && !chart.contains("3,000"));
    }

    #[test]
    fn layers_of_both_signs_show_their_net_and_say_so() {
        let chart = drawn(&bars(&[("A", "EUR", "due", 10_000_000), ("A", "EUR", "unapplied", -4_000_000)]));
        assert!(chart.contains("Open amount, EUR (the numbers are net)"));
        assert!(
            chart.contains("A, due: 1,000.00") && chart.contains("A, unapplied: -400.00") && chart.contains(">600<")
        );
    }

    #[test]
    fn many_or_long_names_lie_beside_their_bars_and_the_rest_is_counted() {
        let names: Vec<String> = (0..70).map(|n| format!("Fővárosi Ásványvíz- és Üdítőipari Zrt. {n}")).collect();
        let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "EUR", "", 10_000)).collect();
        let chart = drawn(&bars(&rows));
        assert_eq!(chart.matches("<rect").count(), 60);
        assert!(chart.contains("The first 60 bars of EUR; 10 more (10 in all) are in the table."));
    }

    #[test]
    fn layers_past_the_eighth_are_one() {
        let layers: Vec<String> = (0..12).map(|n| format!("company {n}")).collect();
        let rows: Vec<_> = layers.iter().map(|layer| ("A", "EUR", layer.as_str(), 10_000)).collect();
        let chart = drawn(&bars(&rows));
        assert!(chart.contains(">5 others</text>") && chart.contains("A, 5 others: 5.00"));
    }

    #[test]
    fn a_day_without_a_value_breaks_the_line() {
        let value = |day, value| (day, "simple", value);
        let chart = drawn(&lines(&[
            value("2024-01-31", Some(45.0)),
            value("2024-02-29", Some(46.0)),
            value("2024-03-31", None),
            value("2024-04-30", Some(47.0)),
            value("2024-05-31", Some(48.0)),
        ]));
        assert_eq!(chart.matches("<polyline class=\"dc-line dc-l0\"").count(), 2);
        assert!(chart.contains("simple from 45.0 on 2024-01-31 to 48.0 on 2024-05-31."));
    }

    #[test]
    fn one_point_is_a_dot_with_its_number() {
        let chart = drawn(&lines(&[("2024-01-31", "simple", Some(45.0))]));
        assert_eq!((chart.matches("<circle").count(), chart.matches("dc-line dc-l0\" points").count()), (1, 0));
        assert!(chart.contains("simple 45.0 on 2024-01-31"));
    }

    #[test]
    fn two_rows_for_one_point_are_not_added_where_they_do_not_add_up() {
        let chart = drawn(&lines(&[("2024-01-31", "simple", Some(45.0)), ("2024-01-31", "simple", Some(5.0))]));
        assert!(chart.contains("Not drawn: 2024-01-31 has several rows, and dso does not add up."));
    }

    #[test]
    fn nothing_to_draw_says_so() {
        assert!(drawn(&bars(&[])).contains("Nothing to draw: there are no values."));
        assert!(drawn(&lines(&[("2024-01-31", "simple", None)])).contains("Nothing to draw: there are no values."));
    }

    #[test]
    fn extreme_numbers_still_give_a_chart() {
        for (low, high) in [(f64::MIN, f64::MAX), (0.0, 5e-324), (1e15, 1e15 + 0.125), (-1e-9, 1e9)] {
            let chart = drawn(&lines(&[("2024-01-31", "simple", Some(low)), ("2024-02-29", "simple", Some(high))]));
            assert!(!chart.contains("NaN") && !chart.contains("inf"), "{low} to {high}");
        }
    }

    #[test]
    fn a_file_has_its_style_and_a_page_gives_it_once() {
        let sheet = bars(&[("A", "EUR", "", 1)]);
        assert!(svg(&sheet, Place::File).expect("a chart").contains("prefers-color-scheme: dark"));
        assert!(!drawn(&sheet).contains("<style>"));
    }
}
