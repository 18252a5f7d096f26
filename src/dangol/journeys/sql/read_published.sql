-- Read what every journey that can still be entered says now, or only what a call or a message of
-- ours lets people into.
-- Reads journey, journey_version. Writes nothing. Locks nothing.
select
    journey.name,
    journey_version.definition::text
from journey
inner join journey_version on journey.version_id = journey_version.id
where
    journey.workspace_id = %(workspace_id)s
    and journey.state <> 'stopped'
    and (
        %(every)s
        or journey_version.entry_kind = 'call'
        or journey_version.entry_event = any(%(caused)s::text[])
    )
