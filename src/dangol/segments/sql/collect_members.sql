-- Collect the members of each of these segments.
-- Reads membership.
select
    membership.segment_id,
    string_agg(int8send(membership.customer_id), '') as customer_ids
from membership
where membership.segment_id = any(%(segment_ids)s)
group by membership.segment_id
