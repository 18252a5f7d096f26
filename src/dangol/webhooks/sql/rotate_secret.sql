-- Give an endpoint a new secret, and keep signing with the one until now for a while.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set
    previous_secret = case when %(is_kept)s::boolean then webhook_endpoint.sealed_secret end,
    previous_until = case when %(is_kept)s::boolean then %(until)s::timestamptz end,
    sealed_secret = %(sealed_secret)s
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
