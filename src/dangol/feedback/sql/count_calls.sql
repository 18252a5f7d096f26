-- Count what is being sent to an address at this moment.
-- Reads delivery.
select count(*)
from delivery
where
    workspace_id = %(workspace_id)s
    and channel = %(channel)s::channel
    and address_key = %(address_key)s
    and state = 'calling'
