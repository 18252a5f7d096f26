-- List of these events those whose purpose keeps them for a period.
-- Reads collection_purpose.
select
    named.event_name,
    purpose.name,
    purpose.keep_events_days
from unnest(%(event_names)s::text[]) as named (event_name)
inner join collection_purpose as purpose
    on purpose_of_event(%(workspace_id)s, named.event_name) = purpose.id
where purpose.keep_events_days is not null
order by named.event_name
