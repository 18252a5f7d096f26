-- Note who has stopped reacting on a channel, and who ignores every channel but still visits.
-- Reads message, receipt, consent, customer, workspace. Writes silence. Locks nothing.
-- Counted is the advertising that left since somebody last reacted on the channel or last gave or
-- confirmed consent. Half of what the shop's sunset asks for makes a silence; all of it a sunset.
with heard as (
    select
        receipt.customer_id,
        message.channel,
        max(receipt.occurred_at) as at
    from receipt
    inner join message on receipt.message_id = message.id
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind in ('opened', 'clicked', 'replied')
        and receipt.human_confidence >= 0.5
    group by receipt.customer_id, message.channel
),

told as (
    select
        message.customer_id,
        message.channel,
        count(*) filter (
            where message.allowed_at > coalesce(
                greatest(heard.at, consent.since, consent.confirmed_at), '-infinity'
            )
        ) as messages,
        min(message.allowed_at) filter (
            where message.allowed_at > coalesce(
                greatest(heard.at, consent.since, consent.confirmed_at), '-infinity'
            )
        ) as since
    from message
    left join heard
        on message.customer_id = heard.customer_id and message.channel = heard.channel
    left join consent
        on
            message.customer_id = consent.customer_id
            and message.channel = consent.channel
            and consent.purpose = 'marketing'
    where
        message.workspace_id = %(workspace_id)s
        and message.purpose = 'marketing'
        and message.state = 'handed'
    group by message.customer_id, message.channel
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
