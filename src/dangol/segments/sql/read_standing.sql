-- Read the newest definition of every segment in use and as of when its members are right, unless
-- that is later than this moment.
-- Reads segment, segment_version.
select distinct on (segment.id)
    segment.id,
    segment.name,
    segment_version.definition::text as definition,
    segment_version.number,
    segment.refreshed_number,
    segment.refreshed_at,
    segment.size
from segment
inner join segment_version on segment.id = segment_version.segment_id
where
    segment.workspace_id = %(workspace_id)s
    and segment.archived_at is null
    and (segment.refreshed_at is null or segment.refreshed_at <= %(now)s)
order by segment.id, segment_version.number desc
