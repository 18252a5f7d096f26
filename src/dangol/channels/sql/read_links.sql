-- Find the ids of some link targets.
-- Reads link.
select
    url,
    id
from link
where workspace_id = %(workspace_id)s and url = any(%(urls)s::text[])
