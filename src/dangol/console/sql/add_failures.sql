-- Remember a failed sign-in under each of its subjects, and forget what no longer counts.
-- Writes sign_in_failure.
with swept as (
    delete from sign_in_failure
    where sign_in_failure.failed_at <= %(since)s::timestamptz
)

insert into sign_in_failure (subject_key, failed_at)
select
    subject.subject_key,
    %(now)s::timestamptz as failed_at
from unnest(%(subject_keys)s::text[]) as subject (subject_key)
