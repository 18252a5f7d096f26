-- List the versions of a segment, newest first.
-- Reads segment_version.
select
    segment_version.number,
    segment_version.created_at,
    segment_version.definition::text as definition
from segment_version
where segment_version.segment_id = %(segment_id)s
order by segment_version.number desc
