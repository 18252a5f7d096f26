-- Find the segments a definition names, without archived ones.
-- Reads segment. Writes nothing. Locks nothing.
select
    segment.name,
    segment.id
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.name = any(%(names)s::text[])
    and segment.archived_at is null
