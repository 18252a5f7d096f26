-- Find the receivers of mail that may have to be waited for.
-- Reads provider_domain.
select domain
from provider_domain
where
    provider = %(provider)s
    and (per_second is not null or rests_until is not null)
