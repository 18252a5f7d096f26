-- Read what a customer did in sum.
-- Reads activity.
select
    activity.event_name,
    activity.count,
    activity.revenue,
    activity.first_at,
    activity.last_at
from activity
where
    activity.workspace_id = %(workspace_id)s
    and activity.customer_id = %(customer_id)s
order by activity.event_name
