-- List what decides whose the events of the inbox are, as the erasure log calls it.
-- Reads event.
select
    'external' as kind,
    event.user_id as key,
    0 as customer_id
from event
where event.workspace_id = %(workspace_id)s and event.user_id is not null
union
select
    'anonymous',
    event.anonymous_id,
    0
from event
where
    event.workspace_id = %(workspace_id)s
    and event.user_id is null
    and event.anonymous_id is not null
union
select
    'contact',
    contact.key,
    0
from event
cross join lateral jsonb_to_recordset(event.contacts) as contact (key text)
where
    event.workspace_id = %(workspace_id)s
    and event.user_id is null
    and event.anonymous_id is null
    and contact.key is not null
