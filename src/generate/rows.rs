//! Rows of one account as the tables have them.

use std::io::Write;

use chrono::Datelike;

use super::account::{Account, World};
use super::book::{Book, T};
use super::days::{Day, NEVER};
use super::item::{DUPLICATE_PART, Id, Item, Moment, NO_ITEM, Reference, User};
use super::market::{BUSINESS_UNITS, COMPANIES};
use super::profile::Profile;
use super::side::LineKind;
use super::tables::{Table, push_digits};
use crate::error::Error;

/// Documents a remittance names at most.
const MOST_REMITTED: usize = 5;

/// Text of an item's id: `DE01-90000001`, `DE01-90000001/2`, `HU01-RC00000001`.
pub(super) fn id_text(id: Id) -> String {
    let mut text = Vec::new();
    push_id(&mut text, id);
    String::from_utf8_lossy(&text).into_owned()
}

fn push_id(out: &mut Vec<u8>, id: Id) {
    push_document(out, id);
    if id.part > 0 && id.part != DUPLICATE_PART {
        out.push(b'/');
        push_digits(out, u64::from(id.part), 1);
    }
}

fn push_document(out: &mut Vec<u8>, id: Id) {
    out.extend_from_slice(COMPANIES[usize::from(id.company)].code.as_bytes());
    out.push(b'-');
    out.extend_from_slice(id.kind.prefix().as_bytes());
    push_digits(out, u64::from(id.number), 8);
    if id.part == DUPLICATE_PART {
        out.push(b'A');
    }
}

/// A customer's id.
pub(super) fn customer_id(number: u64) -> String {
    format!("C{:06}", 100_000 + number)
}

/// A collector's id.
pub(super) fn collector_id(at: u16) -> String {
    format!("AR{:03}", at + 1)
}

/// A customer's usual bank account; made up, with no valid check digits.
pub(super) fn bank_account(profile: &Profile) -> String {
    format!("{}00{:04}{:014}", profile.country.code(), 1_000 + profile.number % 90, profile.number * 7_919)
}

fn push_user(out: &mut Vec<u8>, user: User) {
    let _ = match user {
        User::BillingRun => out.write_all(b"BATCH.BILL"),
        User::BankFeed => out.write_all(b"BATCH.BANK"),
        User::Clerk(company, n) => {
            write!(out, "cash.{}.{n}", COMPANIES[usize::from(company)].code.to_ascii_lowercase())
        }
        User::Collector(at) | User::Lead(at) => write!(out, "{}", collector_id(at)),
        User::CreditManager => out.write_all(b"credit.manager"),
    };
}

impl Table {
    pub(super) fn id(&mut self, id: Id) -> &mut Self {
        self.build(|scratch| push_id(scratch, id))
    }

    /// Writes a day, or nothing for [`NEVER`].
    pub(super) fn day(&mut self, world: &World, day: Day) -> &mut Self {
        if day == NEVER { self.empty() } else { self.bytes(world.days.text(day)) }
    }

    pub(super) fn moment(&mut self, world: &World, at: Moment) -> &mut Self {
        self.build(|scratch| {
            scratch.extend_from_slice(world.days.text(at.day));
            let second = u64::from(at.second);
            for (mark, part) in [(b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)] {
                scratch.push(mark);
                push_digits(scratch, part, 2);
            }
        })
    }

    pub(super) fn user(&mut self, user: User) -> &mut Self {
        self.build(|scratch| push_user(scratch, user))
    }

    pub(super) fn flag(&mut self, is_so: bool) -> &mut Self {
        self.text(if is_so { "true" } else { "false" })
    }

    fn item_id(&mut self, account: &Account<'_>, item: Option<u32>) -> &mut Self {
        match item {
            Some(at) if at != NO_ITEM => self.id(account.item(at).id),
            _ => self.empty(),
        }
    }
}

impl Book {
    /// Writes all rows of an account.
    pub(super) fn write(&mut self, account: &Account<'_>) -> Result<(), Error> {
        let customer = customer_id(account.profile.number);
        for item in &account.items {
            self.item(account, item, &customer)?;
        }
        self.applications(account)?;
        self.disputes(account, &customer)?;
        self.promises(account, &customer)?;
        self.activities(account, &customer)?;
        self.plans(account, &customer)?;
        self.collection(account)?;
        self.bank_lines(account)?;
        self.cards(account, &customer)?;
        self.actions(account, &customer)?;
        self.cases(account, &customer)?;
        self.assignments(account, &customer)?;
        self.master(account, &customer)
    }

