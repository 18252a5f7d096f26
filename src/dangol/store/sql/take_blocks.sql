-- Take the oldest blocks out: as many as hold so many events, and at least one.
-- Reads event_block. Writes event_block. Locks the rows it deletes.
delete from event_block
using (
    select
        waiting.id,
        sum(waiting.events) over (order by waiting.id) - waiting.events as before
    from (
        select
            event_block.id,
            event_block.events
        from event_block
        where event_block.workspace_id = %(workspace_id)s
        order by event_block.id
        limit %(most)s
    ) as waiting
) as taken
where
    event_block.workspace_id = %(workspace_id)s
    and event_block.id = taken.id
    and taken.before < %(most)s
returning
    event_block.id,
    event_block.received_at,
    event_block.events,
    event_block.size,
    event_block.bodies
