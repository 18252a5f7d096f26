-- Let the entries that have got their links wait no longer.
-- Writes unchained_entry. Locks the rows it deletes.
delete from unchained_entry
where
    unchained_entry.workspace_id = %(workspace_id)s
    and unchained_entry.entry_id = any(%(entry_ids)s::bigint[])
