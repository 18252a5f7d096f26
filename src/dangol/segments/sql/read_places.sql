-- Read how far the tick and the lake have come, and how far of each the segments have seen, as of
-- when; and until when they need not look, unless something comes.
-- Reads event_cursor, segment_quiet.
select
    event_cursor.reader,
    event_cursor.written_by::text as written_by,
    event_cursor.event_id,
    event_cursor.moved_at,
    segment_quiet.until
from event_cursor
left join segment_quiet on event_cursor.workspace_id = segment_quiet.workspace_id
where
    event_cursor.workspace_id = %(workspace_id)s
    and event_cursor.reader in ('tick', 'lake', 'segments', 'segments_tick')
