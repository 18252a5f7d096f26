-- Keep counting what became of messages that go: by the shop's day on which they left.
-- Reads delivery, message, receipt, workspace. Writes message_total. Locks the totals it changes.
insert into message_total (
    workspace_id,
    day,
    journey_id,
    template_id,
    channel,
    sent,
    failed,
    delivered,
    opened,
    clicked,
    replied,
    complained,
    unsubscribed,
    cost
)
select
    %(workspace_id)s,
    (delivery.settled_at at time zone workspace.time_zone)::date as day,
    message.journey_id,
    message.template_id,
    message.channel,
    count(*) filter (where delivery.state = 'accepted'),
    count(*) filter (where delivery.state = 'rejected' or message.state = 'failed'),
    count(*) filter (where became.delivered),
    count(*) filter (where became.opened),
    count(*) filter (where became.clicked),
    count(*) filter (where became.replied),
    count(*) filter (where became.complained),
    count(*) filter (where became.unsubscribed),
    coalesce(sum(delivery.cost) filter (
        where delivery.state = 'accepted' and delivery.currency = 'KRW'
    ), 0)
from delivery
inner join workspace on workspace.id = %(workspace_id)s
inner join message on delivery.message_id = message.id
left join lateral message_outcome(message.id, %(likely)s::real) as became on true
where
    delivery.message_id = any(%(ids)s::bigint[])
    and delivery.state in ('accepted', 'rejected')
group by
    (delivery.settled_at at time zone workspace.time_zone)::date,
    message.journey_id,
    message.template_id,
    message.channel
on conflict (workspace_id, day, journey_id, template_id, channel) do update
    set
        sent = message_total.sent + excluded.sent,
        failed = message_total.failed + excluded.failed,
        delivered = message_total.delivered + excluded.delivered,
        opened = message_total.opened + excluded.opened,
        clicked = message_total.clicked + excluded.clicked,
        replied = message_total.replied + excluded.replied,
        complained = message_total.complained + excluded.complained,
        unsubscribed = message_total.unsubscribed + excluded.unsubscribed,
        cost = message_total.cost + excluded.cost
