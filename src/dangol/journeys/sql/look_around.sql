-- Tell what there is to do in this tick and about its events, so that it runs only what it needs.
-- Reads tick_event, journey, journey_version, journey_step, enrollment. Writes nothing.
-- Each question is one look into an index for each name an event has.
with name as materialized (
    select distinct tick_event.name
    from tick_event
),

opened as materialized (
    select
        journey_version.entry_kind,
        bool_or(journey_version.entry_filter is not null) as has_filter
    from name
    inner join journey_version
        on name.name = journey_version.entry_event
    inner join journey on journey_version.id = journey.version_id
    where journey_version.workspace_id = %(workspace_id)s and journey.state = 'running'
    group by journey_version.entry_kind
),

reached as materialized (
    select distinct journey_version.goal_filter is not null as has_filter
    from name
    inner join journey_version on name.name = journey_version.goal_event
    where journey_version.workspace_id = %(workspace_id)s
),

leaving as materialized (
    select
        journey_version.exit_events,
        journey_version.exit_condition is not null as has_condition
    from journey_version
    where
        journey_version.workspace_id = %(workspace_id)s
        and (journey_version.exit_events <> '{}' or journey_version.exit_condition is not null)
)

select
    'event' in (select opened.entry_kind from opened) as opened_by_event,
    'segment_entered' in (select opened.entry_kind from opened)
    or 'segment_left' in (select opened.entry_kind from opened) as opened_by_segment,
    'call' in (select opened.entry_kind from opened) as opened_by_call,
    exists(select from reached) as reaches_goal,
    exists(
        select
        from leaving
        inner join name on name.name = any(leaving.exit_events)
    ) as makes_leave,
    exists (
        select from leaving
        where leaving.has_condition
    )
    and exists (select from name) as may_make_leave,
    exists(
        select
        from tick_event
        inner join enrollment on tick_event.customer_id = enrollment.customer_id
        where enrollment.waits_since is not null and enrollment.state = 'waiting'
    ) as is_waited_for,
    exists (
        select from opened
        where opened.has_filter
    )
    or exists (
        select from reached
        where reached.has_filter
    )
    or exists (
        select
        from name
        inner join journey_step on name.name = journey_step.event_name
        where journey_step.kind = 'wait_for' and journey_step.filter is not null
    ) as has_filters,
    exists(
        select
        from journey_version
        where
            journey_version.workspace_id = %(workspace_id)s
            and journey_version.entry_kind in ('date', 'schedule')
    ) as begins_by_clock,
    exists(
        select from leaving
        where leaving.exit_events <> '{}'
    ) as leaves_by_event,
    exists(
        select from leaving
        where leaving.has_condition
    ) as leaves_by_condition
