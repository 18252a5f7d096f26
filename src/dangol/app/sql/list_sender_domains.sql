-- List the domains that workspaces send mail from.
-- Reads workspace.
select distinct lower(split_part(workspace.sender_email, '@', 2)) as domain
from workspace
order by domain
