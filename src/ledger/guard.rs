//! What a query written by the user may be: one SELECT over tables and views, told by the engine's own parser.
//!
//! The engine is barred from files and the network while it answers, but never from the ledger's own: there a SELECT that holds a
//! COPY would write over it, and a function that reads files would read it.

use serde_json::Value;

/// What may stand in a query as a table that is made by a function: series, the parts of a value, and what tables there are.
const TABLE_FUNCTIONS: &[&str] = &[
    "duckdb_columns",
    "duckdb_tables",
    "duckdb_views",
    "generate_series",
    "histogram",
    "histogram_values",
    "json_each",
    "json_tree",
    "pragma_table_info",
    "range",
    "repeat",
    "unnest",
];
/// The queries that change nothing.
const NODES: &[&str] = &["CTE_NODE", "RECURSIVE_CTE_NODE", "SELECT_NODE", "SET_OPERATION_NODE"];

/// Why a text is no query that may run, by what the engine's `json_serialize_sql` makes of it; none where it is one.
pub(super) fn refusal(parsed: &Value) -> Option<String> {
    let count = parsed["statements"].as_array().map_or(0, Vec::len);
    if parsed["error"].as_bool().unwrap_or(true) || count != 1 {
        let why = match parsed["error_message"].as_str() {
            Some(said) if !said.contains("Only SELECT") => format!(" ({said})"),
            _ if count > 1 => format!(" (found {count} statements)"),
            _ => String::new(),
        };
        return Some(no_select(&why));
    }
    refused_part(parsed)
}

fn no_select(why: &str) -> String {
    format!(
        "sql runs one SELECT over the ledger and its views, and nothing else{why}; duecast load changes a ledger, -o writes an answer to a file"
    )
}

fn refused_part(part: &Value) -> Option<String> {
    match part {
        Value::Array(parts) => parts.iter().find_map(refused_part),
        Value::Object(fields) => refused_object(part).or_else(|| fields.values().find_map(refused_part)),
        _ => None,
    }
}

fn refused_object(part: &Value) -> Option<String> {
    let node = part["type"].as_str().filter(|name| name.ends_with("_NODE") && !NODES.contains(name));
    if let Some(node) = node {
        let statement = node.trim_end_matches("_NODE").trim_end_matches("_QUERY");
        return Some(no_select(&format!(" (found {statement})")));
    }
    let is_table = part["type"] == "TABLE_FUNCTION";
    let function = if is_table { &part["function"]["function_name"] } else { &part["function_name"] };
    let name = function.as_str()?.to_lowercase();
    if name.starts_with("read_") || is_table && !TABLE_FUNCTIONS.contains(&name.as_str()) {
        return Some(format!(
            "sql reads the ledger's tables and views, no files: {name}() is not for it (functions that stand for a table: {})",
            TABLE_FUNCTIONS.join(", ")
        ));
    }
    None
}
