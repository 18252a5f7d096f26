-- Lay to rest everybody who is at a wait, a call or an exit on this hop, or at no step at all.
-- Reads moving, journey_step. Writes rested. Locks nothing.
-- Waits for a condition or until a local time are laid to rest by statements of their own.
insert into rested (
    enrollment_id,
    state,
    step_number,
    planned,
    trail,
    wake_at,
    waits_since,
    end_reason,
    parked_because
)
select
    moving.enrollment_id,
    case journey_step.kind
        when 'wait' then 'waiting'
        when 'wait_for' then 'waiting'
        when 'webhook' then 'waiting'
        when 'exit' then 'ended'
        else 'parked'
    end::enrollment_state,
    moving.step_number,
    moving.planned + coalesce(journey_step.kind = 'webhook', false)::integer,
    moving.trail || journey_step.id,
    %(now)s::timestamptz + coalesce(journey_step.wait_for, journey_step.limit_after),
    case when journey_step.kind = 'wait_for' then %(now)s::timestamptz end,
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
    and (
        journey_step.kind is null
        or journey_step.kind = 'exit'
        or (journey_step.kind = 'wait' and journey_step.wait_until is null)
        or (journey_step.kind = 'webhook' and journey_step.limit_after is not null)
        or (journey_step.kind = 'wait_for' and journey_step.condition is null)
    )
