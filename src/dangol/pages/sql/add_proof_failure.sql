-- Remember that somebody could not say the address a page belongs to, and forget what is past.
-- Writes sign_in_failure.
with swept as (
    delete from sign_in_failure
    where sign_in_failure.failed_at <= %(since)s::timestamptz
)

insert into sign_in_failure (subject_key, failed_at)
values (%(subject_key)s, %(now)s::timestamptz)
