-- Take the next customers' keys that are wrapped under an older master key.
-- Reads customer_key. Locks the keys it takes.
select
    customer_key.customer_id,
    customer_key.workspace_id,
    customer_key.wrapped
from customer_key
where
    customer_key.customer_id > %(after)s::bigint
    and customer_key.master_version < %(version)s
order by customer_key.customer_id
limit %(batch)s
for update
