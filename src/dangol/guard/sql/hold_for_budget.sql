-- Hold advertising beyond a day's attention until the next day, over all channels and journeys.
-- Reads competitor, candidate, objection, workspace, message. Writes objection. Locks nothing.
-- The better message goes today: the higher priority, then the higher expected value, then the
-- older plan. A day is one where the customer lives.
with contender as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.allowed_at,
        candidate.expires_at,
        workspace.daily_messages,
        day.starts_at,
        day.ends_at,
        case
            when candidate.allowed_at is not null then 0
            else row_number() over (
                partition by candidate.customer_id, candidate.allowed_at is null
                order by competitor.place
            ) - 1
        end as competing
    from competitor
    inner join candidate on competitor.message_id = candidate.message_id
    inner join workspace on workspace.id = %(workspace_id)s
    inner join
        unnest(
            %(day_zones)s::text[], %(day_starts)s::timestamptz[], %(day_ends)s::timestamptz[]
        ) as day (zone, starts_at, ends_at)
        on candidate.zone = day.zone
    where
        not exists (
            select
            from objection
            where objection.message_id = candidate.message_id
        )
),

over as (
    select
        contender.message_id,
        least(contender.ends_at, contender.expires_at) as hold_until
    from contender
    where contender.daily_messages <= contender.competing + (
        select count(*)
        from message
        where
            message.customer_id = contender.customer_id
            and message.purpose = 'marketing'
            and message.state in ('allowed', 'handed')
            and message.id <> contender.message_id
            and message.allowed_at >= contender.starts_at
            and (
                contender.allowed_at is null
                or (message.allowed_at, message.id)
                < (contender.allowed_at, contender.message_id)
            )
    )
)

insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    over.message_id,
    'hold',
    'attention_budget',
    over.hold_until
from over
