-- Keep beside deliveries that were handed over, or may have been, what they cost.
-- Reads provider_price. Writes delivery. Locks the deliveries.
update delivery
set cost = provider_price.price, currency = provider_price.currency
from unnest(%(ids)s::bigint[], %(kinds)s::text[]) as told (id, kind)
inner join provider_price on told.kind = provider_price.kind
where
    delivery.id = told.id
    and provider_price.provider = %(provider)s
    and delivery.state in ('accepted', 'unknown')
    and delivery.cost is null
