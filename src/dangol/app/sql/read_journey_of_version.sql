-- The journey a version belongs to, and the version's number in it.
-- Reads journey_version.
select
    journey_version.journey_id,
    journey_version.number
from journey_version
where journey_version.id = %(version_id)s
