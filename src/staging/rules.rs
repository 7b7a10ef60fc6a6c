//! What the rows of each table must satisfy, beyond their types.

/// A condition on a typed row; a row for which it holds is rejected.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// The column the reason is about.
    pub column: &'static str,
    /// SQL over the typed columns, true where the row is wrong.
    pub when: &'static str,
    /// What was expected.
    pub reason: &'static str,
}

/// The rules of one table.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The table.
    pub table: &'static str,
    /// Columns without which a row means nothing.
    pub required: &'static [&'static str],
    /// Columns that together name a row once.
    pub key: &'static [&'static str],
    /// Columns with a closed list of words.
    pub words: &'static [(&'static str, &'static [&'static str])],
    /// Everything else.
    pub refusals: &'static [Refusal],
    /// Columns whose refused values are not kept, not even among the rejected rows.
    pub secret: &'static [&'static str],
}

/// Kinds that raise what a customer owes.
pub const DEBIT_KINDS: &[&str] = &["invoice", "debit_note", "chargeback", "interest", "refund"];
/// Kinds that lower it.
pub const CREDIT_KINDS: &[&str] = &["receipt", "credit_note", "write_off", "down_payment"];

const KINDS: &[&str] = &[
    "invoice",
    "debit_note",
    "chargeback",
    "interest",
    "refund",
    "receipt",
    "credit_note",
    "write_off",
    "down_payment",
    "adjustment",
    "opening",
];

const CURRENCY: Refusal = Refusal {
    column: "currency",
    when: "currency is not null and not regexp_full_match(currency, '[A-Z]{3}')",
    reason: "is not a currency code; expected three capital letters of ISO 4217, such as EUR",
};

/// 13 to 19 digits in a row, blanks and dashes between them apart, that pass the Luhn test (ISO/IEC 7812-1, annex B): a card
/// number, alone or within a token.
const CARD_NUMBER: Refusal = Refusal {
    column: "token",
    when: "regexp_matches(regexp_replace(token, '[ .-]', '', 'g'), '(^|[^0-9])[0-9]{13,19}([^0-9]|$)')
        and list_sum(list_transform(string_split(reverse(regexp_extract(
            regexp_replace(token, '[ .-]', '', 'g'), '(?:^|[^0-9])([0-9]{13,19})(?:[^0-9]|$)', 1)), ''),
            lambda digit, place: case
                when place % 2 = 1 then cast(digit as int)
                when cast(digit as int) > 4 then 2 * cast(digit as int) - 9
                else 2 * cast(digit as int)
            end)) % 10 = 0",
    reason: "is a card number; give the token of the card instead, a card number is never stored",
};

const SPAN: Refusal =
    Refusal { column: "to_on", when: "to_on < from_on", reason: "is before from_on; expected the span's last day" };

