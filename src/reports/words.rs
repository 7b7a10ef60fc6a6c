//! What the codes of the reports are called where people read: the one place for these words.

use std::sync::LazyLock;

use crate::catalog::in_folder;
use crate::sheet::Words;

/// The words of a column, by its name; none where its values are names or words already.
pub(super) fn of(column: &str) -> Words {
    match column {
        "bucket" | "start_bucket" | "end_state" | "detail" => PLACES,
        "kind" => KINDS,
        "line" | "step" => STEPS,
        "method" => METHODS,
        "metric" => &METRICS,
        "check_name" => &CHECKS,
        "stage" => STAGES,
        "scope" => SCOPES,
        "unit" => &[("rate", "share")],
        "band" => &[("on the day", "On the day")],
        _ => &[],
    }
}

/// Where an item stands, or went: names of buckets with days in them are words already.
const PLACES: Words = &[
    ("not_due", "Not due"),
    ("not_due -> 1-30", "Not due -> 1-30"),
    ("no_due_date", "No due date"),
    ("unapplied", "Unapplied credits"),
    ("received", "Received"),
    ("credited", "Credited"),
    ("written off", "Written off"),
    ("other", "Other"),
    ("all", "All"),
];

/// Kinds of items.
const KINDS: Words = &[
    ("invoice", "Invoice"),
    ("debit_note", "Debit note"),
    ("chargeback", "Chargeback"),
    ("interest", "Interest"),
    ("refund", "Refund"),
    ("receipt", "Receipt"),
    ("down_payment", "Down payment"),
    ("credit_note", "Credit note"),
    ("write_off", "Write-off"),
    ("adjustment", "Adjustment"),
    ("opening", "Opening item"),
    ("other", "Other"),
];

/// Lines of the roll-forward, of the forecast and of targets, and steps of the bridges.
const STEPS: Words = &[
    ("opening", "Opening"),
    ("closing", "Closing"),
    ("difference", "Difference"),
    ("opening_item", "Opening items"),
    ("invoice", "Invoices"),
    ("debit_note", "Debit notes"),
    ("chargeback", "Chargebacks"),
    ("interest", "Interest"),
    ("refund", "Refunds"),
    ("receipt", "Receipts"),
    ("down_payment", "Down payments"),
    ("credit_note", "Credit notes"),
    ("write_off", "Write-offs"),
    ("adjustment", "Adjustments"),
    ("other", "Other"),
    ("cross_currency", "Exchanged currencies"),
    ("cross_scope", "Moved between groups"),
    ("unequal_application", "Unequal applications"),
    ("fell_due", "Fell due"),
    ("billed_and_fell_due", "Billed and fell due"),
    ("fell_due_disputed", "Fell due in dispute"),
    ("reopened", "Reopened"),
    ("collected", "Collected"),
    ("credited", "Credited"),
    ("written_off", "Written off"),
    ("settled_otherwise", "Settled otherwise"),
    ("dispute_settled", "Dispute settled"),
    ("sales_volume", "Sales volume"),
    ("customer_mix", "Mix of customers"),
    ("terms", "Terms"),
    ("sales_timing", "Timing of sales"),
    ("early_payment", "Early payment"),
    ("late_payment", "Late payment"),
    ("disputes", "Disputes"),
    ("write_offs", "Write-offs"),
    ("unapplied", "Unapplied credits"),
    ("no_due_date", "No due date"),
    ("other_not_due", "Other, not due"),
    ("due", "Due"),
    ("overdue", "Overdue"),
    ("promised", "Promised"),
    ("plan", "Payment plans"),
    ("disputed", "In dispute"),
    ("new_billing", "Billing to come"),
    ("total", "Total"),
    ("forecast", "Forecast"),
    ("late_payers", "Late payers"),
    ("early_payers", "Early payers"),
    ("unapplied_cash", "Unapplied cash"),
    ("actual", "Came"),
    ("usual", "Usual"),
    ("target", "Target"),
    ("expected", "Forecast, median"),
];

/// Methods of DSO, below a heading that says DSO, and of forecasts.
const METHODS: Words = &[
    ("simple", "Simple"),
    ("average_balance", "Average balance"),
    ("count_back", "Count-back"),
    ("sales_weighted", "Sales-weighted"),
    ("best_possible", "Best possible"),
    ("delinquent", "Delinquent"),
    ("true", "True"),
    ("due_date", "Due date"),
    ("mean_delay", "Mean delay"),
    ("median_delay", "Median delay"),
    ("cohort_curve", "Cohort curve"),
    ("last_8_weeks", "Last 8 weeks"),
    ("seasonal_naive", "Seasonal naive"),
];

/// Whom a target is set for.
const SCOPES: Words =
    &[("company", "Company"), ("business_unit", "Business unit"), ("team", "Team"), ("collector", "Collector")];

/// What became of disputes.
const STAGES: Words = &[
    ("raised", "Raised"),
    ("resolved", "Resolved"),
    ("valid", "Resolved: valid"),
    ("partly valid", "Resolved: partly valid"),
    ("invalid", "Resolved: invalid"),
    ("no outcome", "Resolved: no outcome"),
    ("still open", "Still open"),
];

/// Figures by the titles of the dictionary, and those of the bridges; CEI is known by its letters.
static METRICS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let own = [("balance", "Balance"), ("overdue", "Overdue"), ("dso", "DSO"), ("cei", "CEI")];
    let titled = in_folder("metrics").flat_map(|query| &query.metrics);
    own.into_iter().chain(titled.map(|metric| (metric.name.as_str(), metric.title.as_str()))).collect()
});

/// Checks, whose names are words joined by underscores.
static CHECKS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let words = |name: &'static str| {
        let words = name.replacen(&name[..1], &name[..1].to_uppercase(), 1).replace('_', " ");
        (name, &*words.replace("Fx ", "FX ").replace("Gl ", "GL ").leak())
    };
    in_folder("checks").map(|query| words(&query.name)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::dso_bridge;

    fn has(column: &str, code: &str) -> bool {
        of(column).iter().any(|(known, words)| *known == code && *words != code)
    }

    #[test]
    fn every_code_that_a_report_can_give_has_words() {
        for (kind, _) in KINDS.iter().filter(|(kind, _)| *kind != "opening") {
            assert!(has("line", kind), "{kind}");
        }
        for reason in crate::models::forecast::miss::Reason::ALL {
            assert!(has("step", reason.name()), "{reason:?}");
        }
        for step in dso_bridge::STEPS {
            assert!(has("step", step), "{step}");
        }
        let overdue = &crate::catalog::queries()["overdue_step"].sql;
        let steps: Vec<&str> = overdue.split(" then '").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
        assert!(steps.len() > 5, "{steps:?}");
        for step in steps.iter().chain(&[
            "dispute_settled",
            "cross_currency",
            "cross_scope",
            "unequal_application",
            "opening_item",
        ]) {
            assert!(has("step", step), "{step}");
        }
        for metric in crate::metrics::dictionary::entries() {
            assert!(has("metric", &metric.metric), "{}", metric.metric);
        }
    }
}
