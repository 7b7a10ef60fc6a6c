//! What figures can be split by, and how a user narrows them.

use crate::error::Error;

/// A dimension of `--by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Customer.
    Customer,
    /// Group of customers; a customer without one is its own.
    Parent,
    /// Legal entity.
    Company,
    /// Country of the customer on the day.
    Country,
    /// Segment of the customer on the day.
    Segment,
    /// Business unit of the item, else of its customer.
    BusinessUnit,
    /// Collector in charge of the customer on the day.
    Collector,
    /// Currency.
    Currency,
    /// Kind of item.
    Kind,
}

impl Dimension {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Customer,
        Self::Parent,
        Self::Company,
        Self::Country,
        Self::Segment,
        Self::BusinessUnit,
        Self::Collector,
        Self::Currency,
        Self::Kind,
    ];

    /// Its word on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Parent => "parent",
            Self::Company => "company",
            Self::Country => "country",
            Self::Segment => "segment",
            Self::BusinessUnit => "business_unit",
            Self::Collector => "collector",
            Self::Currency => "currency",
            Self::Kind => "kind",
        }
    }

    /// Its column in every output.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Customer => "customer_id",
            Self::Parent => "parent_id",
            Self::Collector => "collector_id",
            other => other.name(),
        }
    }

    /// Reads `customer,company`; a hyphen stands for an underscore.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the dimensions.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Error> {
        let mut found = Vec::new();
        for word in text.split(',').map(|word| word.trim().to_lowercase().replace('-', "_")).filter(|w| !w.is_empty()) {
            let dimension = Self::ALL.into_iter().find(|d| d.name() == word || d.column() == word);
            let Some(dimension) = dimension else {
                let all = Self::ALL.map(Self::name).join(", ");
                return Err(Error::usage(format!("--by {word}: no such dimension; there are {all}")));
            };
            if !found.contains(&dimension) {
                found.push(dimension);
            }
        }
        Ok(found)
    }
}

/// Only items whose dimension has one of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The dimension looked at.
    pub dimension: Dimension,
    /// The values let through.
    pub values: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_columns_and_drops_repeats() {
        let found = Dimension::parse_list("customer, business-unit,customer_id").expect("dimensions");
        assert_eq!(found, [Dimension::Customer, Dimension::BusinessUnit]);
    }

    #[test]
    fn an_unknown_dimension_lists_the_known_ones() {
        let message = Dimension::parse_list("colour").expect_err("unknown").to_string();
        assert!(message.starts_with("--by colour: no such dimension; there are customer, parent,"), "{message}");
    }
}
