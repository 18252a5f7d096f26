-- End the rests of receivers that take mail again and keep a limit.
-- Writes provider_domain. Locks their rows.
update provider_domain
set failures = 0, rests_until = null
where
    provider = %(provider)s
    and domain = any(%(domains)s)
    and per_second is not null
    and rests_until <= %(now)s::timestamptz + %(trial)s::interval
