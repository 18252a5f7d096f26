-- Keep an endpoint's secrets and headers as they are sealed anew.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set
    sealed_secret = %(sealed)s,
    previous_secret = %(previous)s,
    sealed_headers = %(headers)s
where webhook_endpoint.id = %(id)s
