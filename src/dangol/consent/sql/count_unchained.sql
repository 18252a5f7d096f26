-- Count the entries of a workspace that wait for their links.
-- Reads unchained_entry.
select count(*)
from unchained_entry
where unchained_entry.workspace_id = %(workspace_id)s
