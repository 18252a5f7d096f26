-- Let the lake's cursor arrive where the finished flush was planned to go.
-- Reads event_cursor. Writes event_cursor. Locks the workspace's lake cursor.
insert into event_cursor (workspace_id, reader, written_by, event_id, step, moved_at)
select
    plan.workspace_id,
    'lake',
    plan.written_by,
    plan.event_id,
    plan.step,
    %(now)s
from event_cursor as plan
where plan.workspace_id = %(workspace_id)s and plan.reader = 'lake_plan' and plan.step = %(step)s
on conflict (workspace_id, reader) do update
    set
        written_by = excluded.written_by,
        event_id = excluded.event_id,
        step = excluded.step,
        moved_at = excluded.moved_at
    where event_cursor.step < excluded.step
