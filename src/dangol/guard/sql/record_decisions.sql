-- Keep what was decided and why, at the hand-off only what changed; count it by what decided.
-- Reads candidate. Writes decision. Locks nothing.
-- What no rule spoke against is allowed.
with recorded as (
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
        coalesce(candidate.verdict, 'allow'),
        coalesce(candidate.reasons[1], 'allowed'),
        case when candidate.verdict is null then '{allowed}' else candidate.reasons end,
        case candidate.verdict when 'hold' then candidate.hold_until end,
        %(now)s::timestamptz
    from candidate
    where %(stage)s::decision_stage = 'planning' or candidate.verdict is not null
    order by candidate.message_id
    returning decision.reason
)

select
    recorded.reason,
    count(*) as decisions
from recorded
group by recorded.reason
