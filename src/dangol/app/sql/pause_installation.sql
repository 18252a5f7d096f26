-- Let nothing be sent until somebody resumes it; the first reason stands.
-- Writes installation. Locks its row.
update installation
set paused_at = %(now)s::timestamptz, paused_because = %(because)s
where paused_at is null
