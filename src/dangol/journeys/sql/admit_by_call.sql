-- Note who may enter a running journey because it was called for them.
-- Reads tick_event, journey, journey_version. Writes entrant.
-- Only our own calls count: no message from outside may have an id that begins like theirs.
insert into entrant (
    journey_id, version_id, customer_id, entry_key, occurred_at, event_id, properties
)
select
    journey_version.journey_id,
    journey_version.id,
    tick_event.customer_id,
    tick_event.message_id,
    tick_event.occurred_at,
    tick_event.event_id,
    tick_event.properties
from tick_event
inner join journey
    on
        tick_event.properties ->> 'journey' = journey.name
        and journey.workspace_id = %(workspace_id)s
inner join journey_version on journey.version_id = journey_version.id
where
    tick_event.name = journey_version.entry_event
    and journey_version.entry_kind = 'call'
    and tick_event.message_id ~ '^(call|journey):'
    and journey.state = 'running'
    and tick_event.occurred_at > %(now)s::timestamptz - journey_version.entry_within
