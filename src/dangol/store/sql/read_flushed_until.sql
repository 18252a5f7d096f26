-- Read when the oldest event arrived that no flush has taken yet, over all workspaces.
-- Reads workspace, event_cursor, event, event_block.
select least(
    (
        select min(waiting.received_at)
        from workspace
        left join event_cursor as flushed
            on workspace.id = flushed.workspace_id and flushed.reader = 'lake'
        inner join event as waiting
            on
                workspace.id = waiting.workspace_id
                and (waiting.written_by, waiting.id)
                > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0))
    ),
    (select min(event_block.received_at) from event_block)
)
