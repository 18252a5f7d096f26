-- Collect, for each condition about a segment, who was in it at its last refresh.
-- Reads asked_customer, segment, membership.
select
    leaf.number,
    string_agg(int8send(membership.customer_id), '') as customer_ids
from jsonb_to_recordset(%(leaves)s::jsonb) as leaf (number integer, name text)
inner join segment on leaf.name = segment.name and segment.workspace_id = %(workspace_id)s
inner join membership on segment.id = membership.segment_id
inner join asked_customer on membership.customer_id = asked_customer.customer_id
group by leaf.number
