-- Note when the segments were refreshed, and count their members.
-- Reads membership. Writes segment. Locks the segments it stamps.
update segment
set refreshed_at = %(now)s
where segment.id = any(%(segment_ids)s)
returning
    segment.id,
    (
        select count(*) from membership
        where membership.segment_id = segment.id
    ) as size
