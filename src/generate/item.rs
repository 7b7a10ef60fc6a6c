//! Items, applications and their numbers, as the book holds them before they are written.

use super::days::{Day, NEVER};
use super::market::Currency;
use super::profile::Method;

/// No other item.
pub(super) const NO_ITEM: u32 = u32::MAX;

/// Kind of an item, as the data contract names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Invoice,
    DebitNote,
    Chargeback,
    Interest,
    Refund,
    Receipt,
    CreditNote,
    WriteOff,
    DownPayment,
    Adjustment,
    Opening,
}

impl Kind {
    pub(super) const ALL: [Self; 11] = [
        Self::Invoice,
        Self::DebitNote,
        Self::Chargeback,
        Self::Interest,
        Self::Refund,
        Self::Receipt,
        Self::CreditNote,
        Self::WriteOff,
        Self::DownPayment,
        Self::Adjustment,
        Self::Opening,
    ];

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::DebitNote => "debit_note",
            Self::Chargeback => "chargeback",
            Self::Interest => "interest",
            Self::Refund => "refund",
            Self::Receipt => "receipt",
            Self::CreditNote => "credit_note",
            Self::WriteOff => "write_off",
            Self::DownPayment => "down_payment",
            Self::Adjustment => "adjustment",
            Self::Opening => "opening",
        }
    }

    /// Letters before the number in an item's id.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Invoice => "",
            Self::DebitNote => "DN",
            Self::Chargeback => "CB",
            Self::Interest => "IN",
            Self::Refund => "RF",
            Self::Receipt => "RC",
            Self::CreditNote => "CN",
            Self::WriteOff => "WO",
            Self::DownPayment => "DP",
            Self::Adjustment => "AD",
            Self::Opening => "OP",
        }
    }

    /// Whether the kind lowers what the customer owes. The book has adjustments and openings only as debits.
    pub(super) const fn is_credit(self) -> bool {
        matches!(self, Self::Receipt | Self::CreditNote | Self::WriteOff | Self::DownPayment)
    }
}

/// Part of an id that marks a second invoice for the same delivery.
pub(super) const DUPLICATE_PART: u8 = u8::MAX;

/// Number of an item: a series for each company and kind, and the instalment where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) company: u8,
    pub(super) kind: Kind,
    pub(super) number: u32,
    /// 0 for a whole document, else the instalment, or [`DUPLICATE_PART`].
    pub(super) part: u8,
}

/// Who keyed a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    BillingRun,
    BankFeed,
    /// A cash application clerk of the company, 1 to 3.
    Clerk(u8, u8),
    Collector(u16),
    Lead(u16),
    CreditManager,
}

/// A day and the seconds since its midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) second: u32,
}

/// One row of `item`. Amounts are hundredths without sign; the kind gives the sign.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: Id,
    pub(super) kind: Kind,
    pub(super) issued: Day,
    pub(super) posted: Day,
    /// [`NEVER`] where there is none.
    pub(super) due: Day,
    pub(super) currency: Currency,
    pub(super) cents: i64,
    pub(super) tax_cents: i64,
    pub(super) terms_days: Option<i32>,
    pub(super) reference: Reference,
    pub(super) purchase_order: u32,
    pub(super) business_unit: u8,
    pub(super) method: Option<Method>,
    pub(super) received: Day,
    pub(super) banked: Day,
    pub(super) reversal_of: u32,
    pub(super) entered: Moment,
    pub(super) user: User,
    /// What is left of it, in hundredths without sign.
    pub(super) open: i64,
    /// Day it will be paid, as the generator knows; [`NEVER`] where it will not.
    pub(super) planned: Day,
    /// Day of the last promise for it.
    pub(super) promised: Day,
}

/// What stands in the reference of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    None,
    /// A delivery note; the second is the instalment, 0 for none.
    Delivery(u32, u8),
    /// A payment reference.
    Payment(u32),
    /// The item it belongs to.
    Item(u32),
    /// A reason.
    Reason(&'static str),
}

impl Item {
    /// A plain item posted on the day it is issued.
    pub(super) fn new(id: Id, issued: Day, currency: Currency, cents: i64, entered: Moment, user: User) -> Self {
        Self {
            id,
            kind: id.kind,
            issued,
            posted: issued,
            due: NEVER,
            currency,
            cents,
            tax_cents: 0,
            terms_days: None,
            reference: Reference::None,
            purchase_order: 0,
            business_unit: 0,
            method: None,
            received: NEVER,
            banked: NEVER,
            reversal_of: NO_ITEM,
            entered,
            user,
            open: cents,
            planned: NEVER,
            promised: Day::MIN,
        }
    }

    /// The amount with its sign, in hundredths.
    pub(super) fn signed_cents(&self) -> i64 {
        if self.kind.is_credit() { -self.cents } else { self.cents }
    }
}

/// One row of `application`. Amounts are hundredths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application {
    pub(super) credit: u32,
    pub(super) debit: u32,
    /// The debit item where it is on another customer's account; `debit` is then [`NO_ITEM`].
    pub(super) foreign: Option<Id>,
    pub(super) cents: i64,
    pub(super) credit_cents: i64,
    pub(super) is_cross_currency: bool,
    pub(super) applied: Day,
    pub(super) entered: Moment,
    pub(super) user: User,
}

/// Running numbers of all series.
#[derive(Debug)]
pub(super) struct Numbers {
    first_day: Day,
    /// Next invoice number, by company and day.
    invoices: Vec<Vec<u32>>,
    /// Last number used, by company and kind.
    others: Vec<[u32; Kind::ALL.len()]>,
}

/// Number before a company's first invoice.
const INVOICE_BASE: u32 = 90_000_000;

impl Numbers {
    /// Series in which invoices rise with their day: `counts` holds how many each company bills on each day.
    pub(super) fn new(first_day: Day, mut counts: Vec<Vec<u32>>) -> Self {
        for by_day in &mut counts {
            let mut next = INVOICE_BASE + 1;
            for count in by_day.iter_mut() {
                let first = next;
                next += *count;
                *count = first;
            }
        }
        let others = vec![[0; Kind::ALL.len()]; counts.len()];
        Self { first_day, invoices: counts, others }
    }

    /// The next number of a series; `day` counts for invoices only.
    pub(super) fn next(&mut self, company: u8, kind: Kind, day: Day) -> Id {
        let company_at = usize::from(company);
        let number = if kind == Kind::Invoice {
            let next = &mut self.invoices[company_at][(day - self.first_day) as usize];
            *next += 1;
            *next - 1
        } else {
            let last = &mut self.others[company_at][kind as usize];
            *last += 1;
            *last
        };
        Id { company, kind, number, part: 0 }
    }
}
