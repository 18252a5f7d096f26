-- Call an endpoint again that was given up or rests, as if it had never failed.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set
    disabled_at = null,
    disabled_because = null,
    rests_until = null,
    failures = 0,
    failing_since = null
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
