-- The tables of a ledger file, in the types every engine of queries/README.md shares.
-- The first columns of a table are the data contract; the last ones are written by a load:
--   load_no, line_no   which load and which line of its file a row came from
--   is_implied         made by a load from a clearing date, not read from a row of its own
-- and, on item and application, what a load works out once so that no report has to (queries/settle).

create table item (
  item_id string, document_no string, company string, customer_id string, kind string,
  issued_on date, posted_on date, due_on date, currency string, amount decimal(18, 4), tax_amount decimal(18, 4),
  terms_code string, terms_days int, reference string, purchase_order string, business_unit string,
  payment_method string, received_on date, banked_on date, is_disputed boolean, reversal_of string,
  entered_at timestamp, entered_by string,
  load_no int, line_no bigint, is_implied boolean,
  item_no bigint, known_at timestamp, first_applied_on date, settled_on date, settled_known_at timestamp,
  reversed_item_no bigint
);

create table application (
  application_id string, credit_item_id string, debit_item_id string,
  amount decimal(18, 4), credit_amount decimal(18, 4), applied_on date, entered_at timestamp, entered_by string,
  load_no int, line_no bigint, is_implied boolean,
  credit_item_no bigint, debit_item_no bigint, effective_on date, known_at timestamp, is_exchange boolean,
  credit_currency string, debit_currency string,
  is_other_customer boolean, is_other_company boolean, is_wrong_side boolean
);

create table customer (
  customer_id string, valid_from date, name string, parent_id string, country string, segment string,
  account_level int, business_unit string, terms_code string, terms_days int, contract_terms_days int,
  credit_limit_amount decimal(18, 4), currency string, status string, insured_amount decimal(18, 4),
  risk_class string, created_on date, email string, phone string, tax_id string, bank_account string,
  load_no int, line_no bigint
);

create table collector (
  collector_id string, name string, team string, lead_id string, role string, hours_per_week double,
  hired_on date, left_on date,
  load_no int, line_no bigint
);

create table assignment (
  customer_id string, collector_id string, cover string, from_on date, to_on date,
  load_no int, line_no bigint
);

create table absence (
  collector_id string, from_on date, to_on date, reason string,
  load_no int, line_no bigint
);

create table activity (
  activity_id string, "at" timestamp, collector_id string, customer_id string, item_id string, channel string,
  direction string, is_right_party boolean, outcome string, note string,
  load_no int, line_no bigint
);

create table promise (
  promise_id string, created_on date, promised_on date, customer_id string, item_id string, collector_id string,
  amount decimal(18, 4), currency string, cancelled_on date,
  load_no int, line_no bigint
);

create table dispute (
  dispute_id string, item_id string, customer_id string, opened_on date, resolved_on date,
  amount decimal(18, 4), reason string, owner string, outcome string,
  load_no int, line_no bigint
);

create table target (
  target_id string, period_start date, period_end date, scope string, scope_id string,
  amount decimal(18, 4), currency string, frozen_on date,
  load_no int, line_no bigint
);

create table credit_limit (
  customer_id string, from_on date, amount decimal(18, 4), approved_by string, reviewed_on date,
  load_no int, line_no bigint
);

create table payment_plan (
  plan_id string, customer_id string, instalment_no int, due_on date, amount decimal(18, 4), currency string,
  agreed_on date, approved_by string,
  load_no int, line_no bigint
);

create table placement (
  item_id string, stage string, placed_on date, returned_on date, agency string,
  load_no int, line_no bigint
);

create table provision (
  item_id string, on_date date, amount decimal(18, 4),
  load_no int, line_no bigint
);

create table bank_line (
  bank_line_id string, account string, statement_no string, booked_on date, value_on date,
  amount decimal(18, 4), currency string, payer_name string, payer_account string, remittance string,
  end_to_end_id string, type_code string, is_reversal boolean, receipt_item_id string,
  load_no int, line_no bigint
);

create table card_transaction (
  card_transaction_id string, "at" timestamp, customer_id string, token string, kind string,
  amount decimal(18, 4), currency string, original_id string, receipt_item_id string, entered_by string,
  load_no int, line_no bigint
);

create table fx_rate (
  on_date date, from_currency string, to_currency string, rate decimal(18, 9),
  load_no int, line_no bigint
);

create table gl_balance (
  company string, on_date date, currency string, amount decimal(18, 4),
  load_no int, line_no bigint
);

create table calendar (
  country string, on_date date, name string,
  load_no int, line_no bigint
);

create table staff_action (
  action_id string, "at" timestamp, user_id string, action string, item_id string, customer_id string,
  amount decimal(18, 4), approved_by string,
  load_no int, line_no bigint
);

-- One row per file loaded: the manifest. status is current or replaced (by a later load of the same source_name).
create table load (
  load_no int, file string, sha256 string, source_name string, mapping string, mapping_sha256 string, reading string,
  loaded_at timestamp, status string
);

-- One row per load and table: what was read, kept, refused and worked out.
create table load_count (
  load_no int, table_name string, rows_read bigint, rows_loaded bigint, rows_rejected bigint, rows_derived bigint
);

-- One row per load, kind and currency of the items it gave.
create table load_sum (
  load_no int, kind string, currency string, item_count bigint, amount decimal(38, 4)
);

-- Every row that was read and not loaded, with the reason and the row itself; of a duplicate, the load that has it.
create table rejected_row (
  load_no int, table_name string, file string, line_no bigint, column_name string, value string, reason string,
  content string, duplicate_of int
);

-- One row per check and finding group, as of the last load.
create table check_result (
  check_name string, severity string, finding_count bigint, example string
);

-- Forecasts kept as they were made (forecast --freeze); a load does not touch them. snapshot_id is a hash over the loads in
-- force: files, mappings and numbers. by_dimensions and filters are what it was asked for.
create table forecast_run (
  forecast_no int, frozen_at timestamp, as_of date, known_at timestamp, snapshot_id string, version string, weeks int,
  week_start string, draws int, seed string, level double, is_open_only boolean, by_dimensions string, filters string
);

-- One row per forecast, week, currency, scope and line; total is the sum of the lines.
create table forecast_week (
  forecast_no int, week_no int, week_start date, week_end date, currency string, scope_key string, line string,
  p10 decimal(38, 4), p50 decimal(38, 4), p90 decimal(38, 4), mean decimal(38, 4)
);

-- One row per forecast, open item, line and week: the cash expected of it. Items sum to the mean of their line and week.
create table forecast_item (
  forecast_no int, item_id string, customer_id string, currency string, scope_key string, line string,
  open_amount decimal(18, 4), week_no int, expected_amount decimal(38, 4)
);

-- One row: the version of these tables.
create table ledger_info (
  format_version int
);
