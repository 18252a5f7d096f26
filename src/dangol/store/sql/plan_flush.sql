-- Fix which events the next flush takes: a batch of those the tick has read since the last one.
-- A plan that is still open stays as it is, so that a flush repeated after a crash takes the same.
-- Reads event_cursor, event. Writes event_cursor. Locks the workspace's plan.
with flushed as (
    select
        coalesce(max(written_by), '0'::xid8) as written_by,
        coalesce(max(event_id), 0) as event_id,
        coalesce(max(step), 0) as step
    from event_cursor
    where workspace_id = %(workspace_id)s and reader = 'lake'
),

batch as (
    select
        event.written_by,
        event.id
    from event_cursor as tick
    cross join flushed
    cross join
        lateral (
            select
                event.written_by,
                event.id
            from event
            where
                event.workspace_id = tick.workspace_id
                and (event.written_by, event.id) > (flushed.written_by, flushed.event_id)
                and (event.written_by, event.id) <= (tick.written_by, tick.event_id)
            order by event.written_by, event.id
            limit %(batch)s
        ) as event
    where tick.workspace_id = %(workspace_id)s and tick.reader = 'tick'
),

last_of_batch as (
    select
        batch.written_by,
        batch.id
    from batch
    order by batch.written_by desc, batch.id desc
    limit 1
)

insert into event_cursor (workspace_id, reader, written_by, event_id, step, moved_at)
select
    %(workspace_id)s,
    'lake_plan',
    last_of_batch.written_by,
    last_of_batch.id,
    flushed.step + 1,
    %(now)s
from last_of_batch
cross join flushed
on conflict (workspace_id, reader) do update
    set
        written_by = excluded.written_by,
        event_id = excluded.event_id,
        step = excluded.step,
        moved_at = excluded.moved_at
    where event_cursor.step < excluded.step
