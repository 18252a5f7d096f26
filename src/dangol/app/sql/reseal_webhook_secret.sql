-- Keep an endpoint's secrets as they are sealed anew.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set sealed_secret = %(sealed)s, previous_secret = %(previous)s
where webhook_endpoint.id = %(id)s
