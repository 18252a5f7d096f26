-- Lead everybody else of this hop to their next step: the next hop.
-- Reads moving, journey_step, activity. Writes moving. Locks nothing.
insert into moving (
    enrollment_id,
    workspace_id,
    journey_id,
    version_id,
    customer_id,
    entered_at,
    step_number,
    planned,
    hop
)
select
    moving.enrollment_id,
    moving.workspace_id,
    moving.journey_id,
    moving.version_id,
    moving.customer_id,
    moving.entered_at,
    case
        when
            journey_step.kind = 'check_event'
            and exists (
                select
                from activity
                where
                    activity.customer_id = moving.customer_id
                    and activity.event_name = journey_step.event_name
                    and activity.last_at > moving.entered_at
            )
            then journey_step.yes_step
        else journey_step.next_step
    end,
    moving.planned + (journey_step.kind = 'message')::integer,
    moving.hop + 1
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where moving.hop = %(hop)s and journey_step.kind in ('message', 'check_event')
