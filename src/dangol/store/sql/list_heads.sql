-- Read every part of a workspace, or of some heads, with its head.
-- Reads customer.
select
    customer.id as part_id,
    customer.head_id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.head_id is not null
    and (%(head_ids)s::bigint[] is null or customer.head_id = any(%(head_ids)s::bigint[]))
