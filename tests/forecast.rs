//! `forecast` by the command line: its chart, what it is converted at, and books at the edge of what can be forecast.

use crate::support::{Dir, SAMPLES, rows, units};

fn sample() -> Dir {
    let dir = Dir::new();
    dir.ok(&["load", SAMPLES]);
    dir
}

/// Thousands as a chart says them.
fn short(amount: &str) -> String {
    let thousands = units(amount) as f64 / 10_000_000.0;
    if thousands < 100.0 { format!("{thousands:.1} k") } else { format!("{thousands:.0} k") }
}

#[test]
fn the_chart_shows_what_came_before_and_ends_with_the_range_of_the_last_week() {
    let dir = sample();
    let forecast = ["forecast", "--as-of", "2024-12-31", "--week-start", "next", "--currency", "EUR"];
    dir.ok(&[&forecast[..], &["-o", "fan.svg"]].concat());
    let chart = std::fs::read_to_string(dir.path().join("fan.svg")).expect("a chart");
    let came = dir.ok(&[
        "sql",
        "select cast(sum(-amount) as decimal(18,1)) as came from item where kind in ('receipt', 'down_payment')
            and currency = 'EUR' and posted_on between '2024-12-25' and '2024-12-31'",
    ]);
    let came = short(&rows(&came)[0]["came"]);
    assert!(chart.contains(&format!("to {came} on 2024-12-31; Expected")), "{came}: {chart}");
    let weeks = rows(&dir.ok(&forecast));
    let last = weeks.iter().rfind(|row| row["line"] == "total").expect("a last week");
    let [p10, p90, end] = [short(&last["p10"]), short(&last["p90"]), last["week_end"].clone()];
    assert!(chart.contains(&format!("({p10} to {p90}) on {end}")), "{p10} to {p90} on {end}: {chart}");
    assert!(chart.contains(">as of 2024-12-31</text>"));
}

#[test]
fn a_forecast_that_is_split_has_no_chart_and_says_why() {
    let dir = sample();
    let run = dir.run(&["forecast", "--as-of", "2024-12-31", "--by", "company", "-f", "svg"]);
    assert!(run.code == 2 && run.stderr.contains("forecast has a chart only where it is not split"), "{run:?}");
}
