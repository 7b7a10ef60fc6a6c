//! Charts of small sheets, by what a reader must find in them.

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
    assert!(chart.contains("A, due: 1,000.00") && chart.contains("A, unapplied: -400.00") && chart.contains(">600<"));
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

/// Rows of (name, currency, amounts in whole units), each amount a column.
fn groups(rows: &[(&str, &str, [i128; 2])]) -> Sheet {
    let columns = vec![
        Column::new("customer", Kind::Text),
        Column::new("currency", Kind::Text),
        Column::new("open_amount", Kind::Amount),
        Column::new("overdue_amount", Kind::Amount),
    ];
    let amount = |units: i128| Cell::Amount(Money::from_units(units * 10_000));
    let cells: Vec<Vec<Cell<'_>>> = rows
        .iter()
        .map(|(a, b, [open, overdue])| vec![Cell::Text(a), Cell::Text(b), amount(*open), amount(*overdue)])
        .collect();
    let chart =
        Chart::Bars { category: "customer".into(), values: vec!["open_amount".into(), "overdue_amount".into()] };
    Sheet::from_rows("top", "Top", columns, &cells).expect("a sheet").charted(chart)
}

fn numbers(columns: [(&str, Kind); 3], rows: &[(&str, &str, f64)], chart: Chart) -> Sheet {
    let cells: Vec<Vec<Cell<'_>>> =
        rows.iter().map(|(a, b, x)| vec![Cell::Text(a), Cell::Text(b), Cell::Number(*x)]).collect();
    let columns = columns.map(|(name, kind)| Column::new(name, kind)).to_vec();
    Sheet::from_rows("numbers", "Numbers", columns, &cells).expect("a sheet").charted(chart)
}

