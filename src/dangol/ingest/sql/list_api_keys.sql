-- List a workspace's write keys, those that hold first.
-- Reads api_key.
select
    api_key.id,
    api_key.kind,
    api_key.prefix,
    api_key.scopes::text[],
    api_key.created_at,
    api_key.revoked_at
from api_key
where api_key.workspace_id = %(workspace_id)s
order by api_key.revoked_at is not null, api_key.id
