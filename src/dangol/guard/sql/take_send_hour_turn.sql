-- Take the turn of noting when customers react, unless nobody asks or somebody did within a day.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set send_hours_at = %(now)s
where
    workspace.id = %(workspace_id)s
    and workspace.send_time_hours > 0
    and (
        workspace.send_hours_at is null
        or workspace.send_hours_at <= %(now)s::timestamptz - interval '1 day'
        or workspace.send_hours_at > %(now)s::timestamptz
    )
