//! The ledger's file: what is none, in use, damaged, or left by a load that was killed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use duecast::ledger::store::Ledger;

use crate::cli::{HEADER, program, refused};
use crate::support::{Dir, rows};

/// A file of invoices with these ids.
fn invoices(ids: &[&str]) -> String {
    HEADER.to_owned()
        + &ids.iter().map(|id| format!("{id},C1,invoice,2024-01-05,2024-02-04,EUR,5\n")).collect::<String>()
}

/// The names in a folder.
fn beside(dir: &Dir) -> Vec<String> {
    let entries = std::fs::read_dir(dir.path()).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_ledger_that_is_none_or_newer_is_left_alone() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    dir.file("text.db", "a text of more than twelve bytes");
    dir.file("none.db", "");
    for name in ["text.db", "none.db"] {
        refused(&dir.run(&["--ledger", name, "load", "item.csv"]), &[name, "not a ledger"]);
    }
    assert_eq!(std::fs::read(dir.path().join("text.db")).expect("the text"), b"a text of more than twelve bytes");
    refused(&dir.run(&["--ledger", ".", "load", "item.csv"]), &["is a folder"]);
    refused(&dir.run(&["--ledger", "no/such.db", "load", "item.csv"]), &["does not exist"]);
    refused(&dir.run(&["--ledger", "absent.db", "check"]), &["absent.db", "duecast load"]);
    dir.ok(&["load", "item.csv"]);
    let path = dir.path().join("ledger.duckdb");
    let newer = Ledger::open_for_load(&path).expect("a ledger");
    newer.run("update ledger_info set format_version = 99").expect("changed");
    newer.keep().expect("kept");
    refused(&dir.run(&["check"]), &["newer duecast", "format 99", "update duecast"]);
    refused(&dir.run(&["load", "item.csv"]), &["newer duecast"]);
}

#[test]
fn a_damaged_ledger_is_not_said_to_be_in_use() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    dir.ok(&["load", "item.csv"]);
    let path = dir.path().join("ledger.duckdb");
    let mut damaged = std::fs::read(&path).expect("a ledger");
    damaged.iter_mut().skip(4096).step_by(97).for_each(|byte| *byte ^= 0xFF);
    dir.file("damaged.db", damaged);
    let run = dir.run(&["--ledger", "damaged.db", "check"]);
    refused(&run, &["damaged.db"]);
    assert!(!run.stderr.contains("in use"), "{run:?}");
}

#[test]
fn a_ledger_in_use_says_so_and_is_not_changed() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    dir.ok(&["load", "item.csv"]);
    dir.file("item.csv", invoices(&["I2"]));
    let held = Ledger::open_for_load(&dir.path().join("ledger.duckdb")).expect("a ledger");
    refused(&dir.run(&["load", "item.csv"]), &["ledger.duckdb", "in use by another program", "try again"]);
    refused(&dir.run(&["check"]), &["in use by another program"]);
    drop(held);
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert_eq!(items.iter().map(|row| row["item_id"].as_str()).collect::<Vec<_>>(), ["I1"]);
}

#[test]
fn a_change_that_is_not_kept_leaves_every_byte_and_nothing_beside() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    dir.ok(&["load", "item.csv"]);
    let path = dir.path().join("ledger.duckdb");
    let before = std::fs::read(&path).expect("a ledger");
    let changed = Ledger::open_for_load(&path).expect("a ledger");
    changed.run("delete from item; checkpoint").expect("deleted");
    drop(changed);
    assert!(std::fs::read(&path).expect("a ledger") == before);
    let changed = Ledger::open_for_load(&path).expect("a ledger");
    changed.run("delete from item").expect("deleted");
    // What ends a program in the middle leaves what it had put down.
    std::mem::forget(changed);
    assert!(std::fs::read(&path).expect("a ledger") == before);
    assert_eq!(beside(&dir).len(), 3);
    dir.ok(&["load", "item.csv"]);
    assert_eq!(beside(&dir), ["item.csv", "ledger.duckdb"]);
}

#[test]
fn a_ledger_that_another_load_is_making_is_in_use() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    let first = Ledger::open_for_load(&dir.path().join("ledger.duckdb")).expect("a ledger");
    refused(&dir.run(&["load", "item.csv"]), &["ledger.duckdb", "in use by another program"]);
    drop(first);
    dir.ok(&["load", "item.csv"]);
    assert_eq!(beside(&dir), ["item.csv", "ledger.duckdb"]);
}

#[test]
fn a_ledger_behind_a_link_is_changed_where_it_is() {
    let dir = Dir::new();
    dir.file("item.csv", invoices(&["I1"]));
    std::fs::create_dir(dir.path().join("books")).expect("a folder");
    dir.ok(&["--ledger", "books/2024.duckdb", "load", "item.csv"]);
    std::os::unix::fs::symlink("books/2024.duckdb", dir.path().join("ledger.duckdb")).expect("a link");
    dir.file("more.csv", invoices(&["I2"]));
    dir.ok(&["load", "more.csv", "--table", "item"]);
    assert!(dir.path().join("ledger.duckdb").is_symlink());
    let items = rows(&dir.ok(&["--ledger", "books/2024.duckdb", "items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert_eq!(items.len(), 2);
}

#[test]
fn a_load_killed_at_any_moment_leaves_the_ledger_as_it_was() {
    let dir = Dir::new();
    dir.ok(&["generate", "--items", "12000", "--out", "book"]);
    let count = || {
        dir.run(&[
            "sql",
            "select (select count(*) from item), (select count(*) from application), (select max(load_no) from load)",
        ])
    };
    let killed = |after: Duration| {
        let mut load = program(&dir, &["load", "book"]);
        let mut load = load.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("duecast runs");
        std::thread::sleep(after);
        load.kill().expect("killed");
        load.wait().expect("ended");
    };
    for millis in [20, 150, 400] {
        killed(Duration::from_millis(millis));
    }
    let started = Instant::now();
    dir.run(&["load", "book"]);
    let whole = started.elapsed();
    let before = count();
    assert_eq!(before.code, 0, "{before:?}");
    let ledger = || std::fs::read(dir.path().join("ledger.duckdb")).expect("a ledger");
    let bytes = ledger();
    let item = std::fs::read_to_string(dir.path().join("book/item.csv")).expect("items");
    let shorter = item.lines().take(6000).collect::<Vec<_>>().join("\n");
    dir.file("book/item.csv", shorter + "\n");
    for share in [0.2, 0.5, 0.7, 0.85] {
        killed(whole.mul_f64(share));
        let now = count();
        if now.stdout != before.stdout {
            assert_eq!(now.code, 0, "{now:?}");
            break;
        }
        assert!(ledger() == bytes, "a killed load changed the ledger's file");
    }
    dir.run(&["load", "book"]);
    assert_eq!(beside(&dir), ["book", "ledger.duckdb"]);
    assert_ne!(count().stdout, before.stdout);
}
