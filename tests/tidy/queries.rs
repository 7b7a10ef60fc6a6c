//! What every query of `queries/` says of itself, and that it is true.

use std::collections::{BTreeMap, BTreeSet};

use duecast::catalog::bind::{self, Run};
use duecast::catalog::header::Query;
use duecast::catalog::queries;
use duecast::ledger::store::Ledger;
use duecast::metrics::dictionary;

use super::{files, is_word, none, read};

/// Tables that a run makes, and views of a load that hold its rows before they are settled.
const MADE_BY_A_RUN: &[&str] = &["run_date", "run_period", "run_setting", "bucket", "item_in_scope", "standing_item"];
const MADE_BY_A_LOAD: &[&str] =
    &["loaded_item", "unlinked_application", "credit_candidate", "debit_candidate", "linked_application"];

/// Header lines beside those that [`Query`] has fields for.
const OTHER_KEYS: &[&str] = &["rows", "keep", "engine"];
const UNITS: &[&str] = &["percent", "rate", "days", "amount", "count", "ratio", "index"];

/// One thing, one word: what stands for another here. `payment_method` and the like are words of their own.
const BANNED_NAMES: &[(&str, &str)] = &[
    ("client", "customer"),
    ("debtor", "customer"),
    ("payment", "receipt"),
    ("payments", "receipts"),
    ("collections", "receipts"),
    ("outstanding_amount", "open_amount"),
    ("open_balance", "open_amount"),
    ("writeoff", "write_off"),
];

/// Words that one engine or another refuses or reads in its own way, that change the ledger, or that read a clock.
const BANNED_WORDS: &[(&str, &[&str])] = &[
    (
        "a query is one SELECT",
        &["create", "insert", "update", "delete", "drop", "alter", "copy", "attach", "install", "pragma", "truncate"],
    ),
    (
        "no clock and no chance",
        &["current_date", "current_timestamp", "current_time", "now", "today", "getdate", "random", "uuid"],
    ),
    ("days between: cast(a - b as int)", &["datediff", "date_diff", "date_sub"]),
    ("days after: d + 30", &["date_add", "dateadd", "interval"]),
    ("parts of a date: extract(… from d)", &["year", "month", "day", "quarter", "dow", "isodow", "last_day"]),
    ("not every engine formats dates alike", &["strftime", "strptime", "to_char", "to_date"]),
    ("a type of every engine: string", &["varchar", "text"]),
    ("a series is a table", &["generate_series", "range", "unnest"]),
    ("not in every engine", &["asof", "pivot", "unpivot", "exclude", "qualify", "ilike", "semi", "anti", "ignore"]),
    ("sum(case …) or count(*) filter", &["count_if", "countif"]),
    ("percentile_cont within group", &["quantile_cont", "approx_quantile", "approx_percentile_cont"]),
    ("row_number() and where", &["max_by", "min_by", "arg_max", "arg_min", "any_value", "first", "last"]),
    ("n % 2, case", &["mod", "sign", "iff", "hash", "list"]),
];

/// Words that are banned only as functions: they name columns and frames too.
const FUNCTIONS: &[&str] = &["year", "month", "day", "quarter", "now", "range", "first", "last", "mod", "text", "list"];

fn path(query: &Query) -> String {
    format!("queries/{}/{}.sql", query.folder, query.name)
}

/// The SELECT without comments and texts, lower case, in words and signs.
fn tokens(sql: &str) -> Vec<String> {
    let bare: String =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let outside: String = bare.split('\'').step_by(2).collect::<Vec<_>>().join("''").to_lowercase();
    let mut found: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in outside.chars() {
        match found.last_mut() {
            Some(word) if in_word && is_word(c) => word.push(c),
            _ if !c.is_whitespace() => found.push(c.to_string()),
            _ => {}
        }
        in_word = is_word(c);
    }
    found
}

/// Names that stand after `from` or `join`, without the query's own parts (`with x as (`).
fn read_names(tokens: &[String]) -> BTreeSet<&str> {
    let is_part = |name: &str| tokens.windows(3).any(|w| w[0] == name && w[1] == "as" && w[2] == "(");
    let after = tokens.windows(2).filter(|w| w[0] == "from" || w[0] == "join").map(|w| w[1].as_str());
    after.filter(|name| name.starts_with(is_word) && !is_part(name)).collect()
}

fn tables() -> BTreeSet<String> {
    let schema = read("queries/schema.sql");
    let named = schema.lines().filter_map(|line| line.strip_prefix("create table "));
    named.map(|rest| rest.chars().take_while(|&c| is_word(c)).collect()).collect()
}

