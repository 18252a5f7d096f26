-- Take the turn of looking for consents that grow old, unless somebody did within a day.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set reminders_at = %(now)s
where
    workspace.id = %(workspace_id)s
    and workspace.consent_notices
    and (
        workspace.reminders_at is null
        or workspace.reminders_at <= %(now)s::timestamptz - interval '1 day'
        or workspace.reminders_at > %(now)s::timestamptz
    )
