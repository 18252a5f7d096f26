-- Skip advertising beyond what the customer wants in seven days, over all channels.
-- Reads preference, message. Writes candidate. Locks nothing.
-- Counted like the shop's cap: what was allowed before, then the better of those that compete.
with contender as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.allowed_at,
        preference.weekly_messages,
        case
            when candidate.allowed_at is not null then 0
            else row_number() over (
                partition by candidate.customer_id, candidate.allowed_at is null
                order by
                    candidate.priority desc,
                    candidate.expected_value desc,
                    candidate.planned_at,
                    candidate.message_id
            ) - 1
        end as competing
    from candidate
    inner join preference on candidate.customer_id = preference.customer_id
    where
        candidate.verdict is null
        and candidate.purpose = 'marketing'
        and preference.weekly_messages is not null
),

over as (
    select contender.message_id
    from contender
    where contender.weekly_messages <= contender.competing + (
        select count(*)
        from message
        where
            message.customer_id = contender.customer_id
            and message.purpose = 'marketing'
            and message.state in ('allowed', 'handed')
            and message.id <> contender.message_id
            and message.allowed_at > %(now)s::timestamptz - interval '7 days'
            and (
                contender.allowed_at is null
                or (message.allowed_at, message.id)
                < (contender.allowed_at, contender.message_id)
            )
    )
)

update candidate
set
    verdict = 'skip',
    reasons = array_append(candidate.reasons, 'over_wish')
from over
where candidate.message_id = over.message_id
