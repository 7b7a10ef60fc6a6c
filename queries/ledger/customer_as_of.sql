-- grain: one row per as_of and customer_id
-- answers: what the customer master said on the day
-- reads: customer, run_date
-- column: as_of date                      the day asked for
-- column: customer_id string              customer
-- column: name string                     name
-- column: parent_id string                group the customer belongs to; itself where none is given
-- column: country string                  country
-- column: segment string                  segment
-- column: account_level int               account level, 1 to 5
-- column: business_unit string            business unit of the customer
-- column: terms_days int                  days of the customer's terms
-- column: contract_terms_days int         days agreed in the contract
-- column: credit_limit_amount decimal(18,4)  credit limit in the customer's currency
-- column: currency string                 the customer's currency
-- column: status string                   active, hold, legal, agency, insolvent or closed
-- column: insured_amount decimal(18,4)    insured part of the exposure
-- column: risk_class string               risk class
-- caveat: a customer whose first version starts after the day takes that first version, so that no item loses its customer; a
--   version counts as known from its first day
with dated as (
  select
    d.as_of, c.customer_id, c.name, coalesce(c.parent_id, c.customer_id) as parent_id, c.country, c.segment,
    c.account_level, c.business_unit, c.terms_days, c.contract_terms_days, c.credit_limit_amount, c.currency,
    c.status, c.insured_amount, c.risk_class,
    coalesce(c.valid_from, date '0001-01-01') as valid_from,
    case
      when
        coalesce(c.valid_from, date '0001-01-01') <= d.as_of
        and cast(coalesce(c.valid_from, date '0001-01-01') as timestamp) <= d.run_known_at
      then 0
      else 1
    end as is_later
  from customer c cross join run_date d
),
ranked as (
  select
    *,
    row_number() over (
      partition by as_of, customer_id
      order by
        is_later nulls last,
        case when is_later = 0 then valid_from end desc nulls last,
        valid_from nulls last
    ) as rn
  from dated
)
select
  as_of, customer_id, name, parent_id, country, segment, account_level, business_unit, terms_days,
  contract_terms_days, credit_limit_amount, currency, status, insured_amount, risk_class
from ranked
where rn = 1
