-- Let new enrollments of a journey take this version.
-- Reads nothing. Writes journey. Locks the journey.
update journey
set version_id = %(version_id)s
where journey.id = %(journey_id)s and journey.version_id is distinct from %(version_id)s
