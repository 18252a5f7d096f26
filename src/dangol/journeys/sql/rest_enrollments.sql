-- Lay to rest everybody who is at a wait or an exit on this hop, or at no step at all.
-- Reads moving, journey_step. Writes rested. Locks nothing.
insert into rested (
    enrollment_id, state, step_number, planned, wake_at, end_reason, parked_because
)
select
    moving.enrollment_id,
    case journey_step.kind
        when 'wait' then 'waiting'
        when 'exit' then 'ended'
        else 'parked'
    end::enrollment_state,
    moving.step_number,
    moving.planned,
    %(now)s::timestamptz + journey_step.wait_for,
    journey_step.ending,
    case
        when journey_step.kind is null
            then 'version ' || moving.version_id || ' has no step ' || moving.step_number
    end
from moving
left join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where
    moving.hop = %(hop)s
    and (journey_step.kind is null or journey_step.kind in ('wait', 'exit'))
