-- List what messages cost.
-- Reads provider_price. Writes nothing. Locks nothing.
select
    provider_price.provider,
    provider_price.kind,
    provider_price.price::float as price,
    provider_price.currency
from provider_price
order by provider_price.provider, provider_price.kind
