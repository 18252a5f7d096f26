-- Whose key is it, if it still holds, and what may it do?
-- Reads api_key, workspace.
select
    api_key.id,
    api_key.workspace_id,
    api_key.kind,
    api_key.scopes::text[],
    workspace.country
from api_key
inner join workspace on api_key.workspace_id = workspace.id
where api_key.key_hash = %(key_hash)s and api_key.revoked_at is null
