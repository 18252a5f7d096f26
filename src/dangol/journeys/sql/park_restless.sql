-- Set aside whoever is still moving after the last hop of a tick.
-- Reads moving. Writes rested. Locks nothing.
insert into rested (enrollment_id, state, step_number, planned, trail, parked_because)
select
    moving.enrollment_id,
    'parked',
    moving.step_number,
    moving.planned,
    moving.trail,
    'took ' || moving.hop || ' steps without a wait or an exit'
from moving
where moving.hop = %(hop)s
