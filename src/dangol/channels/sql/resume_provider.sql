-- Let a vendor be called again at once.
-- Writes provider_state. Locks its row.
update provider_state
set failures = 0, rests_until = null, paused_because = null, paused_at = null, slowed_to = null
where name = %(name)s
