-- Record the goal of everybody who is at a goal step on this hop.
-- Reads moving, journey_step. Writes conversion. Locks nothing.
insert into conversion (
    enrollment_id, workspace_id, journey_id, version_id, customer_id, occurred_at
)
select
    moving.enrollment_id,
    %(workspace_id)s,
    moving.journey_id,
    moving.version_id,
    moving.customer_id,
    %(now)s::timestamptz
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where moving.hop = %(hop)s and journey_step.kind = 'goal'
order by moving.enrollment_id
on conflict (enrollment_id) do nothing
