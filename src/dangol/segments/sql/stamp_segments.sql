-- Note as of when the segments' members are right, by which version, and how many they
-- are; one that was archived meanwhile is left alone.
-- Writes segment. Locks the segments it stamps.
update segment
set
    refreshed_at = %(now)s,
    refreshed_number = stamped.number,
    size = stamped.size
from
    unnest(%(segment_ids)s::integer[], %(numbers)s::integer[], %(sizes)s::integer[])
        as stamped (segment_id, number, size)
where segment.id = stamped.segment_id and segment.archived_at is null
