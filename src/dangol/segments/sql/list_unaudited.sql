-- List the workspaces with segments where it is night and no audit was made for 20 hours.
-- Reads workspace, segment, segment_audit.
select workspace.id
from workspace
where
    extract(hour from %(now)s::timestamptz at time zone workspace.time_zone) between 2 and 5
    and exists (
        select from segment
        where segment.workspace_id = workspace.id
    )
    and not exists (
        select from segment_audit
        where
            segment_audit.workspace_id = workspace.id
            and segment_audit.audited_at > %(now)s - interval '20 hours'
    )
