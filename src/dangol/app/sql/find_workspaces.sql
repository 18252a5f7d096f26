-- The workspaces of that name, or all when none is named.
-- Reads workspace.
select
    id,
    name
from workspace
where %(name)s::text in ('', name)
order by id
