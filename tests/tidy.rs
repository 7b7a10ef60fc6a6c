//! The rules of the house: which layer may use which, where the engine, the clock and the terminal are, how long a file
//! may be, what a query says of itself, and that the README names what there is.

mod queries;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use duecast::cli::args::Args;

const MAX_FUNCTION_LINES: usize = 70;
const MAX_FILE_LINES: usize = 500;
const MAX_MAIN_LINES: usize = 60;

/// Each layer (a module of the crate) and the layers it may use, itself aside. Every layer may use `error`.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("embedded", &[]),
    ("sql_text", &[]),
    ("domain", &[]),
    ("sheet", &["domain"]),
    ("sources", &["domain"]),
    ("staging", &["domain", "embedded", "sources", "sql_text"]),
    ("ledger", &["catalog", "domain", "sql_text", "staging"]),
    ("catalog", &["domain", "embedded", "ledger", "sql_text", "staging"]),
    ("load", &["catalog", "domain", "ledger", "sources", "sql_text", "staging"]),
    ("metrics", &["catalog", "domain", "ledger", "sql_text"]),
    ("models", &["domain"]),
    ("reports", &["catalog", "domain", "ledger", "metrics", "models", "sheet", "sql_text"]),
    ("render", &["domain", "sheet"]),
    ("generate", &["domain"]),
    (
        "cli",
        &[
            "catalog", "domain", "embedded", "generate", "ledger", "load", "metrics", "models", "render", "reports",
            "sheet", "sources", "sql_text", "staging",
        ],
    ),
];

/// What a file uses beyond its layer, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/ledger/frame.rs", "sheet", "a frame tells what its columns hold, in the words of a sheet"),
    ("src/load/mod.rs", "metrics", "a load ends with the checks"),
    ("src/load/manifest.rs", "metrics", "the findings of the checks stand in the report of the load"),
    ("src/reports/pack.rs", "render", "the pack is a report made of files"),
    ("src/reports/pack/office.rs", "render", "the slides and the document are two of them"),
    ("src/reports/pack/page.rs", "render", "the page is another"),
    ("src/reports/pack/workbook.rs", "render", "and the workbook another"),
];

