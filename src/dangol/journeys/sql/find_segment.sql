-- Find the segment a definition names.
-- Reads segment. Writes nothing. Locks nothing.
select segment.id
from segment
where segment.workspace_id = %(workspace_id)s and segment.name = %(name)s
