-- Count again of each head what its parts did, of these events.
-- Reads customer, activity. Writes activity. Locks the activities it changes.
with head as (
    select part.head_id
    from unnest(%(customer_ids)s::bigint[]) as counted (customer_id)
    inner join customer as part on counted.customer_id = part.id
    where part.head_id is not null
    union
    select part.head_id
    from unnest(%(customer_ids)s::bigint[]) as counted (customer_id)
    inner join customer as part on counted.customer_id = part.keeps_id
    where part.head_id is not null
),

combined as (
    select
        head.head_id,
        activity.event_name,
        min(activity.first_at) as first_at,
        max(activity.last_at) as last_at,
        sum(activity.count)::bigint as count,
        sum(activity.revenue) as revenue
    from head
    inner join customer as part on head.head_id = part.head_id
    inner join activity on part.id = activity.customer_id
    where activity.event_name = any(%(names)s::text[])
    group by head.head_id, activity.event_name
),

gone as (
    delete from activity
    using head
    where
        activity.customer_id = head.head_id
        and activity.event_name = any(%(names)s::text[])
        and not exists (
            select
            from combined
            where
                combined.head_id = activity.customer_id
                and combined.event_name = activity.event_name
        )
)

update activity
set
    first_at = combined.first_at,
    last_at = combined.last_at,
    count = combined.count,
    revenue = combined.revenue
from combined
where
    activity.customer_id = combined.head_id
    and activity.event_name = combined.event_name
