//! Values of filters that the ledger does not know: mistyped, or of another ledger.

use crate::domain::dimension::{Dimension, Filter};
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::sql_text::literal;
use crate::staging::mapping::near;

/// Values that are looked at for one that was meant.
const CANDIDATES_MOST: usize = 10_000;

/// A sentence for each value of a filter that no row has.
///
/// # Errors
/// [`Error::Internal`] where the ledger cannot be read.
pub(super) fn unknown(ledger: &Ledger, filters: &[Filter]) -> Result<Vec<String>, Error> {
    let mut said = Vec::new();
    for Filter { dimension, values } in filters {
        for value in values {
            let held = held(*dimension);
            let is_known = |(table, column): &(&str, &str)| {
                ledger.has_rows(&format!("select 1 from {table} where {column} = {} limit 1", literal(value)))
            };
            if held.iter().map(is_known).collect::<Result<Vec<bool>, Error>>()?.contains(&true) {
                continue;
            }
            let option = dimension.name().replace('_', "-");
            let hint = near::hint(value, candidates(ledger, held)?.iter().map(String::as_str));
            said.push(format!("--{option} {value}: the ledger has none{hint}"));
        }
    }
    Ok(said)
}

/// Where the values of a dimension stand that can be filtered by.
fn held(dimension: Dimension) -> &'static [(&'static str, &'static str)] {
    match dimension {
        Dimension::Currency => &[("item", "currency")],
        Dimension::Company => &[("item", "company")],
        Dimension::Kind => &[("item", "kind")],
        Dimension::Customer => &[("item", "customer_id"), ("customer", "customer_id")],
        Dimension::Parent => &[("customer", "parent_id"), ("item", "customer_id")],
        Dimension::Country => &[("customer", "country")],
        Dimension::Segment => &[("customer", "segment")],
        Dimension::BusinessUnit => &[("item", "business_unit"), ("customer", "business_unit")],
        Dimension::Collector => &[("assignment", "collector_id"), ("collector", "collector_id")],
    }
}

fn candidates(ledger: &Ledger, held: &[(&str, &str)]) -> Result<Vec<String>, Error> {
    let of = |(table, column): &(&str, &str)| {
        format!("(select distinct {column} as value from {table} where {column} is not null limit {CANDIDATES_MOST})")
    };
    let sql = held.iter().map(of).collect::<Vec<_>>().join(" union ");
    Ok(ledger.texts(&sql)?.into_iter().filter_map(|mut row| row.swap_remove(0)).collect())
}
