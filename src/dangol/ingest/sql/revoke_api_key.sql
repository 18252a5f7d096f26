-- End a write key; return nothing where the workspace has none of that number that holds.
-- Writes api_key.
update api_key
set revoked_at = %(now)s::timestamptz
where
    api_key.workspace_id = %(workspace_id)s
    and api_key.id = %(key_id)s
    and api_key.revoked_at is null
returning api_key.prefix
