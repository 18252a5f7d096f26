-- Find a segment by its name.
-- Reads segment.
select segment.id
from segment
where segment.workspace_id = %(workspace_id)s and segment.name = %(segment)s
