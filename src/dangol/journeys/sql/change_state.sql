-- Move a journey to another state.
-- Reads nothing. Writes journey. Locks the journey.
update journey
set state = %(state)s::journey_state
where journey.id = %(journey_id)s