    fn item(&mut self, account: &Account<'_>, item: &Item, customer: &str) -> Result<(), Error> {
        let world = account.world;
        let table = self.table(T::Item);
        table.id(item.id).build(|scratch| push_document(scratch, item.id));
        table.text(COMPANIES[usize::from(item.id.company)].code).text(customer).text(item.kind.text());
        table.day(world, item.issued).day(world, item.posted).day(world, item.due);
        table.text(item.currency.code()).amount(item.signed_cents(), item.currency);
        match item.tax_cents {
            0 => table.empty(),
            cents => table.amount(if item.kind.is_credit() { -cents } else { cents }, item.currency),
        };
        match item.terms_days {
            None => table.empty().empty(),
            Some(days) => table.format(format_args!("N{days}")).int(i64::from(days)),
        };
        match item.reference {
            Reference::None => table.empty(),
            Reference::Delivery(number, 0) => table.format(format_args!("L{number}")),
            Reference::Delivery(number, part) => table.format(format_args!("L{number}-{part}")),
            Reference::Payment(number) => table.format(format_args!("PAY{number}")),
            Reference::Item(at) => table.id(account.item(at).id),
            Reference::Reason(reason) => table.text(reason),
        };
        match item.purchase_order {
            0 => table.empty(),
            order => table.int(i64::from(order)),
        };
        table.text(BUSINESS_UNITS[usize::from(item.business_unit)].0);
        table.text(item.method.map_or("", |method| method.text()));
        table.day(world, item.received).day(world, item.banked).empty();
        table.item_id(account, Some(item.reversal_of)).moment(world, item.entered).user(item.user);
        table.end()
    }

    fn applications(&mut self, account: &Account<'_>) -> Result<(), Error> {
        for row in &account.applications {
            let credit = account.item(row.credit);
            let table = self.table(T::Application);
            let number = table.row_count + 1;
            table.build(|scratch| {
                scratch.extend_from_slice(b"AP");
                push_digits(scratch, number, 8);
            });
            table.id(credit.id);
            let currency = match row.foreign {
                Some(id) => {
                    table.id(id);
                    credit.currency
                }
                None => {
                    table.item_id(account, Some(row.debit));
                    account.item(row.debit).currency
                }
            };
            table.amount(row.cents, currency);
            if row.is_cross_currency {
                table.amount(row.credit_cents, credit.currency);
            } else {
                table.empty();
            }
            table.day(account.world, row.applied).moment(account.world, row.entered).user(row.user).end()?;
        }
        Ok(())
    }

    fn disputes(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.disputes {
            let table = self.table(T::Dispute);
            let number = table.row_count + 1;
            table.format(format_args!("DS{number:07}")).item_id(account, Some(row.item)).text(customer);
            table.day(account.world, row.opened).day(account.world, row.resolved.unwrap_or(NEVER));
            table.amount(row.cents, account.item(row.item).currency);
            table.text(row.reason).text(row.owner).text(row.outcome).end()?;
        }
        Ok(())
    }

    fn promises(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.promises {
            let table = self.table(T::Promise);
            let number = table.row_count + 1;
            table
                .format(format_args!("PR{number:07}"))
                .day(account.world, row.created)
                .day(account.world, row.promised);
            table.text(customer).item_id(account, row.item).text(&collector_id(row.collector));
            table.amount(row.cents, row.currency).text(row.currency.code());
            table.day(account.world, row.cancelled.unwrap_or(NEVER)).end()?;
        }
        Ok(())
    }

    fn activities(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.activities {
            let table = self.table(T::Activity);
            let number = table.row_count + 1;
            table.format(format_args!("AC{number:08}")).moment(account.world, row.at);
            table.text(&collector_id(row.collector)).text(customer).item_id(account, row.item).text(row.channel);
            table.text(if row.is_inbound { "inbound" } else { "outbound" }).flag(row.is_right_party);
            table.text(row.outcome).text(row.note).end()?;
        }
        Ok(())
    }

    fn plans(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.plans {
            let lead = collector_id(account.world.staff.lead(account.profile.company));
            let table = self.table(T::PaymentPlan);
            table.format(format_args!("PL-{customer}-{}", row.plan)).text(customer).int(i64::from(row.number));
            table.day(account.world, row.due).amount(row.cents, row.currency).text(row.currency.code());
            table.day(account.world, row.agreed).text(&lead).end()?;
        }
        Ok(())
    }

    fn collection(&mut self, account: &Account<'_>) -> Result<(), Error> {
        for row in &account.side.placements {
            let table = self.table(T::Placement);
            table.item_id(account, Some(row.item)).text(row.stage).day(account.world, row.placed);
            table.day(account.world, row.returned.unwrap_or(NEVER)).text(row.agency).end()?;
        }
        for row in &account.side.provisions {
            let table = self.table(T::Provision);
            table.item_id(account, Some(row.item)).day(account.world, row.day);
            table.amount(row.cents, account.item(row.item).currency).end()?;
        }
        Ok(())
    }

