-- How often each of these subjects failed to sign in since a moment.
-- Reads sign_in_failure.
select
    sign_in_failure.subject_key,
    count(*) as failures
from sign_in_failure
where
    sign_in_failure.subject_key = any(%(subject_keys)s::text[])
    and sign_in_failure.failed_at > %(since)s
group by sign_in_failure.subject_key
