-- Note the shop's next customers for a schedule, in the order of their ids; tell how far that is.
-- Reads customer. Writes entrant.
with next as materialized (
    select customer.id as customer_id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and customer.id > %(after_customer)s
        and customer.state = 'active'
    order by customer.id
    limit %(batch)s
),

admitted as (
    insert into entrant (
        journey_id, version_id, customer_id, entry_key, occurred_at, event_id
    )
    select
        %(journey_id)s,
        %(version_id)s,
        next.customer_id,
        %(entry_key)s,
        %(occasion)s::timestamptz,
        0
    from next
)

select
    count(*) as customers,
    max(next.customer_id) as last_customer
from next
