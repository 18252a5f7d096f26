-- List the erasures, oldest first: all, or those that are not done yet.
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
where not %(open)s or erasure.state <> 'done'
order by erasure.asked_at, erasure.ref
