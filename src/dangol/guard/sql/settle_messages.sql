-- Move each message to where its decision puts it; what is held or skipped stops counting.
-- Reads candidate. Writes message. Locks the messages it moves, which were taken before.
update message
set
    state = case
        when candidate.verdict is null then 'allowed'
        when candidate.verdict = 'hold' then 'held'
        else 'skipped'
    end::message_state,
    act_at = case
        when candidate.verdict is null then %(now)s::timestamptz
        when candidate.verdict = 'hold' then candidate.hold_until
    end,
    allowed_at = case when candidate.verdict is null then %(now)s::timestamptz end
from candidate
where
    message.id = candidate.message_id
    and (%(stage)s::decision_stage = 'planning' or candidate.verdict is not null)
