//! What a load works out once so that no report has to: which items an application joins, from which day it counts,
//! on which day each item was settled for good, and which item another one reverses.

use super::store::Ledger;
use crate::catalog::queries;
use crate::error::Error;
use crate::staging::contract;

/// Columns of `table` that a source may give, joined by commas.
pub(crate) fn contract_columns(table: &str) -> String {
    contract::find(table).map_or_else(String::new, |t| {
        t.columns.iter().map(|(name, _)| contract::sql_name(name)).collect::<Vec<_>>().join(", ")
    })
}

/// Texts of which nearly every row has its own. The engine would build a dictionary of them, which takes a load longer
/// than all its other columns and saves a tenth of the file.
const OWN_TEXTS: [&str; 7] =
    ["item_id", "document_no", "reference", "purchase_order", "application_id", "credit_item_id", "debit_item_id"];

/// Makes the table `next`, with the columns of `table`.
fn table_sql(table: &str, next: &str) -> String {
    let column = |written: &&str| match written.split_once(' ') {
        Some((name, _)) if OWN_TEXTS.contains(&name) => format!("{written} using compression zstd"),
        _ => (*written).to_owned(),
    };
    let columns: Vec<String> = contract::written_columns(table).iter().map(column).collect();
    format!("create table {next} ({})", columns.join(", "))
}

/// Rebuilds `item` and `application` from the views `loaded_item` and `loaded_application`, which hold their rows with
/// `load_no`, `line_no`, `is_implied` and, for items, `item_no` and `known_at`.
///
/// The new tables take the place of the old ones inside the caller's transaction.
///
/// # Errors
/// [`Error::Internal`] where the engine refuses a step; [`Error::Ledger`] where memory or disk runs out.
pub fn settle(ledger: &Ledger) -> Result<(), Error> {
    link(ledger)?;
    ledger.run(&format!(
        "create or replace temp view linked_application as select * from application_next;
         create or replace temp view item_movement as {movement};
         create or replace temp view item_settlement as {settlement};
         {item};
         insert into item_next by name
         select {columns}, i.load_no, i.line_no, i.is_implied, i.item_no, i.known_at, s.first_applied_on,
           case when i.amount + coalesce(s.moved_amount, 0) = 0 then coalesce(s.last_applied_on, i.posted_on) end as settled_on,
           case when s.item_no is null and i.amount = 0 then i.known_at else s.settled_known_at end as settled_known_at,
           o.item_no as reversed_item_no
         from loaded_item i
         left join item_settlement s on s.item_no = i.item_no
         left join (
           select item_id, item_no from loaded_item
           where item_id in (select reversal_of from loaded_item where reversal_of is not null)
         ) o on o.item_id = i.reversal_of;
         drop view item_settlement; drop view item_movement; drop view linked_application;
         drop table item; alter table item_next rename to item;
         drop table application; alter table application_next rename to application",
        movement = shipped("item_movement")?,
        settlement = shipped("item_settlement")?,
        item = table_sql("item", "item_next"),
        columns = contract_columns("item").split(", ").map(|c| format!("i.{c}")).collect::<Vec<_>>().join(", "),
    ))
}

/// The text of a query that is shipped.
fn shipped(name: &str) -> Result<&'static str, Error> {
    queries().get(name).map(|query| query.sql.as_str()).ok_or_else(|| Error::internal(format!("no query {name}")))
}

/// Makes `application_next`, with the items that each application joins.
///
/// Nearly every application takes from an item below zero and gives to one that is not, so that each side is looked for among
/// half of the items, in half of the memory; those with an item that is missing or stands on the other side follow.
fn link(ledger: &Ledger) -> Result<(), Error> {
    let link = shipped("application_link")?;
    let candidates = |credit: &str, debit: &str, applications: &str| {
        format!(
            "create or replace temp view credit_candidate as select * from loaded_item {credit};
             create or replace temp view debit_candidate as select * from loaded_item {debit};
             create or replace temp view unlinked_application as select * from {applications}"
        )
    };
    ledger.run(&format!(
        "{application};
         {of_each_side};
         insert into application_next by name
         select * from ({link}) where credit_item_no is not null and debit_item_no is not null",
        application = table_sql("application", "application_next"),
        of_each_side = candidates("where amount < 0", "where amount >= 0", "loaded_application"),
    ))?;
    let counts = "select 1 where (select count(*) from application_next) < (select count(*) from loaded_application)";
    if ledger.has_rows(counts)? {
        ledger.run(&format!(
            "create temp table application_left as
             select * from loaded_application a
             where not exists (select 1 from application_next n where n.application_id = a.application_id);
             {of_all};
             insert into application_next by name {link};
             drop table application_left",
            of_all = candidates("", "", "application_left"),
        ))?;
    }
    ledger.run("drop view unlinked_application; drop view credit_candidate; drop view debit_candidate")
}

/// Settles a ledger whose `item` and `application` were filled by hand (a test): numbers the items, then [`settle`]s.
///
/// # Errors
/// As [`settle`].
pub fn settle_in_place(ledger: &Ledger) -> Result<(), Error> {
    ledger.run(&format!(
        "create temp table item_before as select * from item;
         create temp table application_before as select * from application;
         create or replace temp view loaded_item as
         select {item}, load_no, line_no, coalesce(is_implied, false) as is_implied,
           coalesce(item_no, row_number() over (order by item_id) + (select coalesce(max(item_no), 0) from item_before)) as item_no,
           coalesce(entered_at, cast(posted_on as timestamp)) as known_at
         from (select * replace (coalesce(posted_on, issued_on) as posted_on) from item_before);
         create or replace temp view loaded_application as
         select {application}, load_no, line_no, coalesce(is_implied, false) as is_implied from application_before",
        item = contract_columns("item"),
        application = contract_columns("application"),
    ))?;
    settle(ledger)?;
    ledger.run(
        "drop view loaded_item; drop view loaded_application; drop table item_before; drop table application_before",
    )
}
