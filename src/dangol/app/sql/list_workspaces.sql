-- Every workspace that work may be done for.
-- Reads workspace.
select id
from workspace
order by id
