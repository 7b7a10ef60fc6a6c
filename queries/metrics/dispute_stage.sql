-- grain: one row per as_of, currency, scope_key and stage of the disputes raised in the period
-- answers: what became of the disputes raised in the period, by the day
-- reads: raised_dispute
-- column: as_of date                       the day asked for
-- column: from_on date                     day before the period
-- column: currency string                  currency of the amount
-- column: scope_key string                 values of the dimensions asked for (--by), in order
-- column: stage_no int                     order of the stage
-- column: stage string                     raised, resolved, the outcomes of the resolved, still open
-- column: dispute_count bigint             disputes that reached it
-- column: disputed_amount decimal(38,4)    their amounts
-- column: dispute_rate double              dispute_count / all raised in the period
-- column: amount_rate double               disputed_amount / the amount of all raised in the period
-- caveat: a dispute raised before the period is not in it; ddo_resolved, dispute_win_rate and dispute_open_amount count
--   those too
-- caveat: the end of a period is young: its last disputes had little time to be resolved
-- caveat: resolved and still open sum to raised, the four outcomes to resolved; no row where none was raised
with raised as (
  select
    as_of, from_on, currency, scope_key, count(*) as raised_count, sum(amount) as raised_amount,
    count(*) filter (where resolved_on is not null) as resolved_count,
    coalesce(sum(case when resolved_on is not null then amount end), 0) as resolved_amount,
    count(*) filter (where outcome = 'valid') as valid_count,
    coalesce(sum(case when outcome = 'valid' then amount end), 0) as valid_amount,
    count(*) filter (where outcome = 'partly') as partly_count,
    coalesce(sum(case when outcome = 'partly' then amount end), 0) as partly_amount,
    count(*) filter (where outcome = 'invalid') as invalid_count,
    coalesce(sum(case when outcome = 'invalid' then amount end), 0) as invalid_amount
  from raised_dispute
  where opened_on > from_on
  group by as_of, from_on, currency, scope_key
),
stage as (
  select
    r.as_of, r.from_on, r.currency, r.scope_key, s.stage_no, s.stage, r.raised_count, r.raised_amount,
    case s.stage_no
      when 1 then raised_count
      when 2 then resolved_count
      when 3 then valid_count
      when 4 then partly_count
      when 5 then invalid_count
      when 6 then resolved_count - valid_count - partly_count - invalid_count
      else raised_count - resolved_count
    end as dispute_count,
    case s.stage_no
      when 1 then raised_amount
      when 2 then resolved_amount
      when 3 then valid_amount
      when 4 then partly_amount
      when 5 then invalid_amount
      when 6 then resolved_amount - valid_amount - partly_amount - invalid_amount
      else raised_amount - resolved_amount
    end as disputed_amount
  from raised r
  cross join (
    values
      (1, 'raised'), (2, 'resolved'), (3, 'valid'), (4, 'partly valid'), (5, 'invalid'), (6, 'no outcome'),
      (7, 'still open')
  ) as s (stage_no, stage)
)
select
  as_of, from_on, currency, scope_key, stage_no, stage,
  cast(dispute_count as bigint) as dispute_count,
  cast(disputed_amount as decimal(38, 4)) as disputed_amount,
  cast(dispute_count as double) / cast(raised_count as double) as dispute_rate,
  case when raised_amount > 0 then cast(disputed_amount as double) / cast(raised_amount as double) end as amount_rate
from stage
