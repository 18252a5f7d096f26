-- List events that are known, named by a purpose or given, whose purpose keeps them for a period.
-- Reads collection_purpose, trait_type.
with named as (
    select unnest(%(examples)s::text[]) as event_name
    union
    select replace(pattern.text, '*', '')
    from collection_purpose as purpose
    cross join lateral unnest(purpose.event_names) as pattern (text)
    where purpose.workspace_id = %(workspace_id)s
    union
    select trait_type.event_name
    from trait_type
    where trait_type.workspace_id = %(workspace_id)s and trait_type.event_name <> ''
)

select
    named.event_name,
    purpose.name,
    purpose.keep_events_days
from named
inner join collection_purpose as purpose
    on purpose_of_event(%(workspace_id)s, named.event_name) = purpose.id
where purpose.keep_events_days is not null
order by named.event_name
