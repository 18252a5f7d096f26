-- Give new link targets an id.
-- Writes link.
insert into link (workspace_id, url)
select
    %(workspace_id)s,
    target.url
from unnest(%(urls)s::text[]) as target (url)
on conflict (workspace_id, url) do nothing
