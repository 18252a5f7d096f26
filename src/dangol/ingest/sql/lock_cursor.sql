-- How far has the tick read? Nobody else may read on until this transaction ends.
-- Reads event_cursor. Locks the tick's cursor.
select
    event_cursor.written_by::text,
    event_cursor.event_id
from event_cursor
where event_cursor.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
for update
