-- Let customers out of segments; no journey hears of it.
-- Reads nothing. Writes membership. Locks the memberships it deletes.
with gone as (
    select
        unnest(%(segment_ids)s::integer[]) as segment_id,
        unnest(%(customer_ids)s::bigint[]) as customer_id
)

delete from membership
using gone
where membership.segment_id = gone.segment_id and membership.customer_id = gone.customer_id
