-- Read the number of the planned flush that is not finished yet; no row when there is none.
-- Reads event_cursor.
select plan.step
from event_cursor as plan
left join event_cursor as flushed
    on plan.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
where
    plan.workspace_id = %(workspace_id)s
    and plan.reader = 'lake_plan'
    and plan.step > coalesce(flushed.step, 0)
