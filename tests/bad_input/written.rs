//! Days and amounts as exports write them: what stands for none, and what tells one mark from another.

use super::{loaded, refused};
use crate::support::{Dir, rows};

const SAP: &str = "Company Code\tAccount\tDocument Number\tFiscal Year\tLine item\tDocument Type\tDocument Date\tPosting Date\tNet due date\tClearing date\tAmount in doc. curr.\tDocument currency\n";

fn sap(lines: &[(&str, &str)]) -> String {
    let line = |(at, (amount, currency)): (usize, &(&str, &str))| {
        format!("1000\t1001\t{at}\t2024\t1\tRV\t15.01.2024\t15.01.2024\t14.02.2024\t\t{amount}\t{currency}\n")
    };
    SAP.to_owned() + &lines.iter().enumerate().map(line).collect::<String>()
}

fn amounts(dir: &Dir) -> Vec<String> {
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    items.iter().map(|row| row["amount"].clone()).collect()
}

#[test]
fn the_marks_of_a_sap_list_follow_from_its_amounts_and_not_from_its_language() {
    let european = [("1.234,50", "EUR"), ("50.000", "HUF"), ("7,25-", "EUR")];
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&european[..2]));
    let report = dir.ok(&["load", "fbl5n.txt", "--source", "sap_fbl5n", "-f", "json"]);
    assert!(report.contains("decimal mark \\\",\\\" and the thousands mark \\\".\\\""), "{report}");
    assert_eq!(amounts(&dir), ["1234.50", "50000.00"]);
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&[("1,234.50", "EUR"), ("50,000", "HUF")]));
    dir.ok(&["load", "fbl5n.txt", "--source", "sap_fbl5n"]);
    assert_eq!(amounts(&dir), ["1234.50", "50000.00"]);
    let dir = Dir::new();
    dir.file("fbl5n.txt", sap(&[("50.000", "HUF"), ("812.500", "HUF")]));
    refused(&dir.run(&["load", "fbl5n.txt", "--source", "sap_fbl5n"]), &["50.000", "decimal mark", "[values]"]);
}

#[test]
fn a_day_that_stands_for_none_is_none_however_it_is_written() {
    let dir = Dir::new();
    let mapping = "name = \"list\"\nversion = 1\n[values]\ncurrency = \"EUR\"\ndate_formats = [\"DD.MM.YYYY\"]\n[[table]]\ntable = \"item\"\n\
         [table.columns]\nitem_id = \"No\"\ncustomer_id = \"Customer\"\nkind = { constant = \"invoice\" }\nissued_on = \"Date\"\n\
         due_on = \"Due\"\namount = \"Amount\"\n";
    dir.file("list.toml", mapping);
    let ends = ["31.12.9999", "00.00.0000", "9999-12-31", "31.12.4712", ""];
    let line = |(at, due): (usize, &&str)| format!("{at},C1,15.01.2024,{due},10\n");
    let lines: String = ends.iter().enumerate().map(line).collect();
    dir.file("list.csv", format!("No,Customer,Date,Due,Amount\n{lines}"));
    dir.ok(&["load", "list.csv", "--source", "list.toml"]);
    let items = rows(&dir.ok(&["items", "--as-of", "2024-12-31", "-f", "csv"]));
    assert!(items.len() == ends.len() && items.iter().all(|row| row["bucket"] == "no_due_date"), "{items:?}");
}

#[test]
fn words_that_the_engine_takes_for_days_are_none() {
    let dir = Dir::new();
    let line = |(at, due): (usize, &&str)| format!("{at},C1,invoice,15.01.2024,{due},EUR,10\n");
    let words = ["infinity", "-infinity", "Epoch", "14.02.2024"];
    let lines: String = words.iter().enumerate().map(line).collect();
    dir.file("item.csv", format!("item_id,customer_id,kind,issued_on,due_on,currency,amount\n{lines}"));
    let (read, kept, refused) = loaded(&dir, &["item.csv", "--date-format", "DD.MM.YYYY"]);
    assert_eq!((read, kept), (4, 1));
    assert!(refused.iter().all(|row| row["column_name"] == "due_on"), "{refused:?}");
}

#[test]
fn a_draft_reads_zero_dates_day_numbers_and_percents_for_what_they_are() {
    let dir = Dir::new();
    dir.file("due.csv", "No,Customer,Date,Due,Amount,Doc. Curr\n1,A,15.01.2024,14.02.2024,10.50,EUR\n2,A,16.01.2024,00.00.0000,5.25,JPY\n");
    let drafted = dir.ok(&["load", "due.csv", "--draft-mapping"]);
    for line in ["due_on = \"Due\"", "currency = \"Doc. Curr\""] {
        assert!(drafted.contains(line), "{line}: {drafted}");
    }
    dir.file("serial.csv", "No,Customer,Date,Amount,Currency\n1,A,45306,10%,EUR\n2,A,45307,5.25,EUR\n");
    let drafted = dir.ok(&["load", "serial.csv", "--draft-mapping"]);
    assert!(drafted.contains("date_formats = [\"EXCEL\"]") && !drafted.contains("currency_marks"), "{drafted}");
    dir.file(
        "sides.csv",
        "No,Customer,Date,Soll,Haben,Currency\n1,A,2024-01-15,10.50,,EUR\n2,A,2024-01-16,,5.25,EUR\n",
    );
    let drafted = dir.ok(&["load", "sides.csv", "--draft-mapping"]);
    dir.file("sides.toml", &drafted);
    let run = dir.run(&["load", "sides.csv", "--source", "sides.toml"]);
    refused(&run, &["sides.csv", "where amount of item is", "[table.columns]", "Soll, Haben"]);
    assert!(
        drafted.contains("amounts stand in two columns") && drafted.contains("column = \"Haben\", negate = true"),
        "{drafted}"
    );
}
