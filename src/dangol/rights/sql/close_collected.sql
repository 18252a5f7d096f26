-- Note that such a wish is done.
-- Writes collection_erasure. Locks the wish.
update collection_erasure
set done_at = %(now)s::timestamptz, events = %(events)s
where collection_erasure.id = %(id)s
