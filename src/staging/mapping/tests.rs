use super::*;
use crate::sources::date_guess::{Guess, guess};
use crate::staging::contract::ColumnType;

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn parsed(text: &str) -> Result<Mapping, String> {
    Mapping::parse(text, Path::new("my.toml")).map_err(|e| e.to_string())
}

const SMALL: &str = r#"
name = "small"
[[table]]
table = "item"
cleared_on = "Cleared"
when = [{ column = "Type", in = ["RV", "DR"] }]
[table.columns]
item_id = { concat = ["Company", "Doc"] }
customer_id = { column = "Customer", pad = 10 }
kind = { constant = "invoice" }
issued_on = "Date"
amount = { column = "Amount", negate = true }
"#;

#[test]
fn every_shipped_mapping_is_read_and_its_rules_bind() {
    for name in builtin_names() {
        let mapping = parsed(builtin(name).expect("shipped")).expect("valid");
        assert_eq!(mapping.name, name);
        assert!(mapping.version >= 1 && !mapping.title.is_empty());
    }
}

#[test]
fn a_mistake_is_shown_with_its_line_and_what_was_expected() {
    let error = parsed("name = \"x\"\n[[table]]\ntable = \"item\"\ncolums = {}\n").expect_err("a wrong key");
    assert!(error.starts_with("my.toml: line 4: unknown field `colums`, expected one of"), "{error}");
    let error = parsed("name = \"x\"\n[[table]]\ntable = \"itm\"\ncolumns = {}\n").expect_err("a wrong table");
    assert!(error.contains("\"itm\" is not a table of the ledger; did you mean \"item\"?"), "{error}");
    let error =
        parsed("name = \"x\"\n[[table]]\ntable = \"item\"\ncolumns = { amont = \"A\" }\n").expect_err("a wrong column");
    assert!(error.contains("\"amont\" is not a column of item; did you mean \"amount\"?"), "{error}");
    let error = parsed("name = \"x\"\nvalues = { date_formats = [\"TT.MM.JJJJ\"] }\n").expect_err("a wrong format");
    assert!(error.contains("line 2: \"TT.MM.JJJJ\" is not a way to write dates"), "{error}");
    let error = parsed("name = \"x\"\n[[table]]\ntable = \"item\"\ncolumns = { amount = { colum = \"A\" } }\n")
        .expect_err("a wrong part");
    assert!(error.contains("unknown field `colum`"), "{error}");
    assert!(parsed("name = \"x\"\n").expect_err("no table").contains("has no [[table]]"));
}

#[test]
fn a_clearing_date_implies_a_receipt_and_an_application() {
    let file = parsed(SMALL).expect("valid").files.remove(0);
    let tables: Vec<(&str, bool)> = file.tables.iter().map(|t| (t.table.as_str(), t.is_implied)).collect();
    assert_eq!(tables, [("item", false), ("item", true), ("application", true)]);
    assert!(!file.tables[1].columns["amount"].is_negated, "the receipt of a negated amount has the amount's own sign");
}

#[test]
fn names_never_reach_the_sql_and_words_only_as_literals() {
    let file = parsed(&SMALL.replace("\"RV\"", "\"R'; drop table item --\"")).expect("valid").files.remove(0);
    let columns = texts(&["Doc", "company", "Customer", "Type", "Date", "Amount", "Cleared", "Text"]);
    let context = file.context(&columns, &["DD.MM.YYYY".parse().expect("a format")], "_line");
    let item = &file.tables[0];
    assert_eq!(
        item.condition_sql(&context).as_deref(),
        Some(
            "(nullif(trim(trim(c3), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')) in ('R''; drop table item --', 'DR')"
        )
    );
    let sql: std::collections::BTreeMap<_, _> = item.columns_sql(&context).into_iter().collect();
    assert_eq!(
        sql["item_id"],
        "((nullif(trim(trim(c1), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')) || '-' || (nullif(trim(trim(c0), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')))"
    );
    assert!(sql.values().all(|sql| !sql.contains("Customer")));
    assert_eq!(file.bind(&columns, Path::new("x.csv")).expect("bound").unused, ["Text"]);
}

#[test]
fn a_missing_column_is_named_with_near_spellings() {
    let file = parsed(SMALL).expect("valid").files.remove(0);
    let columns = texts(&["Doc", "Company", "Custmer", "Type", "Date", "Amount (1)", "Amount (2)", "Cleared"]);
    let error = file.bind(&columns, Path::new("x.csv")).expect_err("two are missing").to_string();
    assert!(error.contains("the column \"Customer\" is missing; did you mean \"Custmer\"?"), "{error}");
    assert!(
        error.contains(
            "\"Amount\" stands there more than once; name one of \"Amount (1)\" (column 6), \"Amount (2)\" (column 7)"
        ),
        "{error}"
    );
}

#[test]
fn a_file_of_another_kind_is_told_what_each_kind_needs() {
    let mapping = parsed(builtin("highradius").expect("shipped")).expect("valid");
    let columns = texts(&["cust_number", "total_open_amount", "due_in_date", "clear_date"]);
    assert_eq!(mapping.file_for(&columns, Path::new("x.csv")).expect("known").name, "cleared items");
    let error = mapping.file_for(&texts(&["id"]), Path::new("x.csv")).expect_err("unknown").to_string();
    assert!(error.contains("\"open items\" lacks business_code, doc_id, posting_date"), "{error}");
}

#[test]
fn the_columns_read_as_dates_are_known_before_their_format() {
    let file = parsed(SMALL).expect("valid").files.remove(0);
    let columns = texts(&["Doc", "Company", "Customer", "Type", "Date", "Amount", "Cleared"]);
    assert_eq!(file.bind(&columns, Path::new("x.csv")).expect("bound").date_columns, [4, 6]);
    assert!(matches!(guess(["13/01/2020"]), Guess::Certain(_)));
}

#[test]
fn literals_double_their_quotes() {
    let rule = Rule { default: Some("it's".to_owned()), ..Rule::constant("x") };
    let context = ReadContext {
        columns: Vec::new(),
        date_formats: Vec::new(),
        values: Values::default(),
        lookups: Vec::new(),
        line: "_line".to_owned(),
    };
    assert_eq!(rule.sql(ColumnType::Text, &context), "coalesce('x', 'it''s')");
}

#[test]
fn a_german_sap_list_loads_invoices_with_their_receipts_and_open_payments() {
    let mapping = parsed(builtin("sap_fbl5n").expect("shipped")).expect("valid");
    let header = "Buchungskreis|Konto|Belegnummer|Geschäftsjahr|Position|Belegart|Belegdatum|Buchungsdatum|\
                  Nettofälligkeit|Ausgleichsdatum|Betrag in Belegwährung|Belegwährung";
    let columns = texts(&header.split('|').collect::<Vec<_>>());
    let file = mapping.file_for(&columns, Path::new("x.txt")).expect("known");
    // How numbers are written is set for each user, whatever the language of the list.
    assert_eq!((file.name.as_str(), file.values.decimal_mark), ("German list", None));
    let binding = file.bind(&columns, Path::new("x.txt")).expect("bound");
    assert_eq!((binding.unused.len(), binding.date_columns), (0, vec![6, 7, 8, 9]));
    let tables: Vec<(&str, bool)> = file.tables.iter().map(|t| (t.table.as_str(), t.is_implied)).collect();
    assert_eq!(tables, [("item", false), ("item", true), ("application", true), ("item", false), ("item", false)]);
}
