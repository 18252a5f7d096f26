-- Leave receivers alone that said it was too much: longer each time, once for all they say at once.
-- Writes provider_domain. Locks their rows.
insert into provider_domain (provider, domain, failures, rests_until)
select
    %(provider)s,
    told.domain,
    1,
    %(now)s::timestamptz + %(first)s::interval
from unnest(%(domains)s::text[]) as told (domain)
order by told.domain
on conflict (provider, domain) do update
    set
        failures = provider_domain.failures + 1,
        rests_until = %(now)s::timestamptz + least(
            %(longest)s::interval, %(first)s::interval * 2 ^ least(provider_domain.failures, 10)
        )
    where
    coalesce(
        provider_domain.rests_until <= %(now)s::timestamptz + %(trial)s::interval, true
    )
