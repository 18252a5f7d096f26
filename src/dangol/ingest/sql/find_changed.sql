-- Is there a head whose parts have changed?
-- Reads changed_head.
select changed_head.head_id
from changed_head
order by changed_head.head_id
limit 1
