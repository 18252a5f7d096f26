-- How far the tick is behind the inbox: events not read yet, and since when the oldest waits.
-- Reads event, event_block, event_cursor.
select
    coalesce(sum(waiting.events), 0)::bigint,
    min(waiting.since)
from (
    select
        count(*) as events,
        min(event.received_at) as since
    from event
    left join event_cursor
        on
            event.workspace_id = event_cursor.workspace_id
            and event_cursor.reader = 'tick'
    where
        event_cursor.workspace_id is null
        or (event.written_by, event.id) > (event_cursor.written_by, event_cursor.event_id)
    union all
    select
        sum(event_block.events),
        min(event_block.received_at)
    from event_block
) as waiting
