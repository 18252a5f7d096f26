-- Keep an endpoint's headers: sealed, and their names for its owner to see.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set sealed_headers = %(sealed_headers)s, header_names = %(header_names)s::text[]
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(name)s
