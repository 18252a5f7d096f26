-- Keep the journeys as they are while their people move: whoever pauses or stops one waits.
-- Reads journey. Writes nothing. Locks the running journeys for share.
select journey.id
from journey
where journey.workspace_id = %(workspace_id)s and journey.state = 'running'
order by journey.id
for share
