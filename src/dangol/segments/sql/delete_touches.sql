-- Forget these touches: everybody whom they touched was looked at.
-- Writes segment_touch. Locks the rows it deletes.
delete from segment_touch
where segment_touch.id = any(%(touch_ids)s::bigint[])