fn faults_of(check: impl Fn(&Query) -> Vec<String>) -> Vec<String> {
    queries()
        .values()
        .flat_map(|query| check(query).into_iter().map(|fault| format!("{}: {fault}", path(query))))
        .collect()
}

#[test]
fn each_query_says_its_grain_its_question_what_it_reads_and_every_column() {
    let faults = faults_of(|query| {
        let mut faults = Vec::new();
        let mut need = |is_there: bool, what: &str| {
            if !is_there {
                faults.push(format!("no {what}"));
            }
        };
        need(query.grain.starts_with("one row per "), "line `-- grain: one row per …`");
        need(!query.answers.is_empty(), "line `-- answers: …`");
        need(!query.reads.is_empty(), "line `-- reads: …`");
        need(!query.columns.is_empty(), "line `-- column: name type   meaning`");
        need(query.columns.iter().all(|c| !c.meaning.is_empty()), "meaning beside a column");
        need(query.folder != "checks" || ["error", "warning"].contains(&query.severity.as_str()), "severity");
        need(query.folder != "checks" || !query.fix.is_empty(), "line `-- fix: …`");
        let has_caveat = !query.caveats.is_empty() || query.metrics.iter().any(|metric| !metric.caveats.is_empty());
        need(query.folder != "metrics" || has_caveat, "line `-- caveat: …`: when it misleads");
        let unknown = query.others.iter().filter(|(key, _)| !OTHER_KEYS.contains(&key.as_str()));
        faults.extend(unknown.map(|(key, _)| format!("`-- {key}:` is no header line")));
        let engine = query.other("engine").filter(|text| !text.starts_with("duckdb, because "));
        faults.extend(engine.map(|_| "`-- engine: duckdb, because …` gives its reason".to_owned()));
        faults
    });
    none(faults, "headers:");
}

#[test]
fn each_query_opens_with_its_grain() {
    let files = files("queries", "sql").into_iter().filter(|(path, _)| path != "queries/schema.sql");
    let faults = files.filter(|(_, text)| !text.starts_with("-- grain: ")).map(|(path, _)| path);
    none(faults.collect(), "the first line is not `-- grain: …`:");
}

#[test]
fn each_figure_says_what_it_is_how_it_is_made_from_where_and_when_it_misleads() {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    let figures = dictionary::entries();
    for entry in &figures {
        let mut need = |is_there: bool, what: &str| {
            if !is_there {
                faults.push(format!("{}: metric {}: {what}", entry.query_path, entry.metric));
            }
        };
        need(UNITS.contains(&entry.unit.as_str()), &format!("a unit of {}", UNITS.join(", ")));
        need(!entry.definition.is_empty(), "what it is, after the unit");
        need(!entry.title.is_empty(), "line `-- title: …`");
        need(!entry.formula.is_empty(), "line `-- formula: …`");
        need(!entry.source.is_empty(), "line `-- source: …`: a name and where to find it, or `own definition`");
        need(!entry.source.contains('['), "a source is a name and where to find it, not a key");
        need(!entry.caveats.is_empty(), "line `-- caveat: …`: when it misleads");
        need(queries().contains_key(&entry.rows_view), "line `-- rows: …`: the view of the rows behind it");
        need(seen.insert(&entry.metric, &entry.query_path).is_none(), "is defined twice");
    }
    none(faults, "figures:");
    let told: usize = queries().values().map(|query| query.metrics.len()).sum();
    assert_eq!(figures.len(), told, "a figure is declared outside queries/metrics");
}

#[test]
fn what_a_query_reads_is_what_its_header_says() {
    let tables = tables();
    let is_known = |name: &str| {
        tables.contains(name)
            || queries().contains_key(name)
            || [MADE_BY_A_RUN, MADE_BY_A_LOAD].concat().contains(&name)
    };
    let faults = faults_of(|query| {
        let tokens = tokens(&query.sql);
        let read = read_names(&tokens);
        let said: BTreeSet<&str> = query.reads.iter().map(String::as_str).collect();
        let mut faults: Vec<String> = Vec::new();
        let unknown = said.iter().filter(|name| !is_known(name));
        faults.extend(unknown.map(|name| format!("reads {name}, which is no table and no query")));
        let unsaid = read.iter().filter(|name| is_known(name) && !said.contains(*name));
        faults.extend(unsaid.map(|name| format!("reads {name} and does not say so")));
        let idle = said.iter().filter(|name| is_known(name) && !tokens.iter().any(|t| t == *name));
        faults.extend(idle.map(|name| format!("says it reads {name} and does not")));
        faults
    });
    none(faults, "reads:");
}

