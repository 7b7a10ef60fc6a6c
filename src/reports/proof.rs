//! The proof line: what every report on a ledger opens with.

use super::{Context, has_table};
use crate::catalog::bind::{self, Run};
use crate::error::Error;
use crate::metrics::checks::{CheckResult, stored};

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

/// Proves the balance of the whole ledger, whatever the report's filters, and names failed checks and rejected rows.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub fn prove(context: &Context<'_>) -> Result<Proof, Error> {
    let run = Run { by: Vec::new(), filters: Vec::new(), ..context.run.clone() };
    let last = run.days.last().copied();
    let run = Run { days: last.into_iter().collect(), ..run };
    bind::bind(context.ledger, &run, &["balance_proof"])?;
    let rows = context.ledger.texts(
        "select currency, posted_amount, exchanged_amount, open_amount, difference from balance_proof order by currency",
    )?;
    let mut proof = Proof { holds: true, ..Proof::default() };
    if rows.is_empty() {
        proof.lines.push(format!("Nothing was posted by {}.", context.as_of()));
    }
    for row in &rows {
        let text = |at: usize| row[at].as_deref().unwrap_or("0");
        let ties = text(4).parse::<f64>().is_ok_and(|difference| difference == 0.0);
        proof.holds &= ties;
        let exchanged = if text(2).parse() == Ok(0.0) {
            String::new()
        } else {
            let sign = if text(2).starts_with('-') { "-" } else { "+" };
            format!(" {sign} {} exchanged with other currencies", amount(text(2).trim_start_matches('-')))
        };
        let line = if ties {
            format!("{} ties: open items {} = items posted {}{exchanged}.", text(0), amount(text(3)), amount(text(1)))
        } else {
            format!(
                "{} DOES NOT TIE: open items {} differ by {} from items posted {}{exchanged}.",
                text(0),
                amount(text(3)),
                amount(text(4)),
                amount(text(1))
            )
        };
        if ties { proof.lines.push(line) } else { proof.alerts.push(line) }
    }
    proof.lines.push(control_line(context)?);
    for finding in stored(context.ledger)?.iter().filter(|result| result.is_error()) {
        proof.holds = false;
        proof.alerts.push(failed_line(finding));
    }
    let rejected = context
        .ledger
        .texts("select count(*) from rejected_row r join load l on l.load_no = r.load_no where l.status = 'current'")?;
    let count = rejected.first().and_then(|row| row[0].clone()).unwrap_or_default();
    if count != "0" {
        proof
            .lines
            .push(format!("{count} rejected rows are not in these figures: duecast check --rejected lists them."));
    }
    Ok(proof)
}

impl Proof {
    /// Alerts and sentences, in the order in which they are read.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.alerts.iter().chain(&self.lines)
    }
}

fn failed_line(finding: &CheckResult) -> String {
    format!(
        "CHECK FAILED: {} ({}), such as {}. See: duecast check {}",
        finding.name,
        if finding.finding_count == 1 { "1 finding".to_owned() } else { format!("{} findings", finding.finding_count) },
        finding.example.as_deref().unwrap_or("-"),
        finding.name
    )
}

/// Whether the general ledger's control balance of the day, if there is one, is met.
fn control_line(context: &Context<'_>) -> Result<String, Error> {
    let as_of = context.as_of();
    if !has_table(context.ledger, &format!("gl_balance where on_date = date '{as_of}'"))? {
        return Ok(format!("No control balance for {as_of}."));
    }
    if context.run.known_at.is_some() {
        return Ok("Control balances are compared with what is known now, not with what was known then.".to_owned());
    }
    let missed = stored(context.ledger)?
        .into_iter()
        .any(|result| result.name == "gl_balance_missed" && result.finding_count > 0);
    Ok(if missed {
        "The general ledger's control balances are not all met: duecast check gl_balance_missed.".to_owned()
    } else {
        format!("The general ledger's control balances are met, {as_of} among them.")
    })
}

/// An amount with thousands separated, without decimals that say nothing.
fn amount(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.trim_start_matches('-');
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap_or_default()).collect();
    let decimals = decimals.trim_end_matches('0');
    let sign = if whole.starts_with('-') { "-" } else { "" };
    format!("{sign}{}.{decimals:0<2}", grouped.join(","))
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_grouped_and_exact() {
        assert_eq!(amount("5119.8500"), "5,119.85");
        assert_eq!(amount("-1234567.8912"), "-1,234,567.8912");
        assert_eq!(amount("0.0000"), "0.00");
    }
}
