-- Find the journey that is tried out, its version, and how many had entered it before.
-- Reads journey, enrollment. Writes nothing. Locks nothing.
select
    journey.id,
    journey.version_id,
    (
        select count(*)
        from enrollment
        where enrollment.journey_id = journey.id
    ) as entered_before
from journey
where journey.workspace_id = %(workspace_id)s and journey.name = %(journey)s
