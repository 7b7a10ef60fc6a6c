//! What is written about the program is what it says and does: the help of every command, the dictionary of the views,
//! the runs and the charts of the README. `DUECAST_BLESS=1` before the test command writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use clap::CommandFactory;
use duecast::catalog::header::{DeclaredMetric, Query};
use duecast::catalog::queries;
use duecast::cli::args::Args;
use duecast::metrics::dictionary::{self, Entry};

use crate::support::Dir;

/// What stands above this line in `queries/README.md` is written by hand.
const MARKER: &str = "<!-- Written by tests/docs.rs from here on, from the headers of the queries. -->\n";

/// Folders of `queries/` and what they hold, in the order of the dictionary.
const FOLDERS: &[(&str, &str)] = &[
    ("settle", "Worked out once, by a load"),
    ("ledger", "Derived rows of the ledger"),
    ("metrics", "Figures"),
    ("metrics/rows", "Rows behind the figures"),
    ("features", "Inputs of models"),
    ("checks", "Checks: what they return is wrong with the data"),
];

/// The pack that the charts of the README come from, and where they stand.
const CHART_PACK: &str = "--ledger out/ledger.duckdb report --as-of 2024-12-31 --currency EUR --out pack";
const CHARTS: &[&str] = &["aging_trend.svg", "dso_trend.svg"];

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    // A checkout may end its lines in its own way.
    std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n")
}

/// Compares a file with what it should say, or writes it.
fn settle(name: &str, fresh: &str) {
    if read(name) == fresh {
        return;
    }
    if std::env::var_os("DUECAST_BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, fresh).expect("a file");
        return;
    }
    let old = read(name);
    let at = old.lines().zip(fresh.lines()).take_while(|(a, b)| a == b).count();
    let [has, should] = [&old, fresh].map(|text| text.lines().nth(at).unwrap_or("(the end)").to_owned());
    panic!(
        "{name} is stale; write it anew with DUECAST_BLESS=1 before the test command, and look at what changes\n\
         {name}:{line}\n  has:    {has}\n  should: {should}",
        line = at + 1
    );
}

/// A text inside a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn help(arguments: &[&str]) -> String {
    // The same on every machine: neither its terminal nor its environment shows.
    let command = Args::command().term_width(100).mut_arg("ledger", |arg| arg.hide_env_values(true));
    let words = [&["duecast"], arguments, &["--help"]].concat();
    command.try_get_matches_from(words).expect_err("help").render().to_string()
}

#[test]
fn the_help_of_every_command_is_in_docs_cli() {
    let mut page = String::from("# Commands\n\nWritten by tests/docs.rs from the program's own help.\n");
    let mut add = |title: &str, help: &str| {
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(page, "\n## `{title}`\n\n```text\n{}\n```\n", lines.join("\n")).expect("a string takes all");
    };
    add("duecast", &help(&[]));
    let command = Args::command();
    for name in command.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help") {
        add(&format!("duecast {name}"), &help(&[name]));
    }
    settle("docs/cli.md", &page);
}

fn figures() -> String {
    let mut text = String::from("\n## Figures by name\n\n| figure | unit | report | what it is |\n|---|---|---|---|\n");
    for Entry { metric, unit, report, definition, .. } in dictionary::entries() {
        let definition = cell(&definition);
        writeln!(text, "| [`{metric}`](../docs/metrics.md#{metric}) | {unit} | `{report}` | {definition} |")
            .expect("a string takes all");
    }
    text
}

fn figure(entry: &Entry) -> String {
    let Entry { metric, title, unit, report, query_path, .. } = entry;
    let mut text = format!("\n## `{metric}`\n\n**{title}**; unit: {unit}. It helps to answer: {}?\n\n", entry.question);
    for (key, said) in [("what it is", &entry.definition), ("formula", &entry.formula), ("source", &entry.source)] {
        writeln!(text, "- {key}: {said}").expect("a string takes all");
    }
    for caveat in &entry.caveats {
        writeln!(text, "- when it misleads: {caveat}").expect("a string takes all");
    }
    text + &format!("- shown by: `duecast {report}`; computed in [`{query_path}`](../{query_path})\n")
}

#[test]
fn the_dictionary_of_the_figures_is_in_docs_metrics() {
    let mut page = String::from(
        "# Figures\n\nPublished formulas disagree, and several published worked examples are wrong: each figure says which formula it \
         is, and the tests hold the recomputed value.\n\nWritten by tests/docs.rs from the headers of the queries. `duecast explain METRIC --as-of DATE` shows the same \
         with the figure, `--rows` the rows that sum to it.\n\n| figure | name | unit | report |\n|---|---|---|---|\n",
    );
    for Entry { metric, title, unit, report, .. } in dictionary::entries() {
        writeln!(page, "| [`{metric}`](#{metric}) | {title} | {unit} | `{report}` |").expect("a string takes all");
    }
    dictionary::entries().iter().for_each(|entry| page.push_str(&figure(entry)));
    settle("docs/metrics.md", &page);
}

