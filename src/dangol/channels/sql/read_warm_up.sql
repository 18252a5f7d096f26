-- Read how many messages a new sender may send, and let nobody else take any before this is over.
-- Reads provider_warm_up. Writes nothing. Locks its row.
select
    provider,
    start_at,
    growth,
    goal,
    day,
    days_before,
    taken
from provider_warm_up
where provider = %(provider)s
for update
