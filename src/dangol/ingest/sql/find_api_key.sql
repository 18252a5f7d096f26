-- Whose key is it, if it still holds?
-- Reads api_key.
select
    api_key.id,
    api_key.workspace_id,
    api_key.kind
from api_key
where api_key.key_hash = %(key_hash)s and api_key.revoked_at is null
