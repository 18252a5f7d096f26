-- Skip advertising beyond what the customer wants in seven days, over all channels.
-- Reads competitor, candidate, objection, preference, message. Writes objection. Locks nothing.
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
                order by competitor.place
            ) - 1
        end as competing
    from competitor
    inner join candidate on competitor.message_id = candidate.message_id
    inner join preference on candidate.customer_id = preference.customer_id
    where
        not exists (
            select
            from objection
            where objection.message_id = candidate.message_id
        )
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

insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    over.message_id,
    'skip',
    'over_wish'
from over
