//! The known truth about how customers and staff of the book behave: every rate the generator draws with.

use serde::Serialize;

/// Parameters behind each behaviour. All are invented; they were set so that the book as a whole looks like a
/// mid-size industrial ledger (DSO of 35 to 70 days, 60 to 80 % of the balance current, 1 to 3 % written off).
/// A `_rate` is a probability for one thing of its kind.
#[derive(Clone, Debug, Serialize)]
pub struct Behaviour {
    /// Invoices a year of the median customer; the number is lognormal over customers.
    pub invoices_per_year_median: f64,
    /// Spread of the logarithm of that number.
    pub invoices_per_year_sigma: f64,
    /// Median over customers of a customer's median invoice, in euro.
    pub invoice_amount_median: f64,
    /// Spread of its logarithm over customers.
    pub invoice_amount_customer_sigma: f64,
    /// Spread of the logarithm of one customer's invoices.
    pub invoice_amount_sigma: f64,
    /// Growth of billing over a year.
    pub yearly_growth_rate: f64,
    /// How much more is billed on each of the last three working days of a month.
    pub month_end_factor: f64,
    /// Shares of customers that pay on any day, in weekly and in monthly pay runs.
    pub pay_rule_shares: [f64; 3],
    /// Shares of customers that are prompt, somewhat late, slow and chronically late.
    pub habit_shares: [f64; 4],
    /// Range of a customer's mean days late (before its pay run) for each habit.
    pub habit_mean_late_days: [(f64, f64); 4],
    /// Range of the spread of a customer's days late around its mean.
    pub habit_spread_days: (f64, f64),
    /// Invoices forgotten, and the mean of the further days they take.
    pub forgotten_rate: f64,
    /// Mean further days of a forgotten invoice.
    pub forgotten_mean_days: f64,
    /// Invoices in two to four instalments, for customers that get them.
    pub instalment_rate: f64,
    /// Invoices paid in two parts.
    pub part_payment_rate: f64,
    /// Invoices paid short by a deduction, which becomes a dispute.
    pub deduction_rate: f64,
    /// Invoices withheld whole until their dispute is resolved.
    pub withheld_rate: f64,
    /// Disputes nobody resolves.
    pub unresolved_dispute_rate: f64,
    /// Shares of resolved disputes found valid, invalid, partly valid.
    pub dispute_outcome_shares: [f64; 3],
    /// Invoices paid short by a few coins, written off as a small balance.
    pub small_short_rate: f64,
    /// Invoices followed by a credit note for returned goods.
    pub return_rate: f64,
    /// Of those, credit notes the customer takes against another invoice.
    pub return_to_other_invoice_rate: f64,
    /// Invoices billed in error and credited in full.
    pub cancelled_rate: f64,
    /// Invoices followed by a debit note.
    pub debit_note_rate: f64,
    /// Invoices with a down payment before them, for customers that make them.
    pub down_payment_rate: f64,
    /// Invoices never paid by a customer that pays the others.
    pub never_paid_rate: f64,
    /// Never paid invoices that are written off in the end.
    pub bad_debt_write_off_rate: f64,
    /// Never paid invoices of which an agency recovers a part first.
    pub agency_recovery_rate: f64,
    /// Customers that stop paying at all, a year.
    pub default_rate: f64,
    /// Receipts posted without being applied at once.
    pub on_account_rate: f64,
    /// Receipts with more than was due.
    pub overpayment_rate: f64,
    /// Receipts by direct debit or cheque that bounce.
    pub bounce_rate: f64,
    /// Card receipts charged back.
    pub chargeback_rate: f64,
    /// Receipts in the customer's own currency for invoices in another, for customers that do so.
    pub cross_currency_rate: f64,
    /// Receipts applied a day or more after they are posted, not counting those on account.
    pub late_application_rate: f64,
    /// Payments over 30 days late that are charged interest.
    pub interest_rate: f64,
    /// Yearly rate of that interest.
    pub interest_yearly_rate: f64,
    /// Items keyed one to six weeks after they are posted.
    pub back_dated_rate: f64,
    /// Talks with the right person that end in a promise.
    pub promise_rate: f64,
    /// The same for debts over ten weeks late.
    pub late_promise_rate: f64,
    /// Shares of promises meant to be kept, kept late, broken and cancelled; who never pays breaks them all.
    pub promise_shares: [f64; 4],
    /// Late payments of large amounts that are turned into a payment plan.
    pub payment_plan_rate: f64,
    /// Statement lines that belong to no receipt, for each receipt.
    pub unidentified_line_rate: f64,
    /// Median of a month's target over the cash that came in.
    pub target_over_cash: f64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            invoices_per_year_median: 16.0,
            invoices_per_year_sigma: 1.1,
            invoice_amount_median: 1_100.0,
            invoice_amount_customer_sigma: 0.9,
            invoice_amount_sigma: 0.8,
            yearly_growth_rate: 0.05,
            month_end_factor: 2.5,
            pay_rule_shares: [0.78, 0.16, 0.06],
            habit_shares: [0.46, 0.34, 0.15, 0.05],
            habit_mean_late_days: [(-8.0, 0.0), (-1.0, 7.0), (9.0, 22.0), (25.0, 50.0)],
            habit_spread_days: (1.5, 7.0),
            forgotten_rate: 0.05,
            forgotten_mean_days: 22.0,
            instalment_rate: 0.10,
            part_payment_rate: 0.02,
            deduction_rate: 0.018,
            withheld_rate: 0.006,
            unresolved_dispute_rate: 0.10,
            dispute_outcome_shares: [0.5, 0.3, 0.2],
            small_short_rate: 0.012,
            return_rate: 0.025,
            return_to_other_invoice_rate: 0.3,
            cancelled_rate: 0.004,
            debit_note_rate: 0.006,
            down_payment_rate: 0.15,
            never_paid_rate: 0.027,
            bad_debt_write_off_rate: 0.85,
            agency_recovery_rate: 0.25,
            default_rate: 0.035,
            on_account_rate: 0.025,
            overpayment_rate: 0.005,
            bounce_rate: 0.02,
            chargeback_rate: 0.012,
            cross_currency_rate: 0.12,
            late_application_rate: 0.14,
            interest_rate: 0.06,
            interest_yearly_rate: 0.09,
            back_dated_rate: 0.012,
            promise_rate: 0.5,
            late_promise_rate: 0.08,
            promise_shares: [0.62, 0.15, 0.17, 0.06],
            payment_plan_rate: 0.03,
            unidentified_line_rate: 0.004,
            target_over_cash: 0.98,
        }
    }
}
