-- List the calls of journeys' steps about somebody to an endpoint, after a given one.
-- Reads identifier, webhook_call, webhook_endpoint, journey_step. Writes nothing. Locks nothing.
select
    webhook_call.id,
    webhook_call.data,
    journey_step.webhook_body
from identifier
inner join webhook_call on identifier.customer_id = webhook_call.customer_id
inner join webhook_endpoint on webhook_call.endpoint_id = webhook_endpoint.id
inner join journey_step on webhook_call.step_id = journey_step.id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = 'external'
    and identifier.key = %(name)s
    and webhook_endpoint.name = %(endpoint)s
    and webhook_call.id > %(after)s
order by webhook_call.id
