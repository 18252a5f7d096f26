-- Keep what was decided and why, at the hand-off only what changed.
-- Reads candidate, ruling. Writes decision. Locks nothing.
-- What no rule spoke against is allowed.
-- In the order of messages: the key's index then grows at its end, at half the cost.
insert into decision (
    message_id,
    evaluation,
    workspace_id,
    customer_id,
    stage,
    verdict,
    reason,
    reasons,
    hold_until,
    decided_at
)
select
    candidate.message_id,
    candidate.evaluation,
    %(workspace_id)s,
    candidate.customer_id,
    %(stage)s::decision_stage,
    coalesce(ruling.verdict, 'allow'),
    coalesce(ruling.reasons[1], 'allowed'),
    coalesce(ruling.reasons, '{allowed}'),
    case ruling.verdict when 'hold' then ruling.hold_until end,
    %(now)s::timestamptz
from candidate
left join ruling on candidate.message_id = ruling.message_id
where %(stage)s::decision_stage = 'planning' or ruling.verdict is not null
order by candidate.message_id
