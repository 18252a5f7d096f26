-- Note that the rows of such a wish are gone, and which events have to leave the lake.
-- Writes collection_erasure. Locks the wish.
update collection_erasure
set cleared_at = %(now)s::timestamptz, event_names = %(event_names)s::text[]
where collection_erasure.id = %(id)s
