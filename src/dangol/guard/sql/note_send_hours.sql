-- Note when customers usually react on a channel, where their own reactions tell.
-- Reads receipt, message, customer, workspace, pg_timezone_names. Writes send_hour. Locks nothing.
-- A message counts once, when a person first reacted to it. The best three hours must hold half of
-- the reactions; among equally good ones those count that begin with the most. Hours are those of
-- the customer's zone, or of the shop's where we do not know theirs.
with zone as materialized (
    select pg_timezone_names.name
    from pg_timezone_names
),

reaction as (
    select
        message.customer_id,
        message.channel,
        min(receipt.occurred_at) as at
    from receipt
    inner join message on receipt.message_id = message.id
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind in ('opened', 'clicked', 'replied')
        and receipt.human_confidence >= 0.5
        and receipt.occurred_at > %(now)s::timestamptz - interval '180 days'
        and receipt.occurred_at <= %(now)s::timestamptz
    group by message.id
),

felt as (
    select
        reaction.customer_id,
        reaction.channel,
        reaction.at at time zone coalesce(zone.name, workspace.time_zone) as wall
    from reaction
    inner join customer on reaction.customer_id = customer.id and customer.state = 'active'
    inner join workspace on workspace.id = %(workspace_id)s
    left join zone on customer.time_zone = zone.name
),

known as (
    select
        felt.customer_id,
        felt.channel,
        count(*) as reactions
    from felt
    group by felt.customer_id, felt.channel
    having count(*) >= 5 and count(distinct felt.wall::date) >= 3
),

hourly as (
    select
        felt.customer_id,
        felt.channel,
        extract(hour from felt.wall)::integer as hour,
        count(*) as reactions
    from felt
    group by felt.customer_id, felt.channel, extract(hour from felt.wall)::integer
),

-- Each hour counts for the windows that begin with it, an hour before it and two hours before it.
opened as (
    select
        hourly.customer_id,
        hourly.channel,
        mod(hourly.hour + 24 - ahead.hours, 24) as hour,
        sum(hourly.reactions) as reactions,
        sum(hourly.reactions) filter (where ahead.hours = 0) as at_first,
        sum(hourly.reactions) filter (where ahead.hours = 1) as at_second
    from hourly
    cross join generate_series(0, 2) as ahead (hours)
    group by hourly.customer_id, hourly.channel, mod(hourly.hour + 24 - ahead.hours, 24)
),

best as (
    select distinct on (opened.customer_id, opened.channel)
        opened.customer_id,
        opened.channel,
        opened.hour,
        opened.reactions
    from opened
    order by
        opened.customer_id,
        opened.channel,
        opened.reactions desc,
        coalesce(opened.at_first, 0) desc,
        coalesce(opened.at_second, 0) desc,
        opened.hour
)

insert into send_hour (workspace_id, customer_id, channel, hour, noted_at)
select
    %(workspace_id)s,
    best.customer_id,
    best.channel,
    best.hour,
    %(now)s::timestamptz
from best
inner join known on best.customer_id = known.customer_id and best.channel = known.channel
where best.reactions * 2 >= known.reactions
order by best.customer_id, best.channel
