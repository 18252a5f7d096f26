-- Record a shop connection; return nothing where the workspace has one of that name.
-- Writes shop_connection.
insert into shop_connection (
    workspace_id, platform, name, token, sealed_secret, mapping, created_at
)
values (
    %(workspace_id)s,
    %(platform)s::shop_platform,
    %(name)s,
    %(token)s,
    %(sealed_secret)s,
    %(mapping)s::jsonb,
    %(now)s::timestamptz
)
on conflict (workspace_id, name) do nothing
returning id
