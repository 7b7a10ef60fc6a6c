//! Random ledgers, recomputed here from their rows by definition: as of any day, as known at any time.

mod bridge;
mod targets;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime};
use duecast::catalog::bind::{self, Run};
use duecast::domain::bucket;
use duecast::domain::dimension::Dimension;
use duecast::ledger::store::Ledger;
use duecast::load::{LoadOptions, load};
use duecast::reports::{self, Context};
use proptest::prelude::*;

use crate::reconciled::unreconciled;
use crate::support::{Dir, units};

#[derive(Clone, Debug)]
struct Item {
    customer: u8,
    is_debit: bool,
    is_usd: bool,
    posted: u16,
    due_after: Option<u8>,
    entered_after: Option<u8>,
    amount: i64,
}

#[derive(Clone, Debug)]
struct Application {
    credit: usize,
    debit: usize,
    share: u8,
    after: u8,
    entered_after: Option<u8>,
    reversed_after: Option<u8>,
}

#[derive(Clone, Debug)]
struct Book {
    items: Vec<Item>,
    applications: Vec<Application>,
}

fn item() -> impl Strategy<Value = Item> {
    let flags = (0_u8..3, any::<bool>(), prop::bool::weighted(0.2), 0_u16..120);
    let rest = (prop::option::weighted(0.9, 0_u8..60), prop::option::weighted(0.3, 0_u8..40), 1_i64..100_000);
    (flags, rest).prop_map(|((customer, is_debit, is_usd, posted), (due_after, entered_after, amount))| Item {
        customer,
        is_debit,
        is_usd,
        posted,
        due_after,
        entered_after,
        amount: amount * 100,
    })
}

fn book() -> impl Strategy<Value = Book> {
    let application = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_u8..=100, 0_u8..40);
    let late = (prop::option::weighted(0.3, 0_u8..40), prop::option::weighted(0.3, 0_u8..30));
    let items = prop::collection::vec(item(), 1..12);
    (items, prop::collection::vec((application, late), 0..14)).prop_map(|(items, applications)| {
        let sides = |debit: bool| {
            items.iter().enumerate().filter(|(_, i)| i.is_debit == debit).map(|(n, _)| n).collect::<Vec<_>>()
        };
        let (debits, credits) = (sides(true), sides(false));
        let joined = applications.into_iter().filter(|_| !debits.is_empty() && !credits.is_empty());
        let applications = joined
            .map(|((credit, debit, share, after), (entered_after, reversed_after))| Application {
                credit: *credit.get(&credits),
                debit: *debit.get(&debits),
                share,
                after,
                entered_after,
                reversed_after,
            })
            .collect();
        Book { items, applications }
    })
}

fn day(offset: u16) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + Days::new(u64::from(offset))
}

/// One application row as it is loaded, in ten-thousandths.
#[derive(Debug)]
struct Row {
    credit: usize,
    debit: usize,
    amount: i64,
    credit_amount: i64,
    applied_on: NaiveDate,
    entered_at: Option<NaiveDateTime>,
}

impl Item {
    fn entered_at(&self) -> Option<NaiveDateTime> {
        self.entered_after
            .map(|after| (day(self.posted) + Days::new(u64::from(after))).and_hms_opt(9, 30, 0).expect("a time"))
    }

    fn known_at(&self) -> NaiveDateTime {
        self.entered_at().unwrap_or_else(|| day(self.posted).and_hms_opt(0, 0, 0).expect("a time"))
    }

    fn currency(&self) -> &'static str {
        if self.is_usd { "USD" } else { "EUR" }
    }

    fn signed(&self) -> i64 {
        if self.is_debit { self.amount } else { -self.amount }
    }
}