#[test]
fn groups_have_a_bar_a_value_and_those_left_out_are_summed() {
    let names: Vec<String> = (0..10_000).map(|n| format!("customer {n}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "EUR", [3, 1])).collect();
    let chart = drawn(&groups(&rows));
    let bars = chart.matches("<rect class=\"dc-f").count();
    assert_eq!(bars, 2 * 25 + 2, "bars and the legend");
    assert!(chart.contains("customer 0, Overdue amount: 1.00"));
    assert!(chart.contains("The first 25 bars of EUR; 9,975 more (29.9\u{a0}k and 9,975 in all) are in the table."));
    assert!(chart.contains("Bars of open amount and overdue amount by customer. EUR: customer 0 3 and 1;"));
}

#[test]
fn a_name_that_is_cut_is_whole_under_the_pointer() {
    let name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft m. b. H. & <Söhne>";
    let chart = svg(&groups(&[(name, "EUR", [2, 1])]), Place::Phone).expect("a chart");
    assert!(chart.contains(
        "<g><title>Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft m. b. H. &amp; \
         &lt;Söhne&gt;</title>"
    ));
}

#[test]
fn a_small_matrix_whole() {
    let chart = Chart::Heat { row: "from".into(), column: "to".into(), value: "rate".into() };
    let columns = [("from", Kind::Text), ("to", Kind::Text), ("rate", Kind::Rate)];
    let sheet = numbers(columns, &[("due", "due", 0.25), ("due", "paid", 0.75), ("late", "paid", 1.0)], chart);
    insta::assert_snapshot!(drawn(&sheet), @r#"
    <svg xmlns="http://www.w3.org/2000/svg" class="dc" role="img" viewBox="0 0 900 109" width="900" height="109">
    <title>Numbers</title>
    <desc>Matrix of rate by from and to. due due 25.0%, paid 75.0%; late paid 100%.</desc>
    <text class="dc-head" x="2" y="16">Rate: from down, to across</text>
    <text x="80.82" y="35.5" text-anchor="middle">due</text>
    <text x="176.82" y="35.5" text-anchor="middle">paid</text>
    <text x="23.82" y="64" text-anchor="end">due</text>
    <rect class="dc-h1" x="33.82" y="47" width="94" height="26"><title>due, due: 25.0%</title></rect>
    <text class="dc-t1" x="80.82" y="64" text-anchor="middle">25.0%</text>
    <rect class="dc-h4" x="129.82" y="47" width="94" height="26"><title>due, paid: 75.0%</title></rect>
    <text class="dc-t4" x="176.82" y="64" text-anchor="middle">75.0%</text>
    <text x="23.82" y="92" text-anchor="end">late</text>
    <text class="dc-muted" x="80.82" y="92" text-anchor="middle">–</text>
    <rect class="dc-h5" x="129.82" y="75" width="94" height="26"><title>late, paid: 100.0%</title></rect>
    <text class="dc-t5" x="176.82" y="92" text-anchor="middle">100%</text>
    </svg>
    "#);
}

#[test]
fn the_columns_of_a_narrow_matrix_are_named_upright_and_no_word_is_broken() {
    let rows = ["not due", "received", "credited", "written off", "1-30", "31-60", "61-90", "91+"]
        .map(|to| ("due", to, 0.125));
    let chart = Chart::Heat { row: "from".into(), column: "to".into(), value: "rate".into() };
    let sheet = numbers([("from", Kind::Text), ("to", Kind::Text), ("rate", Kind::Rate)], &rows, chart);
    let narrow = svg(&sheet, Place::Phone).expect("a chart");
    assert_eq!(narrow.matches("rotate(-90)").count(), 8);
    assert!(narrow.contains(">received</text>") && !drawn(&sheet).contains("rotate"));
}

#[test]
fn a_stage_shows_its_share_of_the_first() {
    let chart = Chart::Funnel { stage: "stage".into(), value: "count".into(), apart: vec!["open".into()] };
    let columns = [("stage", Kind::Text), ("note", Kind::Text), ("count", Kind::Number)];
    let sheet = numbers(columns, &[("raised", "", 80.0), ("resolved", "", 20.0), ("open", "", 60.0)], chart);
    let chart = drawn(&sheet);
    assert_eq!((chart.matches("class=\"dc-one\"").count(), chart.matches("class=\"dc-f0\"").count()), (2, 1));
    assert!(chart.contains(">60.0 (75.0%)</text>"), "what stands apart has its share too");
    assert!(chart.contains(">80.0</text>") && chart.contains(">20.0 (25.0%)</text>"));
    assert!(
        chart.contains("Stages of count by stage, with their share of the first. raised 80.0; resolved 20.0 (25.0%); open 60.0 (75.0%).")
    );
}

#[test]
fn a_curve_of_shares_is_read_off_where_it_passes_a_half_and_four_fifths() {
    let columns = vec![Column::new("customer_rate", Kind::Rate), Column::new("balance_rate", Kind::Rate)];
    let points = [(0.0, 0.0), (0.1, 0.6), (0.2, 0.7), (0.5, 0.9), (1.0, 1.0)];
    let cells: Vec<Vec<Cell<'_>>> = points.iter().map(|(x, y)| vec![Cell::Number(*x), Cell::Number(*y)]).collect();
    let sheet = Sheet::from_rows("curve", "Curve", columns, &cells).expect("a sheet").charted(Chart::Curve {
        x: "customer_rate".into(),
        y: "balance_rate".into(),
        series: None,
    });
    assert!(drawn(&sheet).contains("10.0% → 60.0%, 50.0% → 90.0%, 100% → 100%."));
}

#[test]
fn the_words_at_the_end_of_a_curve_stand_inside_the_chart() {
    let columns = vec![Column::new("customer_rate", Kind::Rate), Column::new("balance_rate", Kind::Rate)];
    let points = [0.0, 1.0].map(|x| vec![Cell::Number(x), Cell::Number(x)]);
    let chart = Chart::Curve { x: "customer_rate".into(), y: "balance_rate".into(), series: None };
    let sheet = Sheet::from_rows("curve", "Curve", columns, &points).expect("a sheet").charted(chart);
    for place in [Place::Phone, Place::Slide, Place::File] {
        let chart = svg(&sheet, place).expect("a chart");
        assert!(chart.contains(r#"text-anchor="end">100% → 100%</text>"#), "{place:?}: {chart}");
    }
}

#[test]
fn a_line_that_ended_before_the_last_day_is_not_led_to_its_edge() {
    let rows = [
        ("2024-01-31", "true", Some(155.0)),
        ("2024-01-31", "simple", Some(30.0)),
        ("2024-02-29", "true", None),
        ("2024-02-29", "simple", Some(40.0)),
    ];
    let narrow = svg(&lines(&rows), Place::Phone).expect("a chart");
    assert!(!narrow.contains("none since") && narrow.contains(">40.0</text>"), "{narrow}");
    let drawn = drawn(&lines(&rows));
    assert!(drawn.contains(">true</text>") && drawn.contains(">none since 31 Jan 2024</text>"), "{drawn}");
    assert!(!drawn.contains("true\u{2002}155") && drawn.contains("simple\u{2002}40"), "{drawn}");
}

#[test]
fn lines_that_are_all_zero_have_an_axis_above_them() {
    let columns = [("day", Kind::Date), ("method", Kind::Text), ("percent", Kind::Number)];
    let columns = columns.map(|(name, kind)| Column::new(name, kind)).to_vec();
    let day = |day: &str| Cell::Date(day.parse().expect("a day"));
    let rows = ["2024-01-31", "2024-02-29"].map(|on| vec![day(on), Cell::Text("CEI"), Cell::Number(0.0)]);
    let chart = Chart::Lines { day: "day".into(), series: "method".into(), value: "percent".into() };
    let sheet = Sheet::from_rows("cei", "CEI", columns, &rows).expect("a sheet").charted(chart);
    let chart = drawn(&sheet);
    assert!(chart.contains("<polyline") && chart.contains(">1</text>"), "{chart}");
}

#[test]
fn every_kind_without_rows_says_so() {
    let text = [("a", Kind::Text), ("b", Kind::Text), ("c", Kind::Number)];
    let [a, b, c] = ["a", "b", "c"].map(str::to_owned);
    let kinds = [
        Chart::Bars { category: a.clone(), values: vec![c.clone()] },
        Chart::Curve { x: c.clone(), y: c.clone(), series: Some(a.clone()) },
        Chart::Waterfall { step: a.clone(), value: c.clone(), total: b.clone() },
        Chart::Heat { row: a.clone(), column: b, value: c.clone() },
        Chart::Funnel { stage: a, value: c, apart: Vec::new() },
    ];
    for kind in kinds {
        assert!(drawn(&numbers(text, &[], kind)).contains("Nothing to draw: there are no values."));
    }
}

/// How far apart two colours are without their hue: the contrast ratio of WCAG 2.2, from 1 (the same grey) to 21.
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |colour: &str| {
        let channel = |at: usize| {
            let share = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two hex digits")) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// The colour that a style gives a class.
fn colour<'a>(style: &'a str, class: &str) -> &'a str {
    let start = [" { fill: ", " { stroke: "].iter().find_map(|then| {
        let rule = format!(".{class}{then}");
        style.find(&rule).map(|at| at + rule.len())
    });
    let start = start.unwrap_or_else(|| panic!("{class} has no colour"));
    &style[start..start + 7]
}

#[test]
fn neighbours_differ_in_grey_as_well_in_light_and_in_dark() {
    let (light, dark) = STYLE.split_once("@media").expect("a dark style");
    let ramp = |letter: char, count: usize| (0..count).map(|n| format!("dc-{letter}{n}")).collect::<Vec<_>>();
    for (style, ink, ink_on_dark) in [(light, "#1b1f24", "#ffffff"), (dark, "#e8eaed", "#10151a")] {
        for ramp in [ramp('f', 8), ramp('h', 6)] {
            for pair in ramp.windows(2) {
                let ratio = contrast(colour(style, &pair[0]), colour(style, &pair[1]));
                assert!(ratio > 1.14, "{} and {}: {ratio:.2}", pair[0], pair[1]);
            }
        }
        for (a, b) in [("dc-total", "dc-up"), ("dc-total", "dc-down"), ("dc-up", "dc-down")] {
            let ratio = contrast(colour(style, a), colour(style, b));
            assert!(ratio > 1.7, "{a} and {b}: {ratio:.2}");
        }
        for (shade, class) in ramp('h', 6).iter().enumerate() {
            let ratio = contrast(colour(style, class), if shade < 4 { ink } else { ink_on_dark });
            assert!(ratio > 4.5, "the number in {class}: {ratio:.2}");
        }
    }
}

#[test]
fn of_ten_thousand_days_the_last_are_drawn_and_the_year_stays_known() {
    let columns = vec![Column::new("due_on", Kind::Date), Column::new("item_count", Kind::Count)];
    let first: NaiveDate = "2001-03-01".parse().expect("a day");
    let cells: Vec<Vec<Cell<'_>>> =
        first.iter_days().take(10_000).map(|day| vec![Cell::Date(day), Cell::Count(1)]).collect();
    let sheet = Sheet::from_rows("due", "Due", columns, &cells).expect("a sheet").charted(Chart::StackedBars {
        category: "due_on".into(),
        series: None,
        value: "item_count".into(),
    });
    let chart = drawn(&sheet);
    assert_eq!(chart.matches("<rect").count(), 120);
    assert!(chart.contains("The last 120 days; 9,880 before them are in the table.") && chart.contains(">2028</text>"));
}

#[test]
fn a_column_of_places_orders_the_bars_and_not_who_comes_first() {
    let columns = vec![
        Column::new("customer", Kind::Text),
        Column::new("bucket", Kind::Text),
        Column::new("bucket_no", Kind::Count),
        Column::new("item_count", Kind::Count),
    ];
    let rows = [("A", "91+", 4, 5), ("B", "not due", 0, 6), ("B", "1-30", 1, 7), ("B", "91+", 4, 8)];
    let cells: Vec<Vec<Cell<'_>>> = rows
        .iter()
        .map(|(a, bucket, no, n)| vec![Cell::Text(a), Cell::Text(bucket), Cell::Count(*no), Cell::Count(*n)])
        .collect();
    let sheet = Sheet::from_rows("aging", "Ageing", columns, &cells).expect("a sheet");
    let [customer, bucket, value] = ["customer", "bucket", "item_count"].map(str::to_owned);
    let bars = Chart::StackedBars { category: bucket.clone(), series: None, value: value.clone() };
    assert!(drawn(&sheet.clone().charted(bars)).contains("not due 6; 1-30 7; 91+ 13."));
    let heat = Chart::Heat { row: customer, column: bucket, value };
    assert!(drawn(&sheet.charted(heat)).contains("A 91+ 5; B not due 6, 1-30 7, 91+ 8."));
}

/// Day, line, value in whole units, lower and upper end.
type FanRow<'a> = (&'a str, &'a str, f64, Option<(f64, f64)>);

/// What came and what is expected.
fn fan(rows: &[FanRow<'_>]) -> Sheet {
    let columns = vec![
        Column::new("day_on", Kind::Date),
        Column::new("line", Kind::Text),
        Column::new("currency", Kind::Text),
        Column::new("amount", Kind::Amount),
        Column::new("lower", Kind::Amount),
        Column::new("upper", Kind::Amount),
    ];
    let amount = |x: f64| Cell::Amount(Money::from_units((x * 10_000.0) as i128));
    let end = |x: Option<f64>| x.map_or(Cell::Empty, amount);
    let cells: Vec<Vec<Cell<'_>>> = rows
        .iter()
        .map(|(day, line, value, band)| {
            let day = Cell::Date(day.parse().expect("a day"));
            let ends = [end(band.map(|b| b.0)), end(band.map(|b| b.1))];
            vec![day, Cell::Text(line), Cell::Text("EUR"), amount(*value), ends[0], ends[1]]
        })
        .collect();
    let [day, value] = ["day_on", "amount"].map(str::to_owned);
    let [lower, upper, series] = ["lower", "upper", "line"].map(str::to_owned);
    let today = NaiveDate::from_ymd_opt(2024, 1, 2).expect("a day");
    let chart = Chart::Fan { day, value, lower, upper, series, today };
    Sheet::from_rows("fan", "Fan", columns, &cells).expect("a sheet").charted(chart)
}

#[test]
fn a_fan_has_its_bands_below_its_lines_and_says_where_they_end() {
    let chart = drawn(&fan(&[
        ("2024-01-01", "collected", 100.0, None),
        ("2024-01-02", "collected", 200.0, None),
        ("2024-01-02", "expected", 200.0, Some((200.0, 200.0))),
        ("2024-01-03", "expected", 300.0, Some((250.0, 400.0))),
    ]));
    let (band, line) =
        (chart.find("<polygon class=\"dc-b1\"").expect("a band"), chart.find("<polyline class=\"dc-line dc-l1"));
    assert!(line.is_some_and(|line| band < line) && chart.matches("<polygon").count() == 1);
    assert!(chart.contains("expected from 200 on 2024-01-02 to 300 (250 to 400) on 2024-01-03"));
    assert!(chart.contains(">250 to 400</text>"));
    assert!(chart.contains(">as of 2024-01-02</text>"));
    // What came ends before the chart does and has its name in the legend alone.
    assert_eq!((chart.matches(">collected</text>").count(), chart.matches(">expected</text>").count()), (1, 1));
}

#[test]
fn the_name_of_the_day_steps_aside_for_a_line() {
    let height = |rows: &[FanRow<'_>]| {
        let chart = drawn(&fan(rows));
        let until = chart.find(">as of 2024-01-02</text>").expect("the name of the day");
        let from = chart[..until].rfind(" y=\"").expect("its place") + 4;
        chart[from..].split('"').next().and_then(|y| y.parse::<f64>().ok()).expect("a number")
    };
    let target = |day, line| (day, line, 1000.0, None);
    let rising = [("2024-01-01", "collected", 1.0, None), ("2024-01-02", "collected", 400.0, None)];
    let alone = height(&[&rising[..], &[("2024-01-09", "collected", 1000.0, None)]].concat());
    let below = height(&[&rising[..], &[target("2024-01-01", "target"), target("2024-01-09", "target")]].concat());
    assert!(below > alone + 100.0, "{alone} {below}");
}

#[test]
fn a_day_without_a_range_breaks_its_band_and_a_fan_without_any_is_lines() {
    let ranged = |day, value: f64| (day, "expected", value, Some((value - 10.0, value + 10.0)));
    let chart = drawn(&fan(&[
        ranged("2024-01-01", 100.0),
        ranged("2024-01-02", 110.0),
        ("2024-01-03", "expected", 120.0, None),
        ranged("2024-01-04", 130.0),
        ranged("2024-01-05", 140.0),
    ]));
    assert_eq!((chart.matches("<polygon").count(), chart.matches("<polyline class=\"dc-line").count()), (2, 1));
    assert!(!drawn(&fan(&[("2024-01-01", "collected", 1.0, None)])).contains("polygon"));
}

#[test]
fn the_bands_of_a_fan_become_lines_where_a_chart_has_no_bands() {
    let sheet = fan(&[("2024-01-01", "collected", 1.0, None), ("2024-01-02", "expected", 2.0, Some((1.0, 3.0)))]);
    let chart = sheet.chart.as_ref().expect("a chart");
    let figure = data::figure(&sheet, chart).expect("a figure").with_bands_as_lines();
    assert_eq!(figure.series, ["collected", "expected", "expected, lower", "expected, upper"]);
    let last = &figure.panels[0].days[1].1;
    assert_eq!(
        last.iter().map(|v| v.as_ref().map(|v| v.x)).collect::<Vec<_>>(),
        [None, Some(2.0), Some(1.0), Some(3.0)]
    );
}
