-- Plan the calls of everybody who is at a webhook step on this hop, with what is known of them now.
-- Reads moving, journey_step, journey, customer, enrollment, webhook_endpoint. Writes webhook_call.
-- Locks nothing.
insert into webhook_call (
    workspace_id,
    endpoint_id,
    customer_id,
    kind,
    occurred_at,
    data,
    enrollment_id,
    step_id,
    visit,
    purpose,
    awaited
)
select
    %(workspace_id)s,
    webhook_endpoint.id as endpoint_id,
    moving.customer_id,
    'journey.step',
    %(now)s::timestamptz,
    jsonb_build_object(
        'customer',
        webhook_customer(moving.customer_id) || jsonb_build_object('traits', customer.traits),
        'journey', journey.name,
        'step', journey_step.name,
        'enrollment', moving.enrollment_id,
        'event', enrollment.entry_properties
    ),
    moving.enrollment_id,
    journey_step.id as step_id,
    moving.planned + 1,
    journey_step.webhook_purpose,
    journey_step.limit_after is not null
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
inner join journey on moving.journey_id = journey.id
inner join customer on moving.customer_id = customer.id
inner join enrollment on moving.enrollment_id = enrollment.id
inner join webhook_endpoint
    on
        journey_step.webhook_name = webhook_endpoint.name
        and webhook_endpoint.workspace_id = %(workspace_id)s
where moving.hop = %(hop)s and journey_step.kind = 'webhook'
order by moving.enrollment_id
