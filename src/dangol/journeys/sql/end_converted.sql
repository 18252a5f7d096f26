-- End the enrollments whose goal has been reached since they began.
-- Reads tick_event, journey_version, journey, activity. Writes enrollment.
-- Only customers with an event in this tick can have reached one since the last.
with goal as materialized (
    select
        journey_version.id as version_id,
        journey_version.goal_event as event_name
    from journey
    inner join journey_version on journey.id = journey_version.journey_id
    where journey.workspace_id = %(workspace_id)s and journey_version.goal_event is not null
),

reached as materialized (
    select
        activity.customer_id,
        goal.version_id,
        activity.last_at
    from goal
    inner join activity on goal.event_name = activity.event_name
    where activity.customer_id in (select tick_event.customer_id from tick_event)
)

update enrollment
set
    state = 'ended',
    end_reason = 'goal_met',
    ended_at = %(now)s::timestamptz,
    wake_at = null
from reached
where
    enrollment.customer_id = reached.customer_id
    and enrollment.version_id = reached.version_id
    and enrollment.state in ('active', 'waiting')
    and enrollment.entered_at < reached.last_at
