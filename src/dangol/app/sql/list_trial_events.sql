-- List the events of which a trial must know who did them, and whether the journey must be looked
-- at when they happen; a null among them: every event.
-- Reads journey_version, journey_step, journey_way. Writes nothing. Locks nothing.
-- A condition may ask about any event, and when somebody was last seen. Without one only what the
-- journey names is asked, and the guard asks when they last bought.
with version as (
    select journey_version.*
    from journey_version
    where journey_version.id = %(version_id)s
),

named as (
    select
        unnest(array[version.entry_event, version.goal_event] || version.exit_events) as name,
        true as is_watched
    from version
    union all
    select
        journey_step.event_name,
        journey_step.kind = 'wait_for'
    from journey_step
    where journey_step.version_id = %(version_id)s
    union all
    select
        'Order Completed',
        false
)

select
    named.name,
    bool_or(named.is_watched) as is_watched
from named
where named.name is not null
group by named.name
union all
select
    null,
    version.exit_condition is not null
from version
where
    version.entry_condition is not null
    or version.exit_condition is not null
    or exists (
        select
        from journey_step
        where journey_step.version_id = version.id and journey_step.condition is not null
    )
    or exists (
        select
        from journey_way
        where journey_way.version_id = version.id and journey_way.condition is not null
    )
