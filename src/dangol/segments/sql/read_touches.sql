-- Read whom something touched about which no event tells.
-- Reads segment_touch.
select
    segment_touch.id,
    segment_touch.customer_id
from segment_touch
where segment_touch.workspace_id = %(workspace_id)s
