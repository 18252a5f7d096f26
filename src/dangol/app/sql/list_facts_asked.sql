-- List the events of which a trial must know who did them; a null among them: of every event.
-- Reads journey_version, journey_step, journey_way. Writes nothing. Locks nothing.
-- A condition may ask about any event, and when somebody was last seen. Without one only what the
-- journey names is asked, and the guard asks when they last bought.
select named.name
from journey_version
cross join
    unnest(
        array[journey_version.entry_event, journey_version.goal_event, 'Order Completed']
        || journey_version.exit_events
    ) as named (name)
where journey_version.id = %(version_id)s and named.name is not null
union
select journey_step.event_name
from journey_step
where journey_step.version_id = %(version_id)s and journey_step.event_name is not null
union
select null
from journey_version
where
    journey_version.id = %(version_id)s
    and (
        journey_version.entry_condition is not null
        or journey_version.exit_condition is not null
        or exists (
            select
            from journey_step
            where
                journey_step.version_id = journey_version.id
                and journey_step.condition is not null
        )
        or exists (
            select
            from journey_way
            where
                journey_way.version_id = journey_version.id
                and journey_way.condition is not null
        )
    )
