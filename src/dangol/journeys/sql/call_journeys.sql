-- Call another journey for everybody who is at a step that enters one on this hop.
-- Reads moving, journey_step. Writes event: the next tick lets them in.
insert into event (
    workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
)
select
    %(workspace_id)s,
    %(now)s::timestamptz,
    %(now)s::timestamptz,
    'track',
    'Journey Called',
    concat_ws(':', 'journey', moving.enrollment_id, journey_step.id, moving.planned + 1),
    moving.customer_id,
    jsonb_build_object('journey', journey_step.journey_name, 'enrollment_id', moving.enrollment_id)
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where moving.hop = %(hop)s and journey_step.kind = 'enter'
order by moving.enrollment_id
