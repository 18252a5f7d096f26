-- List the senders that are new, by name.
-- Reads provider_warm_up.
select
    provider,
    start_at,
    growth,
    goal,
    day,
    days_before,
    taken
from provider_warm_up
order by provider
