-- List which of some segments were made after a moment, and when.
-- Reads segment. Writes nothing. Locks nothing.
select
    segment.name,
    segment.created_at
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.name = any(%(names)s::text[])
    and segment.created_at > %(since)s::timestamptz
order by segment.name
