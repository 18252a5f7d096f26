-- Ask again in an hour of devices whose vendor could not say.
-- Reads workspace. Writes device. Locks the devices it changes.
update device
set
    heard_at = %(now)s::timestamptz + interval '1 hour'
    - make_interval(days => workspace.probe_days)
from workspace
where
    workspace.id = %(workspace_id)s
    and device.workspace_id = workspace.id
    and device.key = any(%(keys)s::text[])
    and device.probed_at = %(probed_at)s::timestamptz
