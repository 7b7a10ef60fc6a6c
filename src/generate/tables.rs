//! The files of a book: one CSV a table, with the columns of the data contract in its order.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Tables and their columns as the data contract has them.
pub(super) const CONTRACT: [(&str, &str); 20] = [
    (
        "item",
        "item_id document_no company customer_id kind issued_on posted_on due_on currency amount tax_amount terms_code \
         terms_days reference purchase_order business_unit payment_method received_on banked_on is_disputed reversal_of \
         entered_at entered_by",
    ),
    (
        "application",
        "application_id credit_item_id debit_item_id amount credit_amount applied_on entered_at entered_by",
    ),
    (
        "customer",
        "customer_id valid_from name parent_id country segment account_level business_unit terms_code terms_days \
         contract_terms_days credit_limit_amount currency status insured_amount risk_class created_on email phone tax_id \
         bank_account",
    ),
    ("collector", "collector_id name team lead_id role hours_per_week hired_on left_on"),
    ("assignment", "customer_id collector_id cover from_on to_on"),
    ("absence", "collector_id from_on to_on reason"),
    ("activity", "activity_id at collector_id customer_id item_id channel direction is_right_party outcome note"),
    ("promise", "promise_id created_on promised_on customer_id item_id collector_id amount currency cancelled_on"),
    ("dispute", "dispute_id item_id customer_id opened_on resolved_on amount reason owner outcome"),
    ("target", "target_id period_start period_end scope scope_id amount currency frozen_on"),
    ("credit_limit", "customer_id from_on amount approved_by reviewed_on"),
    ("payment_plan", "plan_id customer_id instalment_no due_on amount currency agreed_on approved_by"),
    ("placement", "item_id stage placed_on returned_on agency"),
    ("provision", "item_id on_date amount"),
    (
        "bank_line",
        "bank_line_id account statement_no booked_on value_on amount currency payer_name payer_account remittance \
         end_to_end_id type_code is_reversal receipt_item_id",
    ),
    (
        "card_transaction",
        "card_transaction_id at customer_id token kind amount currency original_id receipt_item_id entered_by",
    ),
    ("fx_rate", "on_date from_currency to_currency rate"),
    ("gl_balance", "company on_date currency amount"),
    ("calendar", "country on_date name"),
    ("staff_action", "action_id at user_id action item_id customer_id amount approved_by"),
];

/// Known truth beside the tables.
pub(super) const TRUTH: [(&str, &str); 2] = [
    (
        "truth_customer",
        "customer_id habit mean_late_days spread_days pay_rule bill_rule invoices_per_year amount_median_eur defaults_on",
    ),
    ("truth_fraud", "customer_id pattern on_date item_id amount currency note"),
];

/// Bytes kept in memory for each file before they are written.
const BUFFER_BYTES: usize = 1 << 18;

/// A CSV file being written, field by field; it takes its name when it is whole.
#[derive(Debug)]
pub(super) struct Table {
    writer: csv::Writer<BufWriter<File>>,
    path: PathBuf,
    partial: PathBuf,
    scratch: Vec<u8>,
    failure: Option<csv::Error>,
    pub(super) row_count: u64,
}

impl Table {
    /// Opens `name`.csv in a folder and writes its header.
    pub(super) fn create(folder: &Path, name: &str, columns: &str) -> Result<Self, Error> {
        let path = folder.join(format!("{name}.csv"));
        let partial = folder.join(format!("{name}.csv.partial"));
        let file = File::create(&partial).map_err(Error::file(&partial, "cannot be written"))?;
        let writer = csv::WriterBuilder::new().from_writer(BufWriter::with_capacity(BUFFER_BYTES, file));
        let mut table = Self { writer, path, partial, scratch: Vec::new(), failure: None, row_count: 0 };
        for column in columns.split_whitespace() {
            table.text(column);
        }
        table.end()?;
        table.row_count = 0;
        Ok(table)
    }

    /// Writes bytes as a field. A failure is kept and given by [`Table::end`].
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        if let Err(failure) = self.writer.write_field(bytes) {
            self.failure.get_or_insert(failure);
        }
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub(super) fn empty(&mut self) -> &mut Self {
        self.bytes(b"")
    }

    pub(super) fn format(&mut self, arguments: std::fmt::Arguments<'_>) -> &mut Self {
        self.build(|scratch| {
            let _ = scratch.write_fmt(arguments);
        })
    }

    /// Writes what `fill` puts into the scratch buffer as a field.
    pub(super) fn build(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> &mut Self {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        fill(&mut scratch);
        self.bytes(&scratch);
        self.scratch = scratch;
        self
    }

    /// Writes a whole number.
    pub(super) fn int(&mut self, number: i64) -> &mut Self {
        self.build(|scratch| {
            if number < 0 {
                scratch.push(b'-');
            }
            push_digits(scratch, number.unsigned_abs(), 1);
        })
    }

    /// Writes hundredths as an amount with two decimals, or none for a currency without them.
    pub(super) fn amount(&mut self, cents: i64, currency: super::market::Currency) -> &mut Self {
        self.build(|scratch| {
            if cents < 0 {
                scratch.push(b'-');
            }
            push_digits(scratch, cents.unsigned_abs() / 100, 1);
            if !currency.is_whole() {
                scratch.push(b'.');
                push_digits(scratch, cents.unsigned_abs() % 100, 2);
            }
        })
    }

    /// Ends the row.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        if let Err(failure) = self.writer.write_record(None::<&[u8]>) {
            self.failure.get_or_insert(failure);
        }
        self.row_count += 1;
        match self.failure.take() {
            None => Ok(()),
            Some(failure) => Err(Error::file(&self.partial, "cannot be written")(failure.into())),
        }
    }

    /// Gives the file its name and tells its number of rows.
    pub(super) fn finish(mut self) -> Result<u64, Error> {
        self.writer.flush().map_err(Error::file(&self.partial, "cannot be written"))?;
        std::fs::rename(&self.partial, &self.path).map_err(Error::file(&self.path, "cannot be written"))?;
        Ok(self.row_count)
    }
}

impl Drop for Table {
    /// Leaves nothing behind where the book was not finished.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.partial);
    }
}

/// Appends a number with at least `width` digits.
pub(super) fn push_digits(out: &mut Vec<u8>, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 || digits.len() - at < width {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}
