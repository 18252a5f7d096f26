-- Plan a call to an endpoint that is about nothing but itself.
-- Reads webhook_endpoint. Writes webhook_call.
insert into webhook_call (workspace_id, endpoint_id, kind, occurred_at, data)
select
    webhook_endpoint.workspace_id,
    webhook_endpoint.id,
    'test',
    %(now)s::timestamptz,
    jsonb_build_object('endpoint', webhook_endpoint.name)
from webhook_endpoint
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
returning webhook_call.ref