impl Book {
    /// The rows of the application table; a reversal is a row of its own.
    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for a in &self.applications {
            let (credit, debit) = (&self.items[a.credit], &self.items[a.debit]);
            let amount = (debit.amount.min(credit.amount) * i64::from(a.share) / 100 / 100 * 100).max(100);
            let credit_amount = if credit.is_usd == debit.is_usd { amount } else { amount * 11 / 10 };
            let applied = day(credit.posted.max(debit.posted) + u16::from(a.after));
            let at =
                |on: NaiveDate, after: u8| (on + Days::new(u64::from(after))).and_hms_opt(16, 0, 0).expect("a time");
            let entered_at = a.entered_after.map(|after| at(applied, after));
            rows.push(Row { credit: a.credit, debit: a.debit, amount, credit_amount, applied_on: applied, entered_at });
            if let Some(after) = a.reversed_after {
                let on = applied + Days::new(u64::from(after));
                rows.push(Row {
                    credit: a.credit,
                    debit: a.debit,
                    amount: -amount,
                    credit_amount: -credit_amount,
                    applied_on: on,
                    entered_at: None,
                });
            }
        }
        rows
    }

    /// Open amount of each item posted and known, by definition: amount less what was applied to it.
    fn open(&self, as_of: NaiveDate, known_at: Option<NaiveDateTime>) -> BTreeMap<usize, i64> {
        let is_known = |at: NaiveDateTime| known_at.is_none_or(|limit| at <= limit);
        let is_there = |n: usize| day(self.items[n].posted) <= as_of && is_known(self.items[n].known_at());
        let mut open: BTreeMap<usize, i64> =
            (0..self.items.len()).filter(|n| is_there(*n)).map(|n| (n, self.items[n].signed())).collect();
        for row in self.rows() {
            let at = row.entered_at.unwrap_or_else(|| row.applied_on.and_hms_opt(0, 0, 0).expect("a time"));
            if row.applied_on <= as_of && is_known(at) && is_there(row.credit) && is_there(row.debit) {
                *open.get_mut(&row.debit).expect("is there") -= row.amount;
                *open.get_mut(&row.credit).expect("is there") += row.credit_amount;
            }
        }
        open.retain(|_, amount| *amount != 0);
        open
    }

    fn write(&self, dir: &Dir) {
        let money = |units: i64| {
            format!("{}{}.{:04}", if units < 0 { "-" } else { "" }, units.abs() / 10_000, units.abs() % 10_000)
        };
        let text = |at: Option<NaiveDateTime>| at.map_or(String::new(), |at| at.to_string());
        let mut items = "item_id,customer_id,kind,issued_on,posted_on,due_on,currency,amount,entered_at\n".to_owned();
        for (n, i) in self.items.iter().enumerate() {
            let kind = if i.is_debit { "invoice" } else { "receipt" };
            let due = i
                .due_after
                .filter(|_| i.is_debit)
                .map_or(String::new(), |after| (day(i.posted) + Days::new(u64::from(after))).to_string());
            let (posted, currency, amount) = (day(i.posted), i.currency(), money(i.signed()));
            items.push_str(&format!(
                "I{n},C{},{kind},{posted},{posted},{due},{currency},{amount},{}\n",
                i.customer,
                text(i.entered_at())
            ));
        }
        let mut rows =
            "application_id,credit_item_id,debit_item_id,amount,credit_amount,applied_on,entered_at\n".to_owned();
        for (n, r) in self.rows().iter().enumerate() {
            let (amount, credit_amount) = (money(r.amount), money(r.credit_amount));
            rows.push_str(&format!(
                "A{n},I{},I{},{amount},{credit_amount},{},{}\n",
                r.credit,
                r.debit,
                r.applied_on,
                text(r.entered_at)
            ));
        }
        dir.file("item.csv", items);
        dir.file("application.csv", rows);
    }
}

fn ledger_of(book: &Book) -> Ledger {
    let dir = Dir::new();
    book.write(&dir);
    let ledger = Ledger::in_memory().expect("a ledger");
    let report = load(&ledger, &[dir.path().to_owned()], &LoadOptions::default(), &mut |_| {}).expect("a load");
    assert!(report.files.iter().flat_map(|f| &f.tables).all(|t| t.rows_rejected == 0), "{report:?}");
    ledger
}

