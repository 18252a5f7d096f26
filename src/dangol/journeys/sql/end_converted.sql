-- Record that the goal was reached, once for each enrollment, and end those still inside.
-- Reads tick_event, journey_version, enrollment, activity, event_question, event_answer.
-- Writes conversion, enrollment.
-- An event counts that occurred after the entry and within the window, also for whoever has come
-- to the end. Who enters late, by an event older than the goal's, has reached a goal that is not
-- filtered, as their activity tells.
with reached as materialized (
    select distinct on (enrollment.id)
        enrollment.id,
        enrollment.journey_id,
        enrollment.version_id,
        enrollment.customer_id,
        tick_event.message_id,
        tick_event.occurred_at,
        tick_event.revenue,
        tick_event.currency
    from tick_event
    inner join journey_version on tick_event.name = journey_version.goal_event
    inner join enrollment
        on
            tick_event.customer_id = enrollment.customer_id
            and journey_version.id = enrollment.version_id
    left join
        event_question
        on journey_version.id = event_question.version_id and event_question.number = -1
    where
        journey_version.workspace_id = %(workspace_id)s
        and tick_event.occurred_at > enrollment.entered_at
        and tick_event.occurred_at <= enrollment.entered_at + journey_version.goal_within
        and enrollment.end_reason is distinct from 'merged'
        and (
            journey_version.goal_filter is null
            or exists (
                select
                from event_answer
                where
                    event_answer.question = event_question.question
                    and event_answer.event_id = tick_event.event_id
            )
        )
    order by enrollment.id, tick_event.occurred_at, tick_event.event_id
),

came_late as (
    select
        enrollment.id,
        enrollment.journey_id,
        enrollment.version_id,
        enrollment.customer_id,
        'activity:' || activity.event_name as message_id,
        activity.last_at as occurred_at,
        null::numeric as revenue,
        null::text as currency
    from enrollment
    inner join journey_version on enrollment.version_id = journey_version.id
    inner join activity
        on
            enrollment.customer_id = activity.customer_id
            and journey_version.goal_event = activity.event_name
    where
        enrollment.workspace_id = %(workspace_id)s
        and enrollment.state = 'active'
        and enrollment.trail = '{}'
        and journey_version.goal_filter is null
        and activity.last_at > enrollment.entered_at
        and activity.last_at <= enrollment.entered_at + journey_version.goal_within
        and not exists (
            select from reached
            where reached.id = enrollment.id
        )
),

converted as (
    select reached.*
    from reached
    union all
    select came_late.*
    from came_late
),

recorded as (
    insert into conversion (
        enrollment_id,
        workspace_id,
        journey_id,
        version_id,
        customer_id,
        message_id,
        occurred_at,
        revenue,
        currency
    )
    select
        converted.id,
        %(workspace_id)s,
        converted.journey_id,
        converted.version_id,
        converted.customer_id,
        converted.message_id,
        converted.occurred_at,
        converted.revenue,
        converted.currency
    from converted
    order by converted.id
    -- A goal step has recorded it before the event that brought it came in.
    on conflict (enrollment_id) do update
        set
            message_id = excluded.message_id,
            revenue = excluded.revenue,
            currency = excluded.currency
        where conversion.message_id is null
)

update enrollment
set
    state = 'ended',
    end_reason = 'goal_met',
    ended_at = %(now)s::timestamptz,
    wake_at = null,
    waits_since = null
from converted
where enrollment.id = converted.id and enrollment.state in ('active', 'waiting')
