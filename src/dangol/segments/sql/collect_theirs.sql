-- Collect, for each of these segments, who of these customers is a member.
-- Reads membership.
select
    membership.segment_id,
    string_agg(int8send(membership.customer_id), '') as customer_ids
from membership
where
    membership.customer_id = any(%(customer_ids)s::bigint[])
    and membership.segment_id = any(%(segment_ids)s)
group by membership.segment_id
