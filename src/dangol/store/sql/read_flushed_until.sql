-- Read when the oldest event arrived that no flush has taken yet, or whose customer no beat of the
-- segments has looked at, over all workspaces.
-- Reads workspace, event_cursor, event, event_block.
select least(
    (
        select min(waiting.received_at)
        from workspace
        left join
            lateral (
                select
                    event_cursor.written_by,
                    event_cursor.event_id
                from event_cursor
                where
                    event_cursor.workspace_id = workspace.id
                    and event_cursor.reader in ('lake', 'segments')
                order by event_cursor.written_by, event_cursor.event_id
                limit 1
            ) as done
            on true
        inner join event as waiting
            on
                workspace.id = waiting.workspace_id
                and (waiting.written_by, waiting.id)
                > (coalesce(done.written_by, '0'::xid8), coalesce(done.event_id, 0))
    ),
    (select min(event_block.received_at) from event_block)
)
