-- Delete an endpoint and every call to it.
-- Writes webhook_endpoint, webhook_call. Locks the endpoint and its calls.
delete from webhook_endpoint
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