const fn rules(table: &'static str, required: &'static [&'static str], key: &'static [&'static str]) -> Rules {
    Rules { table, required, key, words: &[], refusals: &[], secret: &[] }
}

static RULES: &[Rules] = &[
    Rules {
        table: "item",
        secret: &[],
        required: &["item_id", "customer_id", "kind", "issued_on", "amount"],
        key: &["item_id"],
        words: &[
            ("kind", KINDS),
            ("payment_method", &["bank_transfer", "direct_debit", "card", "cheque", "cash", "other"]),
        ],
        refusals: &[
            Refusal {
                column: "amount",
                when: "amount < 0 and kind in ('invoice', 'debit_note', 'chargeback', 'interest', 'refund')",
                reason: "is negative, but this kind raises what the customer owes; expected a positive amount. Where the file writes all of them so, a mapping turns them (sign, negate); a single one is of another kind, such as a credit note",
            },
            Refusal {
                column: "amount",
                when: "amount > 0 and kind in ('receipt', 'credit_note', 'write_off', 'down_payment')",
                reason: "is positive, but this kind lowers what the customer owes; expected a negative amount. Where the file writes all of them so, a mapping turns them (sign, negate); a single one is of another kind, such as a debit note or an adjustment",
            },
            Refusal {
                column: "terms_days",
                when: "terms_days not between 0 and 3660",
                reason: "is out of range; expected days of payment terms, 0 to 3660",
            },
            Refusal {
                column: "currency",
                when: "currency is null",
                reason: "is missing; give the column, or --currency EUR for the whole file",
            },
            CURRENCY,
        ],
    },
    Rules {
        table: "application",
        secret: &[],
        required: &["credit_item_id", "debit_item_id", "amount", "applied_on"],
        key: &["application_id"],
        words: &[],
        refusals: &[
            Refusal {
                column: "credit_amount",
                when: "(amount < 0) <> (credit_amount < 0)",
                reason: "has another sign than amount; expected both positive, or both negative for a reversal",
            },
            Refusal {
                column: "debit_item_id",
                when: "credit_item_id = debit_item_id",
                reason: "is the credit item itself; expected the item that is settled",
            },
        ],
    },
    Rules {
        table: "customer",
        secret: &[],
        required: &["customer_id"],
        key: &["customer_id", "valid_from"],
        words: &[("status", &["active", "hold", "legal", "agency", "insolvent", "closed"])],
        refusals: &[
            CURRENCY,
            Refusal {
                column: "account_level",
                when: "account_level not between 1 and 5",
                reason: "is not an account level; expected 1 to 5",
            },
        ],
    },
    rules("collector", &["collector_id"], &["collector_id"]),
    Rules {
        table: "assignment",
        secret: &[],
        required: &["customer_id", "collector_id"],
        key: &["customer_id", "collector_id", "cover", "from_on"],
        words: &[("cover", &["primary", "cover"])],
        refusals: &[SPAN],
    },
    Rules { refusals: &[SPAN], ..rules("absence", &["collector_id", "from_on"], &["collector_id", "from_on"]) },
    Rules {
        words: &[("channel", &["phone", "email", "letter", "visit", "portal"])],
        ..rules("activity", &["activity_id", "at"], &["activity_id"])
    },
    Rules {
        refusals: &[
            CURRENCY,
            Refusal { column: "amount", when: "amount < 0", reason: "is negative; expected the amount promised" },
        ],
        ..rules("promise", &["promise_id", "created_on", "promised_on", "customer_id"], &["promise_id"])
    },
    Rules {
        words: &[("outcome", &["valid", "invalid", "partly"])],
        refusals: &[Refusal {
            column: "amount",
            when: "amount < 0",
            reason: "is negative; expected how much of the item is disputed",
        }],
        ..rules("dispute", &["dispute_id", "item_id", "opened_on"], &["dispute_id"])
    },
    Rules {
        words: &[("scope", &["company", "business_unit", "team", "collector"])],
        refusals: &[
            CURRENCY,
            Refusal {
                column: "period_end",
                when: "period_end < period_start",
                reason: "is before period_start; expected the period's last day",
            },
        ],
        ..rules("target", &["target_id", "period_start", "period_end", "scope", "amount"], &["target_id"])
    },
    rules("credit_limit", &["customer_id", "from_on", "amount"], &["customer_id", "from_on"]),
    Rules {
        refusals: &[CURRENCY],
        ..rules("payment_plan", &["plan_id", "instalment_no", "due_on", "amount"], &["plan_id", "instalment_no"])
    },
    Rules {
        words: &[("stage", &["level_2", "legal", "agency"])],
        ..rules("placement", &["item_id", "stage", "placed_on"], &["item_id", "stage", "placed_on"])
    },
    rules("provision", &["item_id", "on_date", "amount"], &["item_id", "on_date"]),
    Rules { refusals: &[CURRENCY], ..rules("bank_line", &["bank_line_id", "booked_on", "amount"], &["bank_line_id"]) },
    Rules {
        words: &[("kind", &["authorisation", "capture", "refund", "chargeback", "decline"])],
        refusals: &[CURRENCY, CARD_NUMBER],
        secret: &["token"],
        ..rules("card_transaction", &["card_transaction_id", "at", "kind"], &["card_transaction_id"])
    },
    Rules {
        refusals: &[Refusal {
            column: "rate",
            when: "rate <= 0",
            reason: "is not above 0; expected units of to_currency for one of from_currency",
        }],
        ..rules(
            "fx_rate",
            &["on_date", "from_currency", "to_currency", "rate"],
            &["on_date", "from_currency", "to_currency"],
        )
    },
    Rules {
        refusals: &[CURRENCY],
        ..rules("gl_balance", &["on_date", "currency", "amount"], &["company", "on_date", "currency"])
    },
    rules("calendar", &["country", "on_date"], &["country", "on_date"]),
    rules("staff_action", &["action_id", "at", "action"], &["action_id"]),
];

/// The rules of a table of the contract.
#[must_use]
pub fn of(table: &str) -> Rules {
    RULES.iter().find(|rules| rules.table == table).copied().unwrap_or_else(|| rules("", &[], &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staging::contract;

    #[test]
    fn every_table_has_rules_and_every_rule_names_columns_that_exist() {
        for table in contract::tables() {
            let rules = of(table.name);
            assert_eq!(rules.table, table.name);
            let named = rules.required.iter().chain(rules.key).copied();
            let named = named.chain(rules.words.iter().map(|(c, _)| *c)).chain(rules.refusals.iter().map(|r| r.column));
            for column in named {
                assert!(table.column_type(column).is_some(), "{}.{column}", table.name);
            }
        }
    }

    #[test]
    fn every_kind_but_two_has_a_sign() {
        assert_eq!(DEBIT_KINDS.len() + CREDIT_KINDS.len() + 2, KINDS.len());
    }
}
