-- List how vendors fare, by name.
-- Reads provider_state.
select
    name,
    per_second,
    slowed_to,
    failures,
    rests_until,
    paused_because,
    paused_at
from provider_state
order by name
