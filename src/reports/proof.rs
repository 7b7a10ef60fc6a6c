//! The proof line: what every report on a ledger opens with.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Context, has_table};
use crate::catalog::bind::{self, Run};
use crate::domain::dimension::Dimension;
use crate::domain::money::Money;
use crate::error::Error;
use crate::metrics::checks::{CheckResult, stored};
use crate::sheet::{Cell, Sheet};

/// Whether a ledger can be trusted on a day.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// What must be read first: a currency that does not tie, a failed check.
    pub alerts: Vec<String>,
    /// Sentences, the first being the tie of the balance.
    pub lines: Vec<String>,
    /// Whether the balance ties and no error-level check has findings.
    pub holds: bool,
}

/// What a report is proved with: what was posted, and what else the ledger says of itself.
#[derive(Debug)]
pub struct Grounds {
    balances: Vec<Balance>,
    /// Whether applications within one currency take different amounts off their two items.
    has_unequal: bool,
    /// Control balances, failed checks, rejected rows.
    others: Proof,
}

/// Of one currency.
#[derive(Debug)]
struct Balance {
    currency: String,
    posted: Money,
    exchanged: Money,
    /// The open items, summed anew.
    open: Money,
}

/// Days without a posting that are nothing unusual: a long weekend.
const IDLE_DAYS_MOST: i64 = 7;

/// How an alert about a failed check begins.
pub(super) const CHECK_FAILED: &str = "CHECK FAILED";

/// Whether it is the amounts of a report that are compared with what was posted, as it lists the whole balance (ageing,
/// items).
#[must_use]
pub fn is_of_balance(report: &str, run: &Run) -> bool {
    (report == "aging" || report == "items") && run.filters.is_empty()
}

/// Reads what was posted in the whole ledger, whatever the report's filters, failed checks and rejected rows. Unless the
/// report [`is_of_balance`], the open items are summed anew.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn grounds(context: &Context<'_>, is_of_balance: bool) -> Result<Grounds, Error> {
    let last = context.run.days.last().copied();
    let run = Run { by: Vec::new(), filters: Vec::new(), days: last.into_iter().collect(), ..context.run.clone() };
    let (view, opened) = if is_of_balance { ("posted_balance", "0") } else { ("balance_proof", "open_amount") };
    bind::bind(context.ledger, &run, &[view])?;
    let rows = context.ledger.texts(&format!(
        "select currency, posted_amount, exchanged_amount, {opened} as open_amount from {view} order by currency"
    ))?;
    let balance = |row: Vec<Option<String>>| {
        let money = |at: usize| row[at].as_deref().unwrap_or("0").parse::<Money>();
        let currency = row[0].clone().unwrap_or_default();
        Ok(Balance { currency, posted: money(1)?, exchanged: money(2)?, open: money(3)? })
    };
    let balances = rows.into_iter().map(balance).collect::<Result<_, Error>>()?;
    let checks = stored(context.ledger)?;
    let has_unequal = checks.iter().any(|check| check.name == "application_unequal_amount" && check.finding_count > 0);
    Ok(Grounds { balances, has_unequal, others: others(context, &checks)? })
}

/// What the ledger says of itself besides its balance.
fn others(context: &Context<'_>, checks: &[CheckResult]) -> Result<Proof, Error> {
    let mut proof = Proof { lines: vec![control_line(context, checks)?], holds: true, ..Proof::default() };
    proof.lines.extend(end_line(context)?);
    for finding in checks.iter().filter(|result| result.is_error()) {
        proof.holds = false;
        proof.alerts.push(failed_line(finding));
    }
    let count = context
        .ledger
        .count("select count(*) from rejected_row r join load l on l.load_no = r.load_no where l.status = 'current'")?;
    if count > 0 {
        let (rows, them) = if count == 1 { ("row is", "it") } else { ("rows are", "them") };
        proof
            .lines
            .push(format!("{count} rejected {rows} not in these figures: duecast check --rejected lists {them}."));
    }
    Ok(proof)
}

