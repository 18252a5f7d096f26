-- Read how a vendor fares.
-- Reads provider_state.
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
