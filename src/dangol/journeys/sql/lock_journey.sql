-- Read a journey's state to change it; a tick that moves its people goes first.
-- Reads journey. Writes nothing. Locks the journey.
select
    journey.state,
    journey.version_id
from journey
where journey.id = %(journey_id)s
for no key update
