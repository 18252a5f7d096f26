-- Note that the segments have seen what the lake held up to here.
-- Writes event_cursor. Locks the workspace's segments cursor.
insert into event_cursor (workspace_id, reader, written_by, event_id, moved_at)
values (
    %(workspace_id)s, 'segments', %(written_by)s::text::xid8, %(event_id)s, %(now)s
)
on conflict (workspace_id, reader) do update
    set
        written_by = excluded.written_by,
        event_id = excluded.event_id,
        moved_at = excluded.moved_at
