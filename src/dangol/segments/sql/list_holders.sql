-- List the segments and lists that running and paused journeys need, and which journeys: by the
-- version new customers take, and by earlier ones in which somebody still is who may be asked.
-- Reads journey, journey_version, journey_need, enrollment. Writes nothing. Locks nothing.
select distinct
    journey_need.kind,
    journey_need.name,
    journey.name as journey
from journey
inner join journey_version on journey.id = journey_version.journey_id
inner join journey_need on journey_version.id = journey_need.version_id
where
    journey.workspace_id = %(workspace_id)s
    and journey.state in ('running', 'paused')
    and (
        journey_version.id = journey.version_id
        or (
            journey_need.asks_inside
            and exists (
                select from enrollment
                where
                    enrollment.journey_id = journey.id
                    and enrollment.version_id = journey_version.id
                    and enrollment.state in ('active', 'waiting')
            )
        )
    )
order by journey.name, journey_need.kind, journey_need.name
