-- Count, journey by journey, who reached its goal in a time before any message had come to them.
-- Reads attribution, journey.
select
    journey.name,
    count(*) as unattributed
from attribution
inner join journey on attribution.journey_id = journey.id
where
    attribution.workspace_id = %(workspace_id)s
    and attribution.message_id is null
    and attribution.occurred_at >= %(since)s::timestamptz
    and attribution.occurred_at < %(until)s::timestamptz
group by journey.name
