//! What stands beside the items of an account: disputes, promises, contacts, bank lines and the rest.

use super::days::Day;
use super::item::{Moment, User};
use super::market::Currency;

/// Rows of the tables beside `item` and `application`, in the order they came about. Items are positions on the account,
/// amounts are hundredths.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) disputes: Vec<Dispute>,
    pub(super) promises: Vec<Promise>,
    pub(super) activities: Vec<Activity>,
    pub(super) plans: Vec<Instalment>,
    pub(super) placements: Vec<Placement>,
    pub(super) provisions: Vec<Provision>,
    pub(super) bank_lines: Vec<BankLine>,
    pub(super) cards: Vec<CardEvent>,
    pub(super) actions: Vec<Action>,
    pub(super) cases: Vec<Case>,
}

/// One row of `dispute`.
#[derive(Debug)]
pub(super) struct Dispute {
    pub(super) item: u32,
    pub(super) opened: Day,
    pub(super) resolved: Option<Day>,
    pub(super) cents: i64,
    pub(super) reason: &'static str,
    pub(super) owner: &'static str,
    pub(super) outcome: &'static str,
}

/// One row of `promise`, and what it was meant to become.
#[derive(Debug)]
pub(super) struct Promise {
    pub(super) created: Day,
    pub(super) promised: Day,
    /// None for a promise on the account as a whole.
    pub(super) item: Option<u32>,
    pub(super) collector: u16,
    pub(super) cents: i64,
    pub(super) currency: Currency,
    pub(super) cancelled: Option<Day>,
}

/// One row of `activity`.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) at: Moment,
    pub(super) collector: u16,
    pub(super) item: Option<u32>,
    pub(super) channel: &'static str,
    pub(super) is_inbound: bool,
    pub(super) is_right_party: bool,
    pub(super) outcome: &'static str,
    pub(super) note: &'static str,
}

/// One row of `payment_plan`.
#[derive(Debug)]
pub(super) struct Instalment {
    pub(super) plan: u32,
    pub(super) number: u8,
    pub(super) due: Day,
    pub(super) cents: i64,
    pub(super) currency: Currency,
    pub(super) agreed: Day,
}

/// One row of `placement`.
#[derive(Debug)]
pub(super) struct Placement {
    pub(super) item: u32,
    pub(super) stage: &'static str,
    pub(super) placed: Day,
    pub(super) returned: Option<Day>,
    pub(super) agency: &'static str,
}

/// One row of `provision`.
#[derive(Debug)]
pub(super) struct Provision {
    pub(super) item: u32,
    pub(super) day: Day,
    pub(super) cents: i64,
}

/// One row of `bank_line`. The amount has its sign.
#[derive(Debug)]
pub(super) struct BankLine {
    pub(super) booked: Day,
    pub(super) cents: i64,
    pub(super) currency: Currency,
    pub(super) receipt: Option<u32>,
    pub(super) is_reversal: bool,
    pub(super) kind: LineKind,
}

/// What a statement line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    Transfer,
    DirectDebit,
    Cheque,
    Return,
    Refund,
    Unidentified,
}

/// One row of `card_transaction`.
#[derive(Debug)]
pub(super) struct CardEvent {
    pub(super) at: Moment,
    /// 0 for the customer's usual card, else another one.
    pub(super) card: u8,
    pub(super) kind: &'static str,
    pub(super) cents: i64,
    pub(super) currency: Currency,
    /// Position of the event on the account that it follows.
    pub(super) original: Option<u32>,
    pub(super) receipt: Option<u32>,
    pub(super) user: User,
}

/// One row of `staff_action`.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) at: Moment,
    pub(super) user: User,
    pub(super) action: &'static str,
    pub(super) item: Option<u32>,
    pub(super) cents: i64,
    pub(super) approved_by: User,
}

/// One row of `truth_fraud`: a planted case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) pattern: &'static str,
    pub(super) day: Day,
    pub(super) item: Option<u32>,
    pub(super) cents: i64,
    pub(super) note: String,
}
