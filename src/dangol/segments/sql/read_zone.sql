-- Read in which zone the shop lives.
-- Reads workspace.
select workspace.time_zone
from workspace
where workspace.id = %(workspace_id)s
