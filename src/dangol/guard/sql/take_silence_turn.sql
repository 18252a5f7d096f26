-- Take the turn of noting who has stopped reacting, unless somebody did within a day.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set silences_at = %(now)s
where
    workspace.id = %(workspace_id)s
    and (
        workspace.silences_at is null
        or workspace.silences_at <= %(now)s::timestamptz - interval '1 day'
        or workspace.silences_at > %(now)s::timestamptz
    )
