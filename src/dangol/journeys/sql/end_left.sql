-- End the enrollments that one of the journey's exit events has come for since they began.
-- Reads tick_event, journey_version, enrollment, activity. Writes enrollment.
-- Who enters late, by an event older than the exit's, leaves as their activity tells.
with leaving as materialized (
    select enrollment.id
    from tick_event
    inner join journey_version
        on
            tick_event.name = any(journey_version.exit_events)
            and journey_version.workspace_id = %(workspace_id)s
            and (journey_version.exit_events <> '{}' or journey_version.exit_condition is not null)
    inner join enrollment
        on
            tick_event.customer_id = enrollment.customer_id
            and journey_version.id = enrollment.version_id
    where
        tick_event.occurred_at > enrollment.entered_at
        and enrollment.state in ('active', 'waiting')
    union
    select enrollment.id
    from enrollment
    inner join journey_version on enrollment.version_id = journey_version.id
    inner join activity
        on
            enrollment.customer_id = activity.customer_id
            and activity.event_name = any(journey_version.exit_events)
    where
        enrollment.workspace_id = %(workspace_id)s
        and enrollment.state = 'active'
        and enrollment.trail = '{}'
        and activity.last_at > enrollment.entered_at
)

update enrollment
set
    state = 'ended',
    end_reason = 'exited',
    ended_at = %(now)s::timestamptz,
    wake_at = null,
    waits_since = null
from leaving
where enrollment.id = leaving.id
