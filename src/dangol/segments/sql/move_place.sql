-- Note what the segments have seen: what the lake held up to here, and the tick had taken; and
-- before when they need not look unless something comes.
-- Writes event_cursor, segment_quiet. Locks the workspace's cursors of the segments.
with quiet as (
    insert into segment_quiet (workspace_id, until)
    values (%(workspace_id)s, %(quiet_until)s)
    on conflict (workspace_id) do update set until = excluded.until
)

insert into event_cursor (workspace_id, reader, written_by, event_id, moved_at)
values
(%(workspace_id)s, 'segments', %(lake_by)s::text::xid8, %(lake_id)s, %(now)s),
(%(workspace_id)s, 'segments_tick', %(tick_by)s::text::xid8, %(tick_id)s, %(now)s)
on conflict (workspace_id, reader) do update
    set
        written_by = excluded.written_by,
        event_id = excluded.event_id,
        moved_at = excluded.moved_at
