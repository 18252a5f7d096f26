-- Count how the moved enrollments came to rest.
-- Reads rested. Writes nothing. Locks nothing.
select
    count(*) as moved,
    count(*) filter (where rested.state = 'ended') as ended,
    count(*) filter (where rested.state = 'parked') as parked
from rested