    fn bank_lines(&mut self, account: &Account<'_>) -> Result<(), Error> {
        let mut paid: Vec<(u32, u32)> = account
            .applications
            .iter()
            .filter(|a| a.cents > 0 && a.foreign.is_none())
            .map(|a| (a.credit, a.debit))
            .collect();
        paid.sort_unstable();
        let profile = &account.profile;
        let (payer_account, world) = (bank_account(profile), account.world);
        for row in &account.side.bank_lines {
            let (company, day) = (COMPANIES[usize::from(profile.company)].code, world.days.date(row.booked));
            let table = self.table(T::BankLine);
            let number = table.row_count + 1;
            table.format(format_args!("BL{number:09}"));
            table.format(format_args!("{company}-{}-001", row.currency.code()));
            table.format(format_args!("{}/{:03}", day.year(), day.ordinal()));
            table.day(world, row.booked).day(world, row.booked);
            table.amount(row.cents, row.currency).text(row.currency.code());
            if row.kind == LineKind::Unidentified {
                table.empty().empty().text("PAYMENT THANK YOU").text("NOTPROVIDED");
            } else {
                table.text(&profile.name).text(&payer_account);
                table.build(|scratch| remit(scratch, account, row.receipt, &paid));
                let reference = row.receipt.map(|at| account.item(at).reference);
                match reference {
                    Some(Reference::Payment(number)) => table.format(format_args!("E2E{number}")),
                    _ => table.text("NOTPROVIDED"),
                };
            }
            let type_code = match row.kind {
                LineKind::Transfer | LineKind::Unidentified => "NTRF",
                LineKind::DirectDebit => "NDDT",
                LineKind::Cheque => "NCHK",
                LineKind::Return => "NRTI",
                LineKind::Refund => "NMSC",
            };
            table.text(type_code).flag(row.is_reversal).item_id(account, row.receipt).end()?;
        }
        Ok(())
    }

    fn cards(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        let first = self.table(T::CardTransaction).row_count + 1;
        for row in &account.side.cards {
            let table = self.table(T::CardTransaction);
            let number = table.row_count + 1;
            table.format(format_args!("CT{number:08}")).moment(account.world, row.at).text(customer);
            table.text(&token(account.profile.number, row.card)).text(row.kind);
            table.amount(row.cents, row.currency).text(row.currency.code());
            match row.original {
                Some(at) => table.format(format_args!("CT{:08}", first + u64::from(at))),
                None => table.empty(),
            };
            table.item_id(account, row.receipt).user(row.user).end()?;
        }
        Ok(())
    }

    fn actions(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.actions {
            let currency = row.item.map_or(account.profile.currency, |at| account.item(at).currency);
            let table = self.table(T::StaffAction);
            let number = table.row_count + 1;
            table.format(format_args!("SA{number:07}")).moment(account.world, row.at).user(row.user).text(row.action);
            table.item_id(account, row.item).text(customer);
            if row.cents == 0 {
                table.empty();
            } else {
                table.amount(row.cents, currency);
            }
            table.user(row.approved_by).end()?;
        }
        Ok(())
    }

    fn cases(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.side.cases {
            let currency = row.item.map_or(account.profile.currency, |at| account.item(at).currency);
            let table = self.table(T::TruthFraud);
            table.text(customer).text(row.pattern).day(account.world, row.day).item_id(account, row.item);
            table.amount(row.cents, currency).text(currency.code()).text(&row.note).end()?;
        }
        Ok(())
    }

    fn assignments(&mut self, account: &Account<'_>, customer: &str) -> Result<(), Error> {
        for row in &account.assignments {
            let table = self.table(T::Assignment);
            table.text(customer).text(&collector_id(row.collector)).text(if row.is_cover {
                "cover"
            } else {
                "primary"
            });
            table.day(account.world, row.from).day(account.world, row.to).end()?;
        }
        Ok(())
    }
}

/// A card token: letters keep it from ever looking like a card number.
fn token(customer: u64, card: u8) -> String {
    let mixed = (customer * 256 + u64::from(card)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("tok_{mixed:016x}")
}

/// Remittance text as customers write it: documents, or nothing that helps.
fn remit(out: &mut Vec<u8>, account: &Account<'_>, receipt: Option<u32>, paid: &[(u32, u32)]) {
    let Some(receipt) = receipt else { return };
    // Every seventh payer tells nothing, by its number: no draw is spent on it.
    if account.item(receipt).id.number.is_multiple_of(7) {
        return;
    }
    let word: &[u8] = match account.profile.country.code() {
        "HU" => "számla".as_bytes(),
        "CN" => "付款".as_bytes(),
        "DE" => b"Rechnung",
        "FR" => b"facture",
        _ => b"INV",
    };
    out.extend_from_slice(word);
    let from = paid.partition_point(|(credit, _)| *credit < receipt);
    for (_, debit) in paid[from..].iter().take_while(|(credit, _)| *credit == receipt).take(MOST_REMITTED) {
        out.push(b' ');
        push_document(out, account.item(*debit).id);
    }
}
