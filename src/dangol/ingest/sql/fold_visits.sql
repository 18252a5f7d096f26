-- Remember when each customer was seen first and last. What our own stages write is no visit.
-- Reads tick_event. Writes customer. Locks the customers it changes.
with visit as (
    select
        tick_event.part_id as customer_id,
        min(tick_event.occurred_at) as first_at,
        max(tick_event.occurred_at) as last_at
    from tick_event
    where
        tick_event.user_id is not null
        or tick_event.anonymous_id is not null
        or tick_event.contacts <> '[]'
    group by tick_event.part_id
)

update customer
set
    first_seen_at = least(customer.first_seen_at, visit.first_at),
    last_seen_at = greatest(customer.last_seen_at, visit.last_at)
from visit
where
    customer.id = visit.customer_id
    and (visit.first_at < customer.first_seen_at or visit.last_at > customer.last_seen_at)
