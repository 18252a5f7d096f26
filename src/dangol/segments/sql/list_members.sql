-- List who is in a segment now, a page of them by their ids.
-- Reads membership.
select
    membership.customer_id,
    membership.entered_at
from membership
where
    membership.workspace_id = %(workspace_id)s
    and membership.segment_id = %(segment_id)s
    and membership.customer_id > %(after)s
order by membership.customer_id
limit %(batch)s
