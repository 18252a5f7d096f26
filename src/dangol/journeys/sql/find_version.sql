-- Find the version of a journey that says exactly this, the newest if several do.
-- Reads journey_version. Writes nothing. Locks nothing.
select journey_version.id
from journey_version
where
    journey_version.journey_id = %(journey_id)s
    and journey_version.definition = %(definition)s::jsonb
order by journey_version.number desc
limit 1
