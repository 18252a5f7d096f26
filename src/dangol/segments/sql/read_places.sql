-- Read how far the lake has come, and how far the segments have, as of when.
-- Reads event_cursor.
select
    event_cursor.reader,
    event_cursor.written_by::text as written_by,
    event_cursor.event_id,
    event_cursor.moved_at
from event_cursor
where
    event_cursor.workspace_id = %(workspace_id)s
    and event_cursor.reader in ('lake', 'segments')
