-- Move each message to where its decision puts it; what is held or skipped stops counting.
-- Reads candidate, ruling. Writes message. Locks the messages it moves, which were taken before.
-- In the order of messages: a million rows are written where they stand, one page after the other.
with judged as (
    select
        candidate.message_id,
        ruling.verdict,
        ruling.hold_until
    from candidate
    left join ruling on candidate.message_id = ruling.message_id
    where %(stage)s::decision_stage = 'planning' or ruling.verdict is not null
    order by candidate.message_id
)

update message
set
    state = case
        when judged.verdict is null then 'allowed'
        when judged.verdict = 'hold' then 'held'
        else 'skipped'
    end::message_state,
    act_at = case
        when judged.verdict is null then %(now)s::timestamptz
        when judged.verdict = 'hold' then judged.hold_until
    end,
    allowed_at = case when judged.verdict is null then %(now)s::timestamptz end
from judged
where message.id = judged.message_id
