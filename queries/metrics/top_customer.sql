-- grain: one row per as_of, currency, scope_key and customer among its ten largest, and one for all others together
-- answers: who owes the most, and how much of it is overdue
-- reads: open_item, customer_as_of
-- column: as_of date                     the day asked for
-- column: currency string                currency of the amounts
-- column: scope_key string               values of the dimensions asked for (--by), in order
-- column: rank_no int                    place by what is owed, 1 to 10; 11 for the others
-- column: customer_id string             customer; empty for the others
-- column: customer string                name of the customer on the day, with its id where several have it; the id where there is none
-- column: customer_count bigint          customers in the row
-- column: item_count bigint              their open items
-- column: open_amount decimal(38,4)      their open amounts, unapplied credits deducted
-- column: overdue_amount decimal(38,4)   open amounts of their overdue items
-- column: unapplied_amount decimal(38,4) open amounts of their credit items, negative
-- column: open_rate double               open_amount / the balance; empty where the balance is not above 0
-- column: past_due_days int              days past due of the oldest overdue item
-- caveat: credits lower what a customer owes and not what is overdue, which can therefore be more
-- caveat: each customer stands for itself, where top_customer_rate and concentration join customers of one parent
with owed as (
  select
    as_of, currency, scope_key, customer_id,
    count(*) as item_count,
    sum(open_amount) as open_amount,
    sum(case when is_overdue then open_amount else 0 end) as overdue_amount,
    sum(case when is_credit then open_amount else 0 end) as unapplied_amount,
    max(case when is_overdue then past_due_days end) as past_due_days
  from open_item
  group by as_of, currency, scope_key, customer_id
),
ranked as (
  select
    as_of, currency, scope_key, customer_id, item_count, open_amount, overdue_amount, unapplied_amount, past_due_days,
    row_number() over (
      partition by as_of, currency, scope_key order by open_amount desc nulls last, customer_id nulls last
    ) as place_no
  from owed
),
placed as (
  select
    as_of, currency, scope_key, item_count, open_amount, overdue_amount, unapplied_amount, past_due_days,
    case when place_no <= 10 then place_no else 11 end as rank_no,
    case when place_no <= 10 then customer_id end as customer_id
  from ranked
),
grouped as (
  select
    as_of, currency, scope_key, rank_no, customer_id, count(*) as customer_count, sum(item_count) as item_count,
    sum(open_amount) as open_amount, sum(overdue_amount) as overdue_amount, sum(unapplied_amount) as unapplied_amount,
    max(past_due_days) as past_due_days
  from placed
  group by as_of, currency, scope_key, rank_no, customer_id
),
named as (
  select
    g.as_of, g.currency, g.scope_key, g.rank_no, g.customer_id, g.customer_count, g.item_count, g.open_amount,
    g.overdue_amount, g.unapplied_amount, g.past_due_days,
    coalesce(
      c.name, g.customer_id,
      'Others (' || cast(g.customer_count as string) || case when g.customer_count = 1 then ' customer)' else ' customers)' end
    ) as customer
  from grouped g
  left join customer_as_of c on c.as_of = g.as_of and c.customer_id = g.customer_id
)
select
  as_of, currency, scope_key, cast(rank_no as int) as rank_no, customer_id,
  customer || case
    when count(*) over (partition by as_of, currency, scope_key, customer) > 1 then coalesce(' (' || customer_id || ')', '')
    else ''
  end as customer,
  cast(customer_count as bigint) as customer_count,
  cast(item_count as bigint) as item_count,
  cast(open_amount as decimal(38, 4)) as open_amount,
  cast(overdue_amount as decimal(38, 4)) as overdue_amount,
  cast(unapplied_amount as decimal(38, 4)) as unapplied_amount,
  case
    when sum(open_amount) over (partition by as_of, currency, scope_key) > 0
      then cast(open_amount as double)
        / cast(sum(open_amount) over (partition by as_of, currency, scope_key) as double)
  end as open_rate,
  past_due_days
from named