fn on(as_of: NaiveDate, from_on: Option<NaiveDate>, known_at: Option<NaiveDateTime>, by: Vec<Dimension>) -> Run {
    Run { known_at, by, ..Run::on(as_of, from_on) }
}

/// Sum of the last column by the others.
fn sums(ledger: &Ledger, sql: &str) -> BTreeMap<Vec<String>, i128> {
    let mut sums = BTreeMap::new();
    for mut row in ledger.texts(sql).expect("a query") {
        let amount = units(&row.pop().flatten().expect("an amount"));
        *sums.entry(row.into_iter().map(Option::unwrap_or_default).collect()).or_insert(0) += amount;
    }
    sums
}

/// Figures and rows behind figures that do not belong together. All at once, as books are many; one by one, as `explain`
/// shows them, on the sample in `tests/figures.rs`.
fn figures_without_their_rows(ledger: &Ledger, run: &Run) -> Vec<Vec<Option<String>>> {
    let context = Context { ledger, run: run.clone(), show_all: false };
    (reports::find("dso").expect("a report").make)(&context).expect("DSO");
    bind::bind_kept(ledger, run, "kpi", &["kpi", "kpi_row", "dso_row"]).expect("views");
    let unlike = |figures: &str, rows: &str| {
        let sql = format!(
            "with summed as (
               select currency, scope_key, metric, detail, sum(case when part = 'numerator' then amount end) as numerator,
                 sum(case when part = 'denominator' then amount end) as denominator
               from {rows} group by all)
             select metric, currency, scope_key, detail, f.numerator, s.numerator, f.denominator, s.denominator
             from ({figures}) f
             full join summed s using (metric, currency, scope_key, detail)
             where coalesce(f.numerator, 0) <> coalesce(s.numerator, 0)
               or coalesce(f.denominator, 0) <> coalesce(s.denominator, 0)"
        );
        ledger.texts(&sql).expect("a comparison")
    };
    let mut found = unlike("select * from kpi", "(select * from kpi_row where metric not like 'dso%')");
    // The report's table has count-back too, which is in no view.
    found.extend(unlike(
        "select currency, scope_key, 'dso_' || method as metric, '' as detail, receivable_amount as numerator,
           sales_amount as denominator from dso_table",
        "dso_row",
    ));
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn open_items_are_what_the_rows_say_on_any_day_as_known_at_any_time(book in book(), as_of in 0_u16..200, known in prop::option::of(0_u16..200)) {
        let ledger = ledger_of(&book);
        let as_of = day(as_of);
        let known_at = known.map(|known| day(known).and_hms_opt(23, 59, 59).expect("a time"));
        bind::bind(&ledger, &on(as_of, None, known_at, Vec::new()), &["open_item", "aging_by_bucket", "balance_proof"]).expect("views");

        let expected: BTreeMap<Vec<String>, i128> =
            book.open(as_of, known_at).into_iter().map(|(n, amount)| (vec![format!("I{n}")], i128::from(amount))).collect();
        prop_assert_eq!(sums(&ledger, "select item_id, open_amount from open_item"), expected);

        let mut balance: BTreeMap<Vec<String>, i128> = BTreeMap::new();
        let mut buckets: BTreeMap<Vec<String>, i128> = BTreeMap::new();
        let layout = bucket::parse(bucket::BY_DUE_DATE, false).expect("buckets");
        for (n, amount) in book.open(as_of, known_at) {
            let item = &book.items[n];
            let name = match item.due_after {
                _ if !item.is_debit => "unapplied",
                None => "no_due_date",
                Some(after) => {
                    let age = (as_of - day(item.posted)).num_days() - i64::from(after);
                    let holds = |b: &&bucket::Bucket| i64::from(b.from_days) <= age && age <= i64::from(b.to_days);
                    &layout.iter().find(holds).expect("a bucket").name
                }
            };
            *balance.entry(vec![item.currency().to_owned()]).or_default() += i128::from(amount);
            *buckets.entry(vec![item.currency().to_owned(), name.to_owned()]).or_default() += i128::from(amount);
        }
        let mut found = sums(&ledger, "select currency, bucket, open_amount from aging_by_bucket");
        found.retain(|_, amount| *amount != 0);
        buckets.retain(|_, amount| *amount != 0);
        prop_assert_eq!(found, buckets);

        let mut proved = sums(&ledger, "select currency, open_amount from balance_proof");
        proved.retain(|_, amount| *amount != 0);
        balance.retain(|_, amount| *amount != 0);
        prop_assert_eq!(proved, balance);
        prop_assert!(sums(&ledger, "select currency, difference from balance_proof").values().all(|d| *d == 0));
    }

    #[test]
    fn a_rollforward_has_no_difference_within_any_split(book in book(), from in 0_u16..150, days in 1_u16..60, by_customer in any::<bool>()) {
        let ledger = ledger_of(&book);
        let by = if by_customer { vec![Dimension::Customer] } else { Vec::new() };
        let (from_on, as_of) = (day(from), day(from + days));
        bind::bind(&ledger, &on(as_of, Some(from_on), None, by), &["rollforward_line"]).expect("views");
        let lines = sums(&ledger, "select currency, scope_key, line, amount from rollforward_line");
        prop_assert!(lines.iter().all(|(key, amount)| key[2] != "difference" || *amount == 0), "{lines:?}");
        for (side, on) in [("opening", from_on), ("closing", as_of)] {
            let found: i128 = lines.iter().filter(|(key, _)| key[2] == side && key[0] == "EUR").map(|(_, a)| a).sum();
            let open = book.open(on, None);
            let expected: i64 = open.iter().filter(|(n, _)| !book.items[**n].is_usd).map(|(_, a)| a).sum();
            prop_assert_eq!(found, i128::from(expected), "{} of {:?}", side, lines);
        }
    }

    #[test]
    fn loading_the_same_files_again_changes_nothing(book in book()) {
        let ledger = Ledger::in_memory().expect("a ledger");
        let dir = Dir::new();
        book.write(&dir);
        let content = |ledger: &Ledger| ledger.texts("select item_id, amount, settled_on from item order by all").expect("items");
        load(&ledger, &[dir.path().to_owned()], &LoadOptions::default(), &mut |_| {}).expect("a load");
        let before = content(&ledger);
        let again = load(&ledger, &[dir.path().to_owned()], &LoadOptions::default(), &mut |_| {}).expect("a load");
        prop_assert!(again.files.iter().all(|file| file.status == "unchanged"));
        prop_assert_eq!(content(&ledger), before);
    }
}

proptest! {
    // Every figure on each book: a few books say as much as many.
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rows_behind_every_figure_sum_to_it(book in book(), from in 0_u16..120, days in 1_u16..60) {
        let ledger = ledger_of(&book);
        let run = on(day(from + days), Some(day(from)), None, vec![Dimension::Customer]);
        let unlike = figures_without_their_rows(&ledger, &run);
        prop_assert!(unlike.is_empty(), "{:?}", unlike);
    }

    #[test]
    fn the_reports_behind_the_charts_reconcile(book in book(), from in 0_u16..120, days in 1_u16..60, known in prop::option::of(0_u16..200)) {
        let ledger = ledger_of(&book);
        let known_at = known.map(|known| day(known).and_hms_opt(23, 59, 59).expect("a time"));
        for by in [Vec::new(), vec![Dimension::Customer]] {
            let unlike = unreconciled(&ledger, &on(day(from + days), Some(day(from)), known_at, by));
            prop_assert!(unlike.is_empty(), "{:?}", unlike);
        }
    }
}