#[test]
fn each_query_is_one_select_in_the_portable_subset() {
    let faults = faults_of(|query| {
        let tokens = tokens(&query.sql);
        let mut faults = Vec::new();
        if !["select", "with"].contains(&tokens[0].as_str()) || tokens.iter().any(|t| t == ";") {
            faults.push("is not one SELECT, without a semicolon".to_owned());
        }
        if is_ordered_at_the_end(&tokens) {
            faults.push("ends with ORDER BY; what shows the rows orders them".to_owned());
        }
        if query.other("engine").is_some() {
            return faults;
        }
        if tokens.iter().any(|t| t == "\"") || tokens.windows(2).any(|w| w[0] == ":" && w[1] == ":") {
            faults.push("quotes a name or casts with ::; write unquoted names and cast(x as type)".to_owned());
        }
        for (instead, words) in BANNED_WORDS {
            let found = tokens.iter().enumerate().filter(|(at, token)| {
                let is_call = tokens.get(at + 1).is_some_and(|next| next == "(");
                words.contains(&token.as_str()) && (is_call || !FUNCTIONS.contains(&token.as_str()))
            });
            faults.extend(found.map(|(_, token)| format!("{token} ({instead})")));
        }
        faults
    });
    none(faults, "SQL that is not shared by the engines (or say `-- engine: duckdb, because …`):");
}

fn is_ordered_at_the_end(tokens: &[String]) -> bool {
    let mut depth = 0_i32;
    tokens.windows(2).any(|w| {
        depth += i32::from(w[0] == "(") - i32::from(w[0] == ")");
        depth == 0 && w[0] == "order" && w[1] == "by"
    })
}

#[test]
fn queries_use_the_words_of_the_house() {
    let faults = faults_of(|query| {
        let mut words = tokens(&query.sql);
        let headers = query.columns.iter().map(|c| format!("{} {}", c.name, c.meaning));
        let texts = headers.chain([query.grain.clone(), query.answers.clone()]);
        words.extend(texts.flat_map(|text| tokens(&text.replace("down payment", "down_payment"))));
        let found = BANNED_NAMES.iter().filter(|(banned, _)| words.iter().any(|word| word == banned));
        found.map(|(banned, word)| format!("{banned}; the word is {word}")).collect()
    });
    none(faults, "one thing, one word:");
}

/// Rows behind figures are tested through the figures they sum to; the queries of a load by `settle`.
#[test]
fn each_query_has_a_test_that_names_it() {
    let tests: Vec<(String, String)> = files("tests/sql", "slt");
    let statements = tests.iter().flat_map(|(_, text)| text.lines().filter(|line| !line.starts_with('#')));
    let named: BTreeSet<String> = statements.flat_map(tokens).collect();
    let is_tested = |query: &Query| match query.folder.as_str() {
        "settle" => named.contains("settle"),
        "metrics/rows" if queries().values().any(|q| q.reads.contains(&query.name) && named.contains(&q.name)) => true,
        _ => named.contains(&query.name),
    };
    let untested = queries().values().filter(|query| !is_tested(query));
    none(
        untested.map(|query| format!("{}: tests/sql/{}.slt is missing", path(query), query.name)).collect(),
        "untested:",
    );
}

/// A declared type as the engine calls it.
fn engine_type(declared: &str) -> String {
    match declared {
        "string" => "VARCHAR".to_owned(),
        "int" => "INTEGER".to_owned(),
        other => other.to_uppercase(),
    }
}

#[test]
fn declared_columns_and_types_are_the_real_ones() {
    let ledger = Ledger::in_memory().expect("a ledger");
    let views: Vec<&Query> = queries().values().filter(|query| query.folder != "settle").collect();
    let names: Vec<&str> = views.iter().map(|query| query.name.as_str()).collect();
    bind::bind(&ledger, &Run::at_the_end(), &names).expect("every view");
    let columns = ledger
        .texts("select table_name, column_name, data_type from duckdb_columns() order by table_name, column_index");
    let mut real: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in columns.expect("the columns") {
        let [view, column, data_type] = [0, 1, 2].map(|at| row[at].clone().unwrap_or_default());
        real.entry(view).or_default().push(format!("{column} {data_type}"));
    }
    let mut faults = Vec::new();
    for query in views {
        let declared: Vec<String> =
            query.columns.iter().map(|c| format!("{} {}", c.name, engine_type(&c.data_type))).collect();
        let found = real.remove(&query.name).unwrap_or_default();
        if declared != found {
            faults.push(format!(
                "{}\n  declared: {}\n  found:    {}",
                path(query),
                declared.join(", "),
                found.join(", ")
            ));
        }
    }
    none(faults, "columns are not what the header says:");
}
