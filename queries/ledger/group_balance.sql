-- grain: one row per as_of, currency, scope_key and group of customers with an open item
-- answers: what each group owes, all its customers together
-- keep: concentration pack
-- reads: open_item, customer_as_of
-- column: as_of date                      the day asked for
-- column: currency string                 currency of the amount
-- column: scope_key string                values of the dimensions asked for (--by), in order
-- column: group_id string                 parent of the customer, or the customer itself
-- column: balance_amount decimal(38,4)    open amounts of the group, unapplied credits deducted
-- column: is_owing boolean                the group owes us on balance
-- caveat: one step up: the parent's own parent is not followed
select
  o.as_of, o.currency, o.scope_key, coalesce(c.parent_id, o.customer_id) as group_id,
  cast(sum(o.open_amount) as decimal(38, 4)) as balance_amount,
  sum(o.open_amount) > 0 as is_owing
from open_item o
left join customer_as_of c on c.as_of = o.as_of and c.customer_id = o.customer_id
group by o.as_of, o.currency, o.scope_key, coalesce(c.parent_id, o.customer_id)