/// Words of code, and the only places they may stand.
const PLACES: &[(&[&str], &[&str], &str)] = &[
    (&["duckdb::", "use duckdb", "extern crate duckdb"], &["src/ledger/store.rs"], "the engine is behind one file"),
    (
        &["println!(", "eprintln!(", "print!(", "eprint!(", "process::exit", "process::abort"],
        &["src/cli/", "src/main.rs"],
        "only the command line speaks and ends the program",
    ),
    (
        &["Utc::now", "Local::now", "SystemTime", "Instant::now"],
        &["src/cli/"],
        "the clock is read on the command line alone",
    ),
    (
        &["rand::rng(", "rand::random", "thread_rng", "from_os_rng", "from_entropy"],
        &[],
        "chance has a seed, so that a run can be repeated",
    ),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with an ending, its subfolders' too, by path from the root, in order.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(folder), ending, &mut paths);
    paths.sort();
    let named = paths.into_iter().map(|path| {
        let name = path.strip_prefix(root()).expect("under the root").to_string_lossy().replace('\\', "/");
        (name, std::fs::read_to_string(&path).expect("a text"))
    });
    named.collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn none(faults: Vec<String>, rule: &str) {
    assert!(faults.is_empty(), "{rule}\n{}", faults.join("\n"));
}

/// Lines of code with their numbers; comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The module that a path of a source file belongs to: `src/cli/args.rs` to `cli`, `src/sheet.rs` to `sheet`.
fn layer(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// The modules a line of code names: after `crate::`, or after so many `super::` that only the crate is left.
fn modules_named(line: &str, depth: usize) -> Vec<&str> {
    let top_of = |rest: &str| rest.len() - rest.trim_start_matches(is_word).len();
    let mut named = Vec::new();
    let out_of_layer = "super::".repeat(depth);
    for mark in ["crate::", out_of_layer.as_str()] {
        for (at, _) in line.match_indices(mark) {
            let is_whole = !line[..at].ends_with(|c| is_word(c) || c == ':');
            let rest = &line[at + mark.len()..];
            if is_whole && !rest.starts_with("super::") && !rest.starts_with('*') {
                named.push(&rest[..top_of(rest)]);
            }
        }
    }
    named
}

/// How many modules a file lies below the crate.
fn depth(path: &str) -> usize {
    path.trim_start_matches("src/").trim_end_matches("/mod.rs").split('/').count()
}

#[test]
fn no_layer_uses_one_it_may_not() {
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    let crate_files = files("src", "rs").into_iter().filter(|(path, _)| path != "src/lib.rs" && path != "src/main.rs");
    for (path, text) in crate_files {
        let own = layer(&path);
        let Some((_, may_use)) = LAYERS.iter().find(|(name, _)| *name == own) else {
            faults.push(format!("{path}: {own} is no layer of tests/tidy.rs; add it with the layers it may use"));
            continue;
        };
        // A module of tests inside a file is the last thing in it, and one deeper.
        let tests_from = text.lines().position(|line| line == "mod tests {").unwrap_or(usize::MAX);
        for (number, line) in code(&text) {
            let depth = depth(&path) + usize::from(number > tests_from);
            for module in modules_named(line, depth) {
                if module == own || module == "error" || may_use.contains(&module) {
                } else if EXCEPTIONS.iter().any(|(file, used, _)| *file == path && *used == module) {
                    excused.insert((path.clone(), module.to_owned()));
                } else if module.is_empty() {
                    faults.push(format!("{path}:{number}: name one module a line, so that its layer can be told"));
                } else {
                    faults.push(format!("{path}:{number}: {own} may not use {module}"));
                }
            }
        }
    }
    let idle = EXCEPTIONS.iter().filter(|(file, used, _)| !excused.contains(&((*file).to_owned(), (*used).to_owned())));
    faults.extend(idle.map(|(file, used, _)| format!("{file}: the exception for {used} is not needed any more")));
    none(faults, "data moves one way: sources, staging, ledger, queries, metrics, models, reports, render");
}

#[test]
fn modules_are_told_from_the_paths_that_name_them() {
    assert_eq!(modules_named("use crate::domain::money::Money;", 2), ["domain"]);
    assert_eq!(modules_named("use crate::{error, sheet};", 2), [""]);
    assert_eq!(modules_named("use super::super::ledger::store;", 2), ["ledger"]);
    assert_eq!(modules_named("use super::super::form;", 3), Vec::<&str>::new());
    assert_eq!(modules_named("let x = my_crate::y();", 2), Vec::<&str>::new());
    assert_eq!((depth("src/sheet.rs"), depth("src/cli/mod.rs"), depth("src/cli/args.rs")), (1, 1, 2));
}

#[test]
fn engine_clock_chance_and_terminal_are_where_they_belong() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        for (words, places, rule) in PLACES {
            if places.iter().any(|place| path.starts_with(place)) {
                continue;
            }
            for (number, line) in code(&text) {
                let found = words
                    .iter()
                    .filter(|word| line.match_indices(**word).any(|(at, _)| !line[..at].ends_with(is_word)));
                faults.extend(found.map(|word| format!("{path}:{number}: {word} ({rule})")));
            }
        }
    }
    none(faults, "found where it may not stand:");
}

