-- Forget receivers that take mail again, and those that nobody has written to since.
-- Writes provider_domain. Locks the rows it deletes.
delete from provider_domain
where
    provider = %(provider)s
    and per_second is null
    and rests_until <= %(now)s::timestamptz + %(trial)s::interval
    and (domain = any(%(domains)s) or rests_until < %(now)s::timestamptz - interval '1 day')
