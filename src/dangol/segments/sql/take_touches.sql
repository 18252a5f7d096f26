-- Take whom a merge, its undoing or an erasure has touched.
-- Writes segment_touch. Locks the rows it takes.
delete from segment_touch
where segment_touch.workspace_id = %(workspace_id)s
returning segment_touch.customer_id