impl Grounds {
    /// Proves the balance of each currency and names failed checks and rejected rows. `shown` is the report if it
    /// [`is_of_balance`]: then it is its amounts that are compared.
    #[must_use]
    pub fn prove(self, run: &Run, shown: Option<&Sheet>) -> Proof {
        let shown = shown.and_then(balance_shown);
        let mut proof = Proof { holds: true, ..Proof::default() };
        if self.balances.is_empty() {
            let known = run.known_at.map_or_else(String::new, |at| format!(" and known by {}", at.date()));
            proof.lines.push(format!("Nothing was posted by {}{known}.", run.as_of()));
        }
        let moved = match (self.balances.len(), self.has_unequal) {
            (1, _) => "by applications of unequal amounts",
            (_, false) => "exchanged with other currencies",
            (_, true) => "exchanged with other currencies or by applications of unequal amounts",
        };
        let is_part = run.filters.iter().any(|filter| filter.dimension != Dimension::Currency);
        for Balance { currency, posted, exchanged, open } in self.balances {
            let open = shown.as_ref().map_or(open, |amounts| amounts.get(&currency).copied().unwrap_or_default());
            // What is proved is the whole ledger, also where some of its items are shown.
            let of = if is_part { format!("{currency} of the whole ledger") } else { currency };
            proof.compare(&of, open, posted, exchanged, moved);
        }
        proof.holds &= self.others.holds;
        proof.alerts.extend(self.others.alerts);
        proof.lines.extend(self.others.lines);
        proof
    }
}

/// The balance by currency that a sheet's rows add up to.
fn balance_shown(sheet: &Sheet) -> Option<BTreeMap<String, Money>> {
    let (currency, open) = (sheet.column_index("currency")?, sheet.column_index("open_amount")?);
    let mut opened = BTreeMap::new();
    for cells in sheet.cells(currency).zip(sheet.cells(open)) {
        let (Cell::Text(currency), Cell::Amount(amount)) = cells else { continue };
        match opened.get_mut(currency) {
            Some(sum) => *sum += amount,
            None => drop(opened.insert(currency.to_owned(), amount)),
        }
    }
    Some(opened)
}

impl Proof {
    /// Adds the sentence of one currency.
    fn compare(&mut self, currency: &str, open: Money, posted: Money, exchanged: Money, moved: &str) {
        let difference = open - posted - exchanged;
        let exchange = match exchanged {
            Money::ZERO => String::new(),
            less if less < Money::ZERO => format!(" - {} {moved}", (Money::ZERO - less).grouped()),
            more => format!(" + {} {moved}", more.grouped()),
        };
        let (open, posted) = (open.grouped(), posted.grouped());
        if difference == Money::ZERO {
            self.lines.push(format!("{currency} ties: open items {open} = items posted {posted}{exchange}."));
            return;
        }
        self.holds = false;
        self.alerts.push(format!(
            "{currency} DOES NOT TIE: open items {open} differ by {} from items posted {posted}{exchange}.",
            difference.grouped()
        ));
    }

    /// The same, what it says of the currencies of a report first: the whole ledger is proved, whatever is shown of it.
    #[must_use]
    pub fn led_by(mut self, shown: &Sheet) -> Self {
        let Some(at) = shown.column_index("currency") else { return self };
        let codes: BTreeSet<&str> =
            shown.cells(at).filter_map(|cell| if let Cell::Text(code) = cell { Some(code) } else { None }).collect();
        self.lines.sort_by_key(|line| !codes.iter().any(|code| line.starts_with(&format!("{code} "))));
        self
    }

    /// Alerts and sentences, in the order in which they are read.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.alerts.iter().chain(&self.lines)
    }
}

