-- Count, for each other journey, whose message somebody got on the same day as one of a version's.
-- Reads message, journey. Writes nothing. Locks nothing.
select
    journey.name,
    count(distinct message.id) as messages
from message
inner join message as other
    on
        message.customer_id = other.customer_id
        and other.state in ('allowed', 'handed')
        and (message.allowed_at at time zone %(zone)s)::date
        = (other.allowed_at at time zone %(zone)s)::date
inner join journey on other.journey_id = journey.id
where
    message.version_id = %(version_id)s
    and message.state in ('allowed', 'handed')
    and other.version_id <> %(version_id)s
group by journey.name
order by journey.name
