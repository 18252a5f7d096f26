-- Read the erasures, oldest first: of one customer or of all, and all or those that are not done.
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
    (
        %(customer_id)s::bigint is null
        or (
            erasure.workspace_id = %(workspace_id)s
            and erasure.customer_id = %(customer_id)s::bigint
        )
    )
    and (not %(open)s or erasure.state <> 'done')
order by erasure.asked_at, erasure.ref
