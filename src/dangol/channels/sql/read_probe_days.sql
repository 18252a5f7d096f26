-- Read after how many days without a word a shop's apps are asked.
-- Reads workspace.
select workspace.probe_days
from workspace
where workspace.id = %(workspace_id)s
