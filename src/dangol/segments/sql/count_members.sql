-- Count who is in a segment now.
-- Reads membership.
select count(*)
from membership
where
    membership.workspace_id = %(workspace_id)s
    and membership.segment_id = %(segment_id)s
