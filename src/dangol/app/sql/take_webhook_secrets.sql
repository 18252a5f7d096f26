-- Take the endpoints with a secret or headers that are sealed under an older master key.
-- Reads webhook_endpoint. Locks the endpoints it takes.
select
    webhook_endpoint.id,
    webhook_endpoint.workspace_id,
    webhook_endpoint.sealed_secret,
    webhook_endpoint.previous_secret,
    webhook_endpoint.sealed_headers
from webhook_endpoint
where
    substring(webhook_endpoint.sealed_secret for 3) <> %(first_bytes)s::bytea
    or substring(webhook_endpoint.previous_secret for 3) <> %(first_bytes)s::bytea
    or substring(webhook_endpoint.sealed_headers for 3) <> %(first_bytes)s::bytea
for update
