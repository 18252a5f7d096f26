-- Skip advertising beyond what one customer gets, over all journeys.
-- Reads competitor, candidate, objection, workspace, message_cap, message, template.
-- Writes objection. Locks nothing.
-- The shop's own cap counts each channel by itself; others count a channel, a topic, or all.
-- Counted is what was allowed before: at the hand-off that is what went ahead of the message
-- itself. Messages not yet allowed come after those and then compete among each other, the better
-- first; one guard looks at a workspace at a time, so nobody else competes.
with cap as (
    select
        0 as id,
        channel.name as channel,
        null::integer as topic_id,
        workspace.cap_messages as messages,
        workspace.cap_days as days
    from workspace
    cross join unnest(enum_range(null::channel)) as channel (name)
    where workspace.id = %(workspace_id)s
    union all
    select
        message_cap.id,
        message_cap.channel,
        message_cap.topic_id,
        message_cap.messages,
        message_cap.days
    from message_cap
    where message_cap.workspace_id = %(workspace_id)s
),

contender as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.allowed_at,
        cap.id as cap_id,
        cap.channel,
        cap.topic_id,
        cap.messages,
        cap.days,
        case
            when candidate.allowed_at is not null then 0
            else row_number() over (
                partition by
                    candidate.customer_id, cap.id, cap.channel, candidate.allowed_at is null
                order by competitor.place
            ) - 1
        end as competing
    from competitor
    inner join candidate on competitor.message_id = candidate.message_id
    inner join cap
        on
            candidate.channel = coalesce(cap.channel, candidate.channel)
            and (cap.topic_id is null or candidate.topic_id = cap.topic_id)
    where
        not exists (
            select
            from objection
            where objection.message_id = candidate.message_id
        )
),

over as (
    select distinct contender.message_id
    from contender
    where contender.messages <= contender.competing + (
        select count(*)
        from message
        where
            message.customer_id = contender.customer_id
            and message.purpose = 'marketing'
            and message.state in ('allowed', 'handed')
            and message.id <> contender.message_id
            and message.channel = coalesce(contender.channel, message.channel)
            and (
                contender.topic_id is null
                or exists (
                    select
                    from template
                    where
                        template.id = message.template_id
                        and template.topic_id = contender.topic_id
                )
            )
            and message.allowed_at
            > %(now)s::timestamptz - make_interval(days => contender.days)
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
    'over_cap'
from over
