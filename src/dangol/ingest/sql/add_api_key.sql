-- Record a new write key by its hash.
-- Writes api_key.
insert into api_key (workspace_id, kind, scopes, key_hash, prefix, created_at)
values (
    %(workspace_id)s,
    %(kind)s::api_key_kind,
    %(scopes)s::api_key_scope[],
    %(key_hash)s,
    %(prefix)s,
    %(now)s::timestamptz
)
