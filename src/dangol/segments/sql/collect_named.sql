-- Collect who of these customers is in the segment of a name.
-- Reads membership, segment.
select
    1 as found,
    string_agg(int8send(membership.customer_id), '') as customer_ids
from segment
inner join membership on segment.id = membership.segment_id
where
    segment.workspace_id = %(workspace_id)s
    and segment.name = %(name)s
    and membership.customer_id = any(%(customer_ids)s::bigint[])
