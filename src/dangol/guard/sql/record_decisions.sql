-- Keep what was decided and why; at the hand-off only what changed.
-- Reads candidate. Writes decision. Locks nothing.
insert into decision (
    message_id,
    evaluation,
    workspace_id,
    customer_id,
    stage,
    verdict,
    reason,
    hold_until,
    decided_at
)
select
    candidate.message_id,
    candidate.evaluation,
    %(workspace_id)s,
    candidate.customer_id,
    %(stage)s::decision_stage,
    candidate.verdict,
    candidate.reason,
    candidate.hold_until,
    %(now)s::timestamptz
from candidate
where %(stage)s::decision_stage = 'planning' or candidate.verdict <> 'allow'
order by candidate.message_id
