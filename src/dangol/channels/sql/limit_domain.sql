-- Say how many messages a second a receiver gets at most by one vendor.
-- Writes provider_domain. Locks its row.
insert into provider_domain (provider, domain, per_second)
values (%(provider)s, %(domain)s, %(per_second)s)
on conflict (provider, domain) do update
    set per_second = excluded.per_second, tokens_at = null, line_until = null
