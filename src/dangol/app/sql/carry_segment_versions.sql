-- What the shop's segments ask.
-- Reads segment, segment_version. Writes nothing. Locks nothing.
select
    segment_version.segment_id,
    segment_version.number,
    segment_version.definition,
    segment_version.created_at
from segment_version
inner join segment on segment_version.segment_id = segment.id
where segment.workspace_id = %(workspace_id)s
