-- Skip advertising beyond what one customer gets on one channel, over all journeys.
-- Reads workspace, message. Writes candidate. Locks nothing.
-- Counted is what was allowed before: at the hand-off that is what went ahead of the message
-- itself. Messages not yet allowed come after those and then compete among each other, the oldest
-- plan first; one guard looks at a workspace at a time, so nobody else competes.
with contender as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.channel,
        candidate.allowed_at,
        case
            when candidate.allowed_at is not null then 0
            else row_number() over (
                partition by candidate.customer_id, candidate.channel, candidate.allowed_at is null
                order by candidate.planned_at, candidate.message_id
            ) - 1
        end as competing
    from candidate
    where candidate.verdict is null and candidate.purpose = 'marketing'
),

spent as (
    select
        contender.message_id,
        contender.competing + (
            select count(*)
            from message
            where
                message.customer_id = contender.customer_id
                and message.channel = contender.channel
                and message.purpose = 'marketing'
                and message.state in ('allowed', 'handed')
                and message.id <> contender.message_id
                and message.allowed_at
                > %(now)s::timestamptz - make_interval(days => workspace.cap_days)
                and (
                    contender.allowed_at is null
                    or (message.allowed_at, message.id)
                    < (contender.allowed_at, contender.message_id)
                )
        ) as messages,
        workspace.cap_messages
    from contender
    inner join workspace on workspace.id = %(workspace_id)s
)

update candidate
set verdict = 'skip', reason = 'over_cap'
from spent
where candidate.message_id = spent.message_id and spent.messages >= spent.cap_messages
