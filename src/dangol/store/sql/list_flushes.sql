-- List every workspace with the number of its last finished flush and of its last planned one.
-- Reads workspace, event_cursor.
select
    workspace.id,
    coalesce(flushed.step, 0) as flushed,
    coalesce(planned.step, 0) as planned
from workspace
left join event_cursor as flushed
    on workspace.id = flushed.workspace_id and flushed.reader = 'lake'
left join event_cursor as planned
    on workspace.id = planned.workspace_id and planned.reader = 'lake_plan'
order by workspace.id
