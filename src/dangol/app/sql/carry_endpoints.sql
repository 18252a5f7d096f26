-- The shop's webhook endpoints, by name only: a trial plans calls, and nothing calls.
-- Reads webhook_endpoint. Writes nothing. Locks nothing.
select
    webhook_endpoint.id,
    %(trial)s::integer as workspace_id,
    webhook_endpoint.name,
    'https://nobody.invalid/' as url,
    '{}'::webhook_kind[] as kinds,
    ''::bytea as sealed_secret,
    webhook_endpoint.created_at
from webhook_endpoint
where webhook_endpoint.workspace_id = %(workspace_id)s
