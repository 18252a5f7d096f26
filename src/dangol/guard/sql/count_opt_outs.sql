-- Count who got each message that somebody opted out of, and how many did; not of stopped ones.
-- Reads receipt, message, journey_stop, journey, template, workspace. Writes nothing.
-- Locks nothing. Counted since the month began, or since the message was last let go on.
with opted as (
    select
        message.journey_id,
        message.template_id
    from receipt
    inner join message on receipt.message_id = message.id
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind in ('unsubscribed', 'complained')
        and receipt.occurred_at >= %(month)s::timestamptz
        and message.purpose = 'marketing'
    group by message.journey_id, message.template_id
),

watched as (
    select
        opted.journey_id,
        opted.template_id,
        greatest(max(journey_stop.resumed_at), %(month)s::timestamptz) as since
    from opted
    left join journey_stop
        on
            opted.journey_id = journey_stop.journey_id
            and opted.template_id = journey_stop.template_id
    group by opted.journey_id, opted.template_id
    having
        count(journey_stop.id) filter (
            where journey_stop.id is not null and journey_stop.resumed_at is null
        ) = 0
)

select
    watched.journey_id,
    journey.name as journey,
    watched.template_id,
    template.name as template,
    count(*) as sent,
    count(*) filter (
        where exists (
            select
            from receipt
            where
                receipt.message_id = message.id
                and receipt.kind in ('unsubscribed', 'complained')
        )
    ) as opt_outs,
    workspace.opt_out_limit
from watched
inner join message
    on
        watched.journey_id = message.journey_id
        and watched.template_id = message.template_id
        and watched.since <= message.allowed_at
        and message.state = 'handed'
        and message.purpose = 'marketing'
inner join journey on watched.journey_id = journey.id
inner join template on watched.template_id = template.id
inner join workspace on workspace.id = %(workspace_id)s
group by
    watched.journey_id, journey.name, watched.template_id, template.name, workspace.opt_out_limit
order by watched.journey_id, watched.template_id
