-- Read the journeys of a workspace, and how many are inside each.
-- Reads journey, journey_version, enrollment. Writes nothing. Locks nothing.
select
    journey.id,
    journey.name,
    journey.title_ko,
    journey.title_en,
    journey.state,
    journey_version.number,
    (
        select count(*)
        from enrollment
        where enrollment.journey_id = journey.id and enrollment.state in ('active', 'waiting')
    ) as inside
from journey
left join journey_version on journey.version_id = journey_version.id
where journey.workspace_id = %(workspace_id)s
order by journey.name
