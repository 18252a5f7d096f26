-- Keep what deliveries cost.
-- Writes delivery. Locks the deliveries.
update delivery
set cost = told.cost, currency = coalesce(%(currency)s, delivery.currency)
from unnest(%(message_ids)s::bigint[], %(costs)s::numeric[]) as told (message_id, cost)
where
    delivery.message_id = told.message_id
    and delivery.provider = %(provider)s
    and delivery.state in ('accepted', 'rejected', 'unknown')
