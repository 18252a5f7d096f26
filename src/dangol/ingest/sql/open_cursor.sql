-- Let the tick's reader begin at the first event, unless it has begun.
-- Writes event_cursor.
insert into event_cursor (workspace_id, reader, written_by, event_id, moved_at)
values (%(workspace_id)s, 'tick', '0', 0, %(now)s::timestamptz)
on conflict (workspace_id, reader) do nothing
