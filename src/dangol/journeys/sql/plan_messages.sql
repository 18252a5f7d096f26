-- Plan the messages of everybody who is at a message step on this hop.
-- Reads moving, journey_step, template. Writes message. Locks nothing.
insert into message (
    workspace_id,
    customer_id,
    enrollment_id,
    journey_id,
    version_id,
    step_number,
    visit,
    rungs_left,
    template_id,
    channel,
    purpose,
    planned_at,
    expires_at,
    act_at
)
select
    %(workspace_id)s,
    moving.customer_id,
    moving.enrollment_id,
    moving.journey_id,
    moving.version_id,
    moving.step_number,
    moving.planned + 1,
    journey_step.rungs,
    template.id,
    template.channel,
    template.purpose,
    %(now)s::timestamptz,
    %(now)s::timestamptz + journey_step.expires_after,
    %(now)s::timestamptz
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
inner join template on journey_step.template_id = template.id
where moving.hop = %(hop)s and journey_step.kind = 'message'
order by moving.enrollment_id
