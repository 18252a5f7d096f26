-- Let what somebody paused go on.
-- Writes installation. Locks its row.
update installation
set paused_at = null, paused_because = null
where paused_at is not null
