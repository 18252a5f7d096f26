-- The shop's segments.
-- Reads segment. Writes nothing. Locks nothing.
select
    segment.id,
    %(trial)s::integer as workspace_id,
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.created_at,
    segment.archived_at
from segment
where segment.workspace_id = %(workspace_id)s
