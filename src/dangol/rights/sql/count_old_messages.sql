-- Count the messages that are older than a moment.
-- Reads message.
select count(*)
from message
where
    message.workspace_id = %(workspace_id)s
    and message.planned_at < %(before)s::timestamptz
