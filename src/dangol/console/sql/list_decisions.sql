-- What the guard said about a message, in order.
-- Reads decision.
select
    decision.evaluation,
    decision.stage,
    decision.verdict,
    decision.reason,
    decision.reasons::text[] as reasons,
    decision.hold_until,
    decision.decided_at
from decision
where decision.workspace_id = %(workspace_id)s and decision.message_id = %(message_id)s
order by decision.evaluation
