-- List the newest audit of each workspace's segments.
-- Reads segment_audit.
select distinct on (segment_audit.workspace_id)
    segment_audit.workspace_id,
    segment_audit.audited_at,
    segment_audit.segments,
    segment_audit.members,
    segment_audit.surplus,
    segment_audit.missing,
    segment_audit.wrong
from segment_audit
order by
    segment_audit.workspace_id, segment_audit.audited_at desc, segment_audit.id desc
