-- Find the erasure of a customer.
-- Reads erasure.
select
    erasure.ref,
    erasure.workspace_id,
    erasure.customer_id,
    erasure.state,
    erasure.keys,
    erasure.asked_by,
    erasure.asked_at,
    erasure.done_at
from erasure
where
    erasure.workspace_id = %(workspace_id)s
    and erasure.customer_id = %(customer_id)s
order by erasure.asked_at desc
limit 1
