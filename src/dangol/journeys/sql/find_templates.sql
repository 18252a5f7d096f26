-- Find the templates a definition names.
-- Reads template. Writes nothing. Locks nothing.
select
    template.name,
    template.channel,
    template.id,
    template.purpose
from template
where template.workspace_id = %(workspace_id)s and template.name = any(%(names)s::text[])
