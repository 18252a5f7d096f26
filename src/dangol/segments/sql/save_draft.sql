-- Keep a draft beside what is published, or none.
-- Writes segment. Locks the segment.
update segment
set draft = %(draft)s::jsonb
where segment.id = %(segment_id)s
