-- Keep customers' keys as they are wrapped anew.
-- Writes customer_key. Locks the keys it changes.
update customer_key
set wrapped = fresh.wrapped, master_version = %(version)s
from unnest(%(customer_ids)s::bigint[], %(wrapped)s::bytea[]) as fresh (customer_id, wrapped)
where customer_key.customer_id = fresh.customer_id
