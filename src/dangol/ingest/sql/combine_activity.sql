-- Count of each changed head what its parts did.
-- Reads changed_head, customer, activity. Writes activity. Locks the activities it changes.
with combined as (
    select
        part.head_id,
        activity.event_name,
        min(activity.first_at) as first_at,
        max(activity.last_at) as last_at,
        sum(activity.count)::bigint as count,
        sum(activity.revenue) as revenue
    from changed_head
    inner join customer as part on changed_head.head_id = part.head_id
    inner join activity on part.id = activity.customer_id
    group by part.head_id, activity.event_name
),

-- A head with parts has no activity that none of them has.
gone as (
    delete from activity
    using customer as kept, changed_head
    where
        activity.customer_id = changed_head.head_id
        and kept.keeps_id = changed_head.head_id
        and not exists (
            select 1
            from combined
            where
                combined.head_id = activity.customer_id
                and combined.event_name = activity.event_name
        )
)

insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count, revenue)
select
    %(workspace_id)s,
    combined.head_id,
    combined.event_name,
    combined.first_at,
    combined.last_at,
    combined.count,
    combined.revenue
from combined
on conflict (customer_id, event_name) do update
    set
        first_at = excluded.first_at,
        last_at = excluded.last_at,
        count = excluded.count,
        revenue = excluded.revenue
    where
    (activity.first_at, activity.last_at, activity.count, activity.revenue)
    is distinct from (excluded.first_at, excluded.last_at, excluded.count, excluded.revenue)
