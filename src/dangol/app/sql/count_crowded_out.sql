-- Count, for each other journey, the messages that really left and for which no room would be left.
-- Reads message, journey, workspace. Writes nothing. Locks nothing.
select
    journey.name,
    count(*) as messages
from message
inner join journey on message.journey_id = journey.id
inner join workspace on message.workspace_id = workspace.id
cross join
    lateral (
        select
            count(*) as earlier,
            count(*) filter (where before.version_id = %(version_id)s) as ours
        from message as before
        where
            before.customer_id = message.customer_id
            and before.channel = message.channel
            and before.purpose = 'marketing'
            and before.state in ('allowed', 'handed')
            and before.id <> message.id
            and before.allowed_at <= message.allowed_at
            and before.allowed_at > message.allowed_at - make_interval(days => workspace.cap_days)
    ) as spent
where
    message.workspace_id = %(workspace_id)s
    and message.version_id <> %(version_id)s
    and message.purpose = 'marketing'
    and message.state in ('allowed', 'handed')
    and message.allowed_at > %(since)s::timestamptz
    and spent.ours > 0
    and spent.earlier >= workspace.cap_messages
group by journey.name
order by journey.name