fn section(query: &Query) -> String {
    let mut text = format!("\n### `{}`\n\n{}: {}?\n\n", query.name, query.grain, query.answers);
    let mut line = |key: &str, said: &str| {
        if !said.is_empty() {
            writeln!(text, "- {key}: {said}").expect("a string takes all");
        }
    };
    let reads: Vec<String> = query.reads.iter().map(|name| format!("`{name}`")).collect();
    line("reads", &reads.join(", "));
    line("severity", &query.severity);
    line("what to do", &query.fix);
    let figures =
        query.metrics.iter().map(|DeclaredMetric { name, .. }| format!("[`{name}`](../docs/metrics.md#{name})"));
    line("figures", &figures.collect::<Vec<_>>().join(", "));
    line("when it misleads", &query.caveats.join("; "));
    line("engine", query.other("engine").unwrap_or_default());
    text.push_str("\n| column | type | meaning |\n|---|---|---|\n");
    for column in &query.columns {
        writeln!(text, "| `{}` | {} | {} |", column.name, column.data_type, cell(&column.meaning))
            .expect("a string takes all");
    }
    text
}

#[test]
fn the_dictionary_of_the_views_is_in_queries_readme() {
    let old = read("queries/README.md");
    let by_hand = old.split(MARKER).next().unwrap_or_default();
    let mut page = format!("{by_hand}{MARKER}{}", figures());
    let mut told = 0;
    for (folder, title) in FOLDERS {
        let of_folder: Vec<&Query> = queries().values().filter(|query| query.folder == *folder).collect();
        if of_folder.is_empty() {
            continue;
        }
        told += of_folder.len();
        write!(page, "\n## {title}: `queries/{folder}`\n").expect("a string takes all");
        of_folder.into_iter().for_each(|query| page.push_str(&section(query)));
    }
    assert_eq!(told, queries().len(), "a folder of queries/ is not in FOLDERS of tests/docs.rs");
    settle("queries/README.md", &page);
}

/// What a terminal shows after `$ duecast …`: all of it, or what `> FILE` and `| head -n N` leave.
fn shown(dir: &Dir, line: &str) -> String {
    let mut words: Vec<&str> = line.trim_start_matches("$ duecast ").split_whitespace().collect();
    let mut after = |mark: &str| {
        let at = words.iter().position(|word| *word == mark)?;
        words.drain(at..).next_back()
    };
    let most = after("|").map_or(usize::MAX, |count| count.parse().expect("head -n N"));
    let is_sent = after(">").is_some();
    if words.contains(&"--as-of") && !words.contains(&"-f") {
        words.extend(["-f", "table"]);
    }
    let run = dir.run(&words);
    assert!(run.code == 0 || run.code == 1, "{line}: {run:?}");
    let stdout = if is_sent { "" } else { run.stdout.trim_end() };
    let lines = stdout.lines().take(most).chain(run.stderr.trim_end().lines()).map(str::trim_end);
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// Each block of the README that opens with `$ duecast …` is run, in order, in one folder.
#[test]
fn the_runs_and_charts_of_the_readme_are_real() {
    let dir = Dir::new();
    let readme = read("README.md");
    let mut fresh = String::new();
    let mut blocks = readme.split_inclusive("```console\n");
    fresh.push_str(blocks.next().unwrap_or_default());
    for block in blocks {
        let (run, after) = block.split_once("```\n").expect("a block ends");
        let line = run.lines().next().unwrap_or_default();
        assert!(line.starts_with("$ duecast "), "a block of the README opens with `$ duecast …`: {line}");
        write!(fresh, "{line}\n{}```\n{after}", shown(&dir, line)).expect("a string takes all");
    }
    settle("README.md", &fresh);
    assert!(readme.contains(&format!("duecast {CHART_PACK}")), "the README says how its charts were made");
    dir.ok(&CHART_PACK.split(' ').collect::<Vec<_>>());
    for chart in CHARTS {
        settle(
            &format!("docs/{chart}"),
            &std::fs::read_to_string(dir.path().join("pack").join(chart)).expect("a chart"),
        );
    }
}

/// The first block of a language in a page.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, after) = page.split_once(&format!("```{language}\n")).expect("a block");
    after.split_once("```\n").expect("a block ends").0
}

#[test]
fn the_example_of_a_mapping_gives_what_its_page_says() {
    let page = read("docs/mapping.md");
    let dir = Dir::new();
    dir.file("posten.csv", block(&page, "csv"));
    dir.file("posten.toml", block(&page, "toml"));
    let run = dir.run(&["load", "posten.csv", "--source", "posten.toml"]);
    assert!(run.code == 1 && run.stderr.contains("posten.csv:7: kind \"XX\" is not one of"), "{run:?}");
    let answer = |sql: &str| dir.ok(&["sql", sql, "-f", "csv"]);
    let items = answer("select item_id, kind, amount, is_implied from item order by is_implied, item_id");
    assert_eq!(
        items,
        "item_id,kind,amount,is_implied\n1001-1,invoice,1234.50,false\n1002-1,invoice,800.00,false\n1003-1,credit_note,-34.56,false\n\
         1004-1,invoice,500.00,false\ncleared:1001-1,receipt,-1234.50,true\n"
    );
    assert_eq!(answer("select count(*) as customers from customer where name <> ''"), "customers\n2\n");
    assert_eq!(answer("select credit_item_id from application"), "credit_item_id\ncleared:1001-1\n");
}
