-- What customers did, by name, as the tick has folded it.
-- Reads activity.
select
    activity.event_name as name,
    sum(activity.count)::bigint as count,
    sum(activity.revenue)::text as revenue
from activity
where activity.workspace_id = %(workspace_id)s
group by activity.event_name
order by count desc, name
