-- List the receivers of mail that have a limit or rest, by vendor and name.
-- Reads provider_domain.
select
    provider,
    domain,
    per_second,
    failures,
    rests_until
from provider_domain
order by provider, domain
