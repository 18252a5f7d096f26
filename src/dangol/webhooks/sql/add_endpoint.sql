-- Record an endpoint; return nothing where the workspace has one of that name.
-- Writes webhook_endpoint.
insert into webhook_endpoint (workspace_id, name, url, kinds, sealed_secret, created_at)
values (
    %(workspace_id)s,
    %(name)s,
    %(url)s,
    %(kinds)s::webhook_kind[],
    %(sealed_secret)s,
    %(now)s::timestamptz
)
on conflict (workspace_id, name) do nothing
returning id
