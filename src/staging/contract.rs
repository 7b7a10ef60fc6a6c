//! The data contract: which tables and columns a source may give, read from `queries/schema.sql` itself.

use std::sync::LazyLock;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// An amount or a rate with this many decimals.
    Decimal(u8),
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// Yes or no.
    Boolean,
}

impl ColumnType {
    /// Its name in `queries/schema.sql`.
    #[must_use]
    pub fn sql(self) -> String {
        match self {
            Self::Text => "string".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Timestamp => "timestamp".to_owned(),
            Self::Decimal(scale) => format!("decimal(18, {scale})"),
            Self::Int => "int".to_owned(),
            Self::Double => "double".to_owned(),
            Self::Boolean => "boolean".to_owned(),
        }
    }
}

/// A table a source may give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns of the contract, in order; those a load writes itself are not among them.
    pub columns: Vec<(&'static str, ColumnType)>,
}

impl Table {
    /// Type of a column.
    #[must_use]
    pub fn column_type(&self, name: &str) -> Option<ColumnType> {
        self.columns.iter().find(|(column, _)| *column == name).map(|(_, ty)| *ty)
    }
}

/// A column's name as SQL takes it: `at` is a word of the language.
#[must_use]
pub fn sql_name(column: &str) -> &str {
    if column == "at" { "\"at\"" } else { column }
}

/// The schema as it is run.
pub const SCHEMA: &str = include_str!("../../queries/schema.sql");

/// Tables of the ledger's own books, which no source gives.
const OWN_TABLES: [&str; 9] = [
    "load",
    "load_count",
    "load_sum",
    "rejected_row",
    "check_result",
    "forecast_run",
    "forecast_week",
    "forecast_item",
    "ledger_info",
];

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let tables = SCHEMA.split("create table ").skip(1).filter_map(table);
    tables.filter(|table| !OWN_TABLES.contains(&table.name)).collect()
});

/// Every table of the contract, in the order of the schema.
#[must_use]
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// One table by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// The columns of a table of the schema as they are written there, those of a load included.
#[must_use]
pub fn written_columns(name: &str) -> Vec<&'static str> {
    let body = |text: &'static str| text.strip_prefix(name)?.strip_prefix(" (")?.split(");").next();
    let body = SCHEMA.split("create table ").find_map(body);
    body.map_or_else(Vec::new, |body| split_columns(body).into_iter().map(str::trim).collect())
}

fn table(text: &'static str) -> Option<Table> {
    let (name, rest) = text.split_once(" (")?;
    let body = rest.split(");").next()?;
    let columns = split_columns(body).into_iter().map_while(|column| {
        let (name, data_type) = column.trim().split_once(' ')?;
        (name != "load_no").then(|| (name.trim_matches('"'), column_type(data_type.trim())))
    });
    Some(Table { name, columns: columns.collect() })
}

/// Splits at the commas outside parentheses.
fn split_columns(body: &'static str) -> Vec<&'static str> {
    let mut depth = 0;
    body.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .collect()
}

fn column_type(text: &str) -> ColumnType {
    match text {
        "date" => ColumnType::Date,
        "timestamp" => ColumnType::Timestamp,
        "int" => ColumnType::Int,
        "double" => ColumnType::Double,
        "boolean" => ColumnType::Boolean,
        "decimal(18, 4)" => ColumnType::Decimal(4),
        "decimal(18, 9)" => ColumnType::Decimal(9),
        _ => ColumnType::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_is_the_schema_without_what_a_load_writes() {
        let names: Vec<&str> = tables().iter().map(|t| t.name).collect();
        assert_eq!(names.len(), 20, "{names:?}");
        let item = find("item").expect("the item table");
        assert_eq!(item.columns.len(), 23);
        assert_eq!(item.column_type("amount"), Some(ColumnType::Decimal(4)));
        assert_eq!(item.column_type("entered_at"), Some(ColumnType::Timestamp));
        assert_eq!(item.column_type("load_no"), None);
        assert_eq!(find("fx_rate").and_then(|t| t.column_type("rate")), Some(ColumnType::Decimal(9)));
        assert!(find("load").is_none());
        let written = written_columns("item");
        assert_eq!((written[0], written[9]), ("item_id string", "amount decimal(18, 4)"));
        assert!(written.contains(&"item_no bigint"), "{written:?}");
    }
}
