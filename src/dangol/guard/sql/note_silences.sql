-- Note who has stopped reacting on a channel, and who ignores every channel but still visits.
-- Reads message, receipt, consent, customer, workspace, silence_total. Writes silence.
-- Locks nothing. What is deleted counts as silence_total has it.
-- Counted is the advertising that left since somebody last reacted on the channel or last gave or
-- confirmed consent. Half of what the shop's sunset asks for makes a silence; all of it a sunset.
with reaction as (
    select
        receipt.customer_id,
        message.channel,
        receipt.occurred_at
    from receipt
    inner join message on receipt.message_id = message.id
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind in ('opened', 'clicked', 'replied')
        and receipt.human_confidence >= 0.5
    union all
    select
        coalesce(customer.head_id, customer.id),
        silence_total.channel,
        silence_total.heard_at
    from silence_total
    inner join customer on silence_total.customer_id = customer.id
    where silence_total.workspace_id = %(workspace_id)s and silence_total.heard_at is not null
),

heard as (
    select
        reaction.customer_id,
        reaction.channel,
        max(reaction.occurred_at) as at
    from reaction
    group by reaction.customer_id, reaction.channel
),

left_on as (
    select
        message.customer_id,
        message.channel,
        message.allowed_at as since,
        message.allowed_at as until,
        1 as messages
    from message
    where
        message.workspace_id = %(workspace_id)s
        and message.purpose = 'marketing'
        and message.state = 'handed'
    union all
    select
        coalesce(customer.head_id, customer.id),
        silence_total.channel,
        silence_total.since,
        silence_total.until,
        silence_total.messages
    from silence_total
    inner join customer on silence_total.customer_id = customer.id
    where silence_total.workspace_id = %(workspace_id)s and silence_total.messages > 0
),

told as (
    select
        left_on.customer_id,
        left_on.channel,
        coalesce(sum(left_on.messages) filter (
            where left_on.until > coalesce(
                greatest(heard.at, consent.since, consent.confirmed_at), '-infinity'
            )
        ), 0) as messages,
        min(left_on.since) filter (
            where left_on.until > coalesce(
                greatest(heard.at, consent.since, consent.confirmed_at), '-infinity'
            )
        ) as since
    from left_on
    left join heard
        on left_on.customer_id = heard.customer_id and left_on.channel = heard.channel
    left join consent
        on
            left_on.customer_id = consent.customer_id
            and left_on.channel = consent.channel
            and consent.purpose = 'marketing'
    group by left_on.customer_id, left_on.channel
),

judged as (
    select
        told.customer_id,
        told.channel,
        told.messages,
        told.since,
        customer.last_seen_at,
        told.messages * 2 >= workspace.sunset_messages
        and told.since
        <= %(now)s::timestamptz - make_interval(hours => workspace.sunset_days * 12) as silent,
        told.messages >= workspace.sunset_messages
        and told.since
        <= %(now)s::timestamptz - make_interval(days => workspace.sunset_days) as sunset
    from told
    inner join customer on told.customer_id = customer.id and customer.state = 'active'
    inner join workspace on workspace.id = %(workspace_id)s
),

noted as (
    select
        judged.customer_id,
        judged.channel,
        judged.messages,
        judged.since,
        judged.silent,
        judged.sunset,
        bool_and(coalesce(judged.silent, false)) over (partition by judged.customer_id)
        and judged.last_seen_at > %(now)s::timestamptz - interval '30 days' as visits
    from judged
)

insert into silence (
    workspace_id, customer_id, channel, messages, since, sunset, visits, noted_at
)
select
    %(workspace_id)s,
    noted.customer_id,
    noted.channel,
    noted.messages,
    noted.since,
    noted.sunset,
    noted.visits,
    %(now)s::timestamptz
from noted
where noted.silent
order by noted.customer_id, noted.channel
