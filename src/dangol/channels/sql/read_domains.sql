-- Read how receivers of mail fare, and let nobody else take their turn before this is over.
-- Reads provider_domain. Writes nothing. Locks their rows.
select
    domain,
    per_second,
    tokens,
    tokens_at,
    line_until,
    failures,
    rests_until
from provider_domain
where provider = %(provider)s and domain = any(%(domains)s)
order by domain
for update
