-- Name what the newest and the oldest customers of a workspace did, with or without properties.
-- Reads customer, activity.
with asked as (
    (
        select customer.id
        from customer
        where customer.workspace_id = %(workspace_id)s
        order by customer.id desc
        limit %(looked_at)s
    )
    union
    (
        select customer.id
        from customer
        where customer.workspace_id = %(workspace_id)s
        order by customer.id asc
        limit %(looked_at)s
    )
)

select distinct activity.event_name as name
from asked
inner join activity on asked.id = activity.customer_id
order by activity.event_name
