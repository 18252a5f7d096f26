-- Forget when a journey was to be looked at next, if that was another version's.
-- Reads nothing. Writes journey_schedule.
delete from journey_schedule
where
    journey_schedule.journey_id = %(journey_id)s and journey_schedule.version_id <> %(version_id)s
