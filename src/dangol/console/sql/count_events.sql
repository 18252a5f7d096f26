-- What customers did, by name, as the tick has folded it.
-- Reads activity, customer.
select
    activity.event_name as name,
    sum(activity.count)::bigint as count,
    sum(activity.revenue)::text as revenue
from activity
inner join customer on activity.customer_id = customer.id
where activity.workspace_id = %(workspace_id)s and customer.head_id is null
group by activity.event_name
order by count desc, name
