-- Forget when a journey was to be looked at next, unless it is in the middle of letting people in.
-- Reads nothing. Writes journey_schedule.
delete from journey_schedule
where journey_schedule.journey_id = %(journey_id)s and journey_schedule.after_customer = 0
