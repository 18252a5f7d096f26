-- Find the segment a definition names, unless it is archived.
-- Reads segment. Writes nothing. Locks nothing.
select segment.id
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.name = %(name)s
    and segment.archived_at is null
