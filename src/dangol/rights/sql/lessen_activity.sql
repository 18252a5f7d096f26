-- Count events that are about to go no longer, and have their customers' segments judged anew.
-- What a customer did before they got parts is counted for the part that keeps it.
-- Reads customer. Writes activity, segment_touch. Locks the activities it changes.
with told as (
    select
        coalesce(kept.id, counted.customer_id) as customer_id,
        counted.event_name,
        sum(counted.gone) as gone,
        sum(counted.revenue) as revenue,
        min(counted.first_left) as first_left
    from
        unnest(
            %(customer_ids)s::bigint[],
            %(event_names)s::text[],
            %(gone)s::bigint[],
            %(revenues)s::numeric[],
            %(first_left)s::timestamptz[]
        ) as counted (customer_id, event_name, gone, revenue, first_left)
    left join customer as kept on counted.customer_id = kept.keeps_id
    group by coalesce(kept.id, counted.customer_id), counted.event_name
),

touched as (
    insert into segment_touch (workspace_id, customer_id)
    select distinct
        %(workspace_id)s::integer,
        coalesce(customer.head_id, customer.id)
    from told
    inner join customer on told.customer_id = customer.id
),

emptied as (
    delete from activity
    using told
    where
        activity.customer_id = told.customer_id
        and activity.event_name = told.event_name
        and activity.count <= told.gone
)

update activity
set
    count = activity.count - told.gone,
    revenue = activity.revenue - coalesce(told.revenue, 0),
    -- What the lake does not have yet is newer than what it has.
    first_at = least(coalesce(told.first_left, activity.last_at), activity.last_at)
from told
where
    activity.customer_id = told.customer_id
    and activity.event_name = told.event_name
    and activity.count > told.gone
