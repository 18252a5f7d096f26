-- Read where somebody is in a journey, or in any: their newest enrollment.
-- Reads identifier, enrollment, journey, journey_step. Writes nothing. Locks nothing.
select
    enrollment.state,
    journey_step.name as step,
    enrollment.wake_at,
    enrollment.end_reason,
    enrollment.parked_because,
    journey.name as journey
from identifier
inner join enrollment on identifier.customer_id = enrollment.customer_id
inner join journey on enrollment.journey_id = journey.id
left join journey_step
    on
        enrollment.version_id = journey_step.version_id
        and enrollment.step_number = journey_step.number
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = 'external'
    and identifier.key = %(name)s
    and (%(journey)s::text is null or journey.name = %(journey)s::text)
order by enrollment.id desc
limit 1
