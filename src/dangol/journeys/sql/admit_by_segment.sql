-- Note who may enter a running journey because they have entered or left a segment.
-- Reads tick_event, journey, journey_version, membership. Writes entrant.
-- The event alone is not enough: the customer must still be in the segment, or still out of it.
insert into entrant (
    journey_id, version_id, customer_id, entry_key, occurred_at, event_id
)
select
    journey_version.journey_id,
    journey_version.id,
    tick_event.customer_id,
    tick_event.message_id,
    tick_event.occurred_at,
    tick_event.event_id
from tick_event
inner join journey_version
    on
        tick_event.name = journey_version.entry_event
        and tick_event.properties ->> 'segment_id' = journey_version.entry_segment_id::text
inner join journey on journey_version.id = journey.version_id
where
    journey_version.workspace_id = %(workspace_id)s
    and journey_version.entry_kind in ('segment_entered', 'segment_left')
    and journey.state = 'running'
    and tick_event.occurred_at > %(now)s::timestamptz - journey_version.entry_within
    and (journey_version.entry_kind = 'segment_entered') = exists (
        select
        from membership
        where
            membership.segment_id = journey_version.entry_segment_id
            and membership.customer_id = tick_event.customer_id
    )
