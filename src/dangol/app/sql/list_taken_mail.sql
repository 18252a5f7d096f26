-- The mail that was taken at one stop of the clock.
-- Reads delivery.
select provider_message_id
from delivery
where
    workspace_id = %(workspace_id)s
    and state = 'accepted'
    and settled_at = %(at)s::timestamptz
order by message_id
