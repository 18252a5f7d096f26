-- Find the tracked link that leads to an address.
-- Reads link. Writes nothing. Locks nothing.
select link.id
from link
where link.workspace_id = %(workspace_id)s and link.url = %(url)s