fn failed_line(finding: &CheckResult) -> String {
    format!(
        "{CHECK_FAILED}: {} ({}), such as {}. See: duecast check {}",
        finding.name,
        if finding.finding_count == 1 { "1 finding".to_owned() } else { format!("{} findings", finding.finding_count) },
        finding.example.as_deref().unwrap_or("-"),
        finding.name
    )
}

/// Where the ledger ends more than a week before the day asked for: a load that is missing looks as if nothing had come.
fn end_line(context: &Context<'_>) -> Result<Option<String>, Error> {
    let last = context.ledger.day("select max(posted_on) from item")?;
    let is_past = |last: &NaiveDate| (context.as_of() - *last).num_days() > IDLE_DAYS_MOST;
    Ok(last.filter(is_past).map(|last| {
        format!(
            "The ledger ends on {last}: no later posting was loaded, so that nothing is known of the days after it."
        )
    }))
}

/// Whether the general ledger's control balance of the day, if there is one, is met.
fn control_line(context: &Context<'_>, checks: &[CheckResult]) -> Result<String, Error> {
    let as_of = context.as_of();
    if !has_table(context.ledger, &format!("gl_balance where on_date = date '{as_of}'"))? {
        return Ok(format!("No control balance for {as_of}."));
    }
    if context.run.known_at.is_some() {
        return Ok("Control balances are compared with what is known now, not with what was known then.".to_owned());
    }
    let finding_count =
        |name: &str| checks.iter().find(|result| result.name == name).map_or(0, |result| result.finding_count);
    if finding_count("gl_balance_missed") > 0 {
        return Ok("The general ledger's control balances are not all met: duecast check gl_balance_missed.".to_owned());
    }
    // A company and currency of which there never was one is no row of the table: the check found it when it was loaded.
    let count = |rows: &str| {
        context
            .ledger
            .count(&format!("select count(*) from (select distinct company, currency from gl_balance {rows})"))
    };
    let covered = count(&format!("where on_date = date '{as_of}'"))? as u64;
    let all = count("")? as u64 + finding_count("gl_balance_absent");
    Ok(if covered < all {
        format!(
            "The general ledger's control balances are met; for {as_of} there is one of {covered} of {all} companies and currencies (duecast check gl_balance_absent names those that never had one)."
        )
    } else {
        format!("The general ledger's control balances are met, {as_of} among them.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moved_within_a_currency_is_not_said_to_be_exchanged_alone() {
        let balance = |currency: &str| Balance {
            currency: currency.to_owned(),
            posted: Money::from_units(20_000),
            exchanged: Money::from_units(-20_000),
            open: Money::ZERO,
        };
        let said = |currencies: &[&str], has_unequal: bool| {
            let balances = currencies.iter().map(|currency| balance(currency)).collect();
            let grounds = Grounds { balances, has_unequal, others: Proof { holds: true, ..Proof::default() } };
            grounds.prove(&Run::at_the_end(), None).lines[0].clone()
        };
        assert!(said(&["EUR"], true).ends_with("2.00 by applications of unequal amounts."));
        assert!(said(&["EUR", "USD"], false).ends_with("2.00 exchanged with other currencies."));
        assert!(said(&["EUR", "USD"], true).ends_with("other currencies or by applications of unequal amounts."));
    }

    #[test]
    fn a_difference_is_an_alert_and_the_proof_does_not_hold() {
        let money = |whole: i128| Money::from_units(whole * 10_000);
        let mut proof = Proof { holds: true, ..Proof::default() };
        proof.compare("EUR", money(80), money(100), money(-20), "exchanged with other currencies");
        assert!(proof.holds);
        assert_eq!(
            proof.lines,
            ["EUR ties: open items 80.00 = items posted 100.00 - 20.00 exchanged with other currencies."]
        );
        proof.compare("USD", money(99), money(100), Money::ZERO, "exchanged with other currencies");
        assert!(!proof.holds);
        assert_eq!(proof.alerts, ["USD DOES NOT TIE: open items 99.00 differ by -1.00 from items posted 100.00."]);
    }
}
