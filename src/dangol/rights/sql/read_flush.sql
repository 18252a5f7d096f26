-- Read how far the lake has come, and whether a flush was planned and not finished.
-- Reads workspace, event_cursor.
select
    coalesce(flushed.written_by, '0'::xid8)::text as flushed_by,
    coalesce(flushed.event_id, 0) as flushed_to,
    coalesce(planned.step, 0) > coalesce(flushed.step, 0) as is_open
from workspace
left join event_cursor as flushed
    on workspace.id = flushed.workspace_id and flushed.reader = 'lake'
left join event_cursor as planned
    on workspace.id = planned.workspace_id and planned.reader = 'lake_plan'
where workspace.id = %(workspace_id)s
