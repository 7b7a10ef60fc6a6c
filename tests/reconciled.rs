//! The reports behind the charts, each against another route to its totals: the ageing, or the figure of the same rows.

use chrono::NaiveDate;
use duecast::catalog::bind::{self, Run};
use duecast::domain::dimension::Dimension;
use duecast::ledger::store::Ledger;
use duecast::load::{LoadOptions, load};

/// Two routes to the same rows.
const ROUTES: &[(&str, &str)] = &[
    (
        "select currency, scope_key, sum(item_count), sum(open_amount) from top_customer group by all",
        "select currency, scope_key, sum(item_count), sum(open_amount) from aging_by_bucket group by all",
    ),
    (
        "select p.currency, p.scope_key, k.detail, p.balance_amount from concentration_point p
         join concentration_kpi k on k.metric = 'top_customer_rate' and k.currency = p.currency
           and k.scope_key = p.scope_key
         where p.customer_count = least(cast(k.detail as int),
           (select max(q.customer_count) from concentration_point q where q.currency = p.currency and q.scope_key = p.scope_key))",
        "select currency, scope_key, detail, numerator from concentration_kpi where metric = 'top_customer_rate'",
    ),
    (
        "select currency, scope_key, sum(item_count), sum(amount) from days_late_band group by all",
        "select a.currency, a.scope_key, a.denominator, w.denominator from days_to_clear_kpi a
         join days_to_clear_kpi w on w.currency = a.currency and w.scope_key = a.scope_key
         where a.metric = 'average_days_late' and w.metric = 'weighted_days_late'",
    ),
    (
        "select currency, scope_key, start_bucket, sum(item_count), sum(amount) from roll_cell group by all
         having sum(item_count) <> 0",
        "select currency, scope_key, bucket, item_count, open_amount from aging_at_the_start
         where bucket <> 'unapplied' and item_count <> 0",
    ),
    (
        "select currency, scope_key, start_bucket || ' -> ' || end_state as step, amount from roll_cell
         where end_no = start_no + 1 and amount <> 0",
        "select currency, scope_key, detail, numerator from roll_kpi where metric = 'roll_rate_item' and numerator <> 0",
    ),
    (
        "select currency, scope_key, start_bucket, 1, 1 from roll_cell where amount_rate is not null group by all",
        "select currency, scope_key, start_bucket, round(sum(amount_rate), 9), round(sum(item_rate), 9) from roll_cell
         where amount_rate is not null group by all",
    ),
    (
        "select currency, scope_key, disputed_amount from dispute_stage where stage = 'raised'",
        "select currency, scope_key, denominator from dispute_kpi where metric = 'ddo' and denominator <> 0",
    ),
];

/// Routes that meet only where the period holds every dispute.
const ROUTES_OF_ALL_DISPUTES: &[(&str, &str)] = &[
    (
        "select currency, scope_key, dispute_count from dispute_stage where stage = 'resolved' and dispute_count <> 0",
        "select currency, scope_key, denominator from dispute_kpi where metric = 'dispute_win_rate' and denominator <> 0",
    ),
    (
        "select currency, scope_key, dispute_count from dispute_stage where stage = 'invalid' and dispute_count <> 0",
        "select currency, scope_key, numerator from dispute_kpi where metric = 'dispute_win_rate' and numerator <> 0",
    ),
    (
        "select currency, scope_key, disputed_amount from dispute_stage where stage = 'still open' and disputed_amount <> 0",
        "select currency, scope_key, numerator from dispute_kpi where metric = 'dispute_open_amount' and detail = 'all'",
    ),
];

/// Rows that one route gives and the other does not.
fn unlike(ledger: &Ledger, routes: &[(&str, &str)]) -> Vec<Vec<Option<String>>> {
    let rows = |(one, other): &(&str, &str)| {
        let sql = format!("(({one}) except ({other})) union all (({other}) except ({one}))");
        ledger.texts(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"))
    };
    routes.iter().flat_map(rows).collect()
}

/// Binds the views of a run over a period, with the ageing at its start beside them.
fn bind_run(ledger: &Ledger, run: &Run) {
    let start = run.days[0].from_on.expect("a period");
    let opening = Run { by: run.by.clone(), known_at: run.known_at, ..Run::on(start, None) };
    bind::bind(ledger, &opening, &["aging_by_bucket"]).expect("the ageing at the start");
    ledger.run("create or replace temp table aging_at_the_start as select * from aging_by_bucket").expect("a copy");
    let views = [
        "aging_by_bucket",
        "top_customer",
        "concentration_point",
        "concentration_kpi",
        "days_late_band",
        "days_to_clear_kpi",
        "roll_cell",
        "roll_kpi",
        "dispute_stage",
        "dispute_kpi",
    ];
    bind::bind_kept(ledger, run, "kpi", &views).expect("views");
}

/// What does not reconcile on a run over a period.
pub(crate) fn unreconciled(ledger: &Ledger, run: &Run) -> Vec<Vec<Option<String>>> {
    bind_run(ledger, run);
    unlike(ledger, ROUTES)
}

#[test]
fn the_reports_behind_the_charts_reconcile_on_the_sample() {
    let ledger = Ledger::in_memory().expect("a ledger");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    load(&ledger, &[folder], &LoadOptions::default(), &mut |_| {}).expect("a load");
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a date");
    for by in [Vec::new(), vec![Dimension::Company]] {
        let known_at = date(2024, 12, 15).and_hms_opt(12, 0, 0);
        for (from, known_at) in [(date(2024, 11, 30), None), (date(2024, 9, 30), known_at)] {
            let run = Run { by: by.clone(), known_at, ..Run::on(date(2024, 12, 31), Some(from)) };
            let unlike = unreconciled(&ledger, &run);
            assert!(unlike.is_empty(), "{unlike:?}");
        }
    }
    for view in ["top_customer", "concentration_point", "days_late_band", "roll_cell", "dispute_stage"] {
        assert!(ledger.has_rows(&format!("select 1 from {view}")).expect("rows"), "{view} has no row to compare");
    }
    bind_run(&ledger, &Run::on(date(2024, 12, 31), Some(date(2020, 1, 1))));
    let unlike = unlike(&ledger, ROUTES_OF_ALL_DISPUTES);
    assert!(unlike.is_empty(), "{unlike:?}");
}
