-- Read the versions of a journey, the newest first, and how many are inside each.
-- Reads journey_version, enrollment. Writes nothing. Locks nothing.
select
    journey_version.id,
    journey_version.number,
    journey_version.definition::text as definition,
    journey_version.published_at,
    journey_version.published_by,
    (
        select count(*)
        from enrollment
        where
            enrollment.journey_id = journey_version.journey_id
            and enrollment.version_id = journey_version.id
            and enrollment.state in ('active', 'waiting')
    ) as inside
from journey_version
where journey_version.journey_id = %(journey_id)s
order by journey_version.number desc
