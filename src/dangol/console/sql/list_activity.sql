-- What a customer did in sum, by name.
-- Reads activity.
select
    activity.event_name as name,
    activity.count,
    activity.revenue::text as revenue,
    activity.last_at
from activity
where activity.workspace_id = %(workspace_id)s and activity.customer_id = %(customer_id)s
order by activity.count desc, activity.event_name
