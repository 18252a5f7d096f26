-- List the events at which a journey must be looked at; a null among them: at every event.
-- Reads journey_version, journey_step. Writes nothing. Locks nothing.
select journey_version.entry_event as name
from journey_version
where journey_version.id = %(version_id)s and journey_version.entry_event is not null
union
select journey_version.goal_event
from journey_version
where journey_version.id = %(version_id)s and journey_version.goal_event is not null
union
select unnest(journey_version.exit_events)
from journey_version
where journey_version.id = %(version_id)s
union
select journey_step.event_name
from journey_step
where journey_step.version_id = %(version_id)s and journey_step.kind = 'wait_for'
union
select null
from journey_version
where journey_version.id = %(version_id)s and journey_version.exit_condition is not null
