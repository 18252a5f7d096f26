-- Note of devices that their vendor says the token is dead; name their owners.
-- Writes device.
update device
set
    state = 'suspected',
    refused_because = told.code,
    changed_at = %(now)s::timestamptz
from
    unnest(
        %(workspace_ids)s::integer[], %(keys)s::text[], %(codes)s::text[]
    ) as told (workspace_id, key, code)
where device.workspace_id = told.workspace_id and device.key = told.key
returning device.customer_id
