-- Find where the messages begin that are not too old: the smallest number of one.
-- Reads message.
select message.id
from message
where
    message.workspace_id = %(workspace_id)s
    and message.planned_at >= %(before)s::timestamptz
order by message.id
limit 1
