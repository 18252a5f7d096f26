-- The journey a version belongs to.
-- Reads journey_version.
select journey_id
from journey_version
where id = %(version_id)s
