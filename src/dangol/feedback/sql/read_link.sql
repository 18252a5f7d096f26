-- Read where a tracked link leads.
-- Reads link.
select url
from link
where id = %(link_id)s and workspace_id = %(workspace_id)s
