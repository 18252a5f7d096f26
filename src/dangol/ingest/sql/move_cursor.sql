-- Remember how far the tick has read.
-- Reads arrival. Writes event_cursor.
update event_cursor
set
    written_by = latest.written_by,
    event_id = latest.event_id,
    step = event_cursor.step + 1,
    moved_at = %(now)s::timestamptz
from (
    select
        arrival.written_by,
        arrival.event_id
    from arrival
    order by arrival.written_by desc, arrival.event_id desc
    limit 1
) as latest
where event_cursor.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
