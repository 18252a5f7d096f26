-- Read how a vendor fares, and let nobody else take a turn before this transaction is over.
-- Reads provider_state. Writes nothing. Locks its row.
select
    per_second,
    slowed_to,
    tokens,
    tokens_at,
    failures,
    rests_until,
    paused_because
from provider_state
where name = %(name)s
for update
