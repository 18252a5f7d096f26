-- How far a replay has moved the clock, and where it stands still.
-- Reads clock_shift.
select
    shift,
    frozen_at
from clock_shift
