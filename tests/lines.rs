//! Where a row came from: its line, in a file that several threads read.

use std::fmt::Write as _;

use crate::support::Dir;

#[test]
fn every_row_of_a_big_file_is_told_by_its_line() {
    let dir = Dir::new();
    let mut text = "item_id,customer_id,kind,issued_on,currency,amount,payment_method,reference\n".to_owned();
    for line in 2..=400_001 {
        let id = if line == 300_000 { 200_000 } else { line };
        writeln!(text, "I{id},C{},receipt,2024-01-05,EUR,-{line},bank_transfer,{line}", line % 997).expect("a line");
    }
    dir.file("item.csv", text);
    let run = dir.run(&["load", "item.csv"]);
    assert!(run.stderr.contains("item.csv:300000: item_id \"I200000\" is a duplicate; item.csv:200000"), "{run:?}");
    let elsewhere = "select count(*) from item where reference <> cast(line_no as string)";
    assert_eq!(dir.ok(&["sql", elsewhere, "-f", "csv"]).lines().last(), Some("0"));
    let refused = dir.ok(&["sql", "select content from rejected_row", "-f", "csv"]);
    assert!(refused.contains("-300000"), "{refused}");
}
