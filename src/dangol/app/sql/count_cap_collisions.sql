-- Count, for each other journey, messages skipped over the cap that its own helped to fill.
-- Reads decision, message, journey, workspace. Writes nothing. Locks nothing.
select
    journey.name,
    count(distinct message.id) as messages
from decision
inner join message on decision.message_id = message.id
inner join workspace on message.workspace_id = workspace.id
inner join message as other
    on
        message.customer_id = other.customer_id
        and message.channel = other.channel
        and other.purpose = 'marketing'
        and other.state in ('allowed', 'handed')
        and decision.decided_at >= other.allowed_at
        and decision.decided_at - make_interval(days => workspace.cap_days) < other.allowed_at
inner join journey on other.journey_id = journey.id
where
    message.version_id = %(version_id)s
    and decision.reason = 'over_cap'
    and other.version_id <> %(version_id)s
group by journey.name
order by journey.name