/// The functions of a formatted file: name, line it starts on, lines it takes.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        let before = body.find("fn ").map(|place| &body[..place]);
        let is_function = before.is_some_and(|words| {
            let known =
                |word: &str| word.starts_with("pub") || word.ends_with(')') || ["const", "async", "in"].contains(&word);
            words.split_whitespace().all(known)
        });
        if !is_function || body.ends_with(';') {
            continue;
        }
        let end = if body.ends_with('}') {
            at
        } else {
            let closing = format!("{indent}}}");
            let signature_only = format!("{indent})");
            let is_end = |l: &&str| **l == closing || (l.starts_with(&signature_only) && l.ends_with(';'));
            at + lines[at..].iter().position(is_end).unwrap_or(0)
        };
        let name: String = body[before.map_or(0, str::len) + 3..].chars().take_while(|&c| is_word(c)).collect();
        found.push((name, at + 1, end - at + 1));
    }
    found
}

#[test]
fn functions_fit_a_screen_and_files_a_sitting() {
    let mut faults = Vec::new();
    let mut sources: Vec<(String, String)> = ["src", "tests", "benches"].iter().flat_map(|f| files(f, "rs")).collect();
    sources.push(("build.rs".to_owned(), read("build.rs")));
    for (path, text) in &sources {
        let line_count = text.lines().count();
        let most = if path == "src/main.rs" { MAX_MAIN_LINES } else { MAX_FILE_LINES };
        if line_count > most {
            faults.push(format!("{path}: {line_count} lines; at most {most}"));
        }
        let long = functions(text).into_iter().filter(|(_, _, lines)| *lines > MAX_FUNCTION_LINES);
        faults.extend(
            long.map(|(name, at, lines)| {
                format!("{path}:{at}: {name} has {lines} lines; at most {MAX_FUNCTION_LINES}")
            }),
        );
    }
    none(faults, "too long:");
}

#[test]
fn functions_are_measured_from_their_first_line_to_their_last() {
    let text = "impl X {\n    pub(crate) const fn a(&self) -> u8 {\n        1\n    }\n\n    fn b(\n        c: u8,\n    ) {\n    }\n}\nfn d() {}\nlet fn_ = 1;\n";
    let found: Vec<(String, usize, usize)> = functions(text);
    assert_eq!(found, [("a".to_owned(), 2, 3), ("b".to_owned(), 6, 4), ("d".to_owned(), 11, 1)]);
}

#[test]
fn the_readme_has_every_command_in_its_table() {
    let readme = read("README.md");
    let has_row = |name: &str| {
        let (whole, with_options) = (format!("| `{name}`"), format!("| `{name} "));
        readme.lines().any(|line| line.starts_with(&whole) || line.starts_with(&with_options))
    };
    let command = Args::command();
    let missing =
        command.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help" && !has_row(name));
    none(missing.map(|name| format!("| `{name}` | …")).collect(), "README.md has no row for:");
}

#[test]
fn the_readme_names_every_shipped_mapping() {
    let readme = read("README.md");
    let names = files("mappings", "toml")
        .into_iter()
        .map(|(path, _)| path.trim_start_matches("mappings/").trim_end_matches(".toml").to_owned());
    none(names.filter(|name| !readme.contains(&format!("`{name}`"))).collect(), "README.md does not name:");
}

#[test]
fn links_of_the_readme_lead_somewhere() {
    let readme = read("README.md");
    let targets = readme.match_indices("](").filter_map(|(at, _)| readme[at + 2..].split(')').next());
    let inside = targets.filter(|target| !target.starts_with("http") && !target.starts_with('#'));
    none(
        inside.filter(|target| !root().join(target).exists()).map(str::to_owned).collect(),
        "README.md links to nothing:",
    );
}

/// The CI reads the command from here; two of them, or none, would leave it guessing.
#[test]
fn the_readme_has_one_test_command_and_the_ci_runs_that_one() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme.lines().map(str::trim).filter(|line| line.starts_with("cargo test")).collect();
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(!commands[0].contains("--test ") && !commands[0].contains("--lib"), "it leaves tests out: {}", commands[0]);
    assert!(
        read(".ci/run").contains("grep -m 1 '^ *cargo test' README.md"),
        ".ci/run takes the command from README.md"
    );
}
