-- Take everybody off a list.
-- Writes list_entry. Locks the rows it deletes.
delete from list_entry
where list_entry.list_id = %(list_id)s
