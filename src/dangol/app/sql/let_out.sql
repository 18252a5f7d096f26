-- Let customers out of segments; no journey hears of it.
-- Reads nothing. Writes membership. Locks the memberships it deletes.
delete from membership
using unnest(%(segment_ids)s::integer[], %(customer_ids)s::bigint[]) as went (
    segment_id, customer_id
)
where
    membership.segment_id = went.segment_id and membership.customer_id = went.customer_id
