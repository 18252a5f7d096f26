-- Let the guard look again at what a journey that resumes had to hold.
-- Reads nothing. Writes message. Locks the messages it wakes.
update message
set act_at = %(now)s::timestamptz
where message.journey_id = %(journey_id)s and message.state = 'held'
