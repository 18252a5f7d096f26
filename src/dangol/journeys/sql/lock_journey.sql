-- Read a journey's state to change it; a tick that moves the workspace's people goes first.
-- Reads journey. Locks the journey, and an advisory lock of the workspace: no tick begins.
select
    journey.state,
    journey.version_id
from journey
cross join
    lateral (
        select pg_advisory_xact_lock(hashtext('dangol journeys'), journey.workspace_id) as is_ours
    ) as waited
where journey.id = %(journey_id)s
for no key update of journey
