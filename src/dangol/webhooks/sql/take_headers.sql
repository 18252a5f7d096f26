-- Take an endpoint's sealed headers, to change them.
-- Reads webhook_endpoint. Locks the endpoint.
select webhook_endpoint.sealed_headers
from webhook_endpoint
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
for update
