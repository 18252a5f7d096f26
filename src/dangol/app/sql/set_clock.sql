-- Move the clock, and let it stand still or run.
-- Writes clock_shift.
insert into clock_shift (shift, frozen_at)
values (%(shift)s::interval, %(frozen_at)s::timestamptz)
on conflict (only_row) do update set
    shift = excluded.shift,
    frozen_at = excluded.frozen_at
