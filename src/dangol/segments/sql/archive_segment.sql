-- Put a segment away; when it is taken out again, everybody is judged anew.
-- Writes segment. Locks the segment.
update segment
set
    archived_at = %(now)s,
    refreshed_number = null,
    size = 0
where segment.id = %(segment_id)s
