-- Let all receivers of one vendor be written to at once; limits stay.
-- Writes provider_domain. Locks its rows.
with forgotten as (
    delete from provider_domain
    where provider = %(provider)s and per_second is null
)

update provider_domain
set failures = 0, rests_until = null, line_until = null
where provider = %(provider)s and per_second is not null
