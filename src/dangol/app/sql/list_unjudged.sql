-- List the segments in use whose newest version nobody has been judged by.
-- Reads segment, segment_version.
select
    segment.workspace_id,
    segment.id,
    max(segment_version.number) as number
from segment
inner join segment_version on segment.id = segment_version.segment_id
where segment.archived_at is null
group by segment.id
having max(segment_version.number) is distinct from segment.refreshed_number
