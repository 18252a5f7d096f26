-- Find the webhook endpoints a definition names.
-- Reads webhook_endpoint. Writes nothing. Locks nothing.
select webhook_endpoint.name
from webhook_endpoint
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = any(%(names)s::text[])
