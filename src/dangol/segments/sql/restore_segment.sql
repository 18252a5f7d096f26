-- Take a segment out again.
-- Writes segment. Locks the segment.
update segment
set archived_at = null
where segment.id = %(segment_id)s
