-- Read the segments a customer is in.
-- Reads membership, segment.
select
    segment.name as segment,
    segment.title_ko,
    segment.title_en,
    membership.entered_at
from membership
inner join segment on membership.segment_id = segment.id
where
    membership.workspace_id = %(workspace_id)s
    and membership.customer_id = %(customer_id)s
order by membership.entered_at, segment.name
