-- Read a journey's state to change it; a tick that moves the workspace's people goes first.
-- Reads journey. Locks the journey, and an advisory lock of the workspace: no tick begins.
select
    journey.state,
    journey.version_id,
    journey.workspace_id
from journey
where
    journey.id = %(journey_id)s
    and pg_advisory_xact_lock(hashtext('dangol journeys'), journey.workspace_id) is not null
for no key update of journey
