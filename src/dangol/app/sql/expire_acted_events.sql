-- Forget message ids whose seven days are over.
-- Reads event_cursor. Writes acted_event. Locks the rows it deletes.
delete from acted_event
where
    keep_until < %(now)s::timestamptz
    -- The lake, and then the segments, learn from this row whose event it is.
    and event_id <= (
        select min(event_cursor.event_id)
        from event_cursor
        where
            event_cursor.workspace_id = acted_event.workspace_id
            and event_cursor.reader in ('lake', 'segments')
        having bool_or(event_cursor.reader = 'lake')
    )
