-- Read where an enrollment is and how it came there.
-- Reads enrollment, journey, journey_version, journey_step. Writes nothing. Locks nothing.
select
    enrollment.id,
    journey.name as journey,
    journey_version.number as version,
    enrollment.customer_id,
    enrollment.entry_key,
    enrollment.entered_at,
    enrollment.state,
    enrollment.wake_at,
    enrollment.waits_since,
    enrollment.ended_at,
    enrollment.end_reason,
    enrollment.parked_because,
    journey_step.name as step,
    journey_step.kind as step_kind,
    journey_step.event_name as waits_for,
    journey.state as journey_state
from enrollment
inner join journey on enrollment.journey_id = journey.id
inner join journey_version on enrollment.version_id = journey_version.id
left join journey_step
    on
        enrollment.version_id = journey_step.version_id
        and enrollment.step_number = journey_step.number
where enrollment.workspace_id = %(workspace_id)s and enrollment.id = %(enrollment_id)s
