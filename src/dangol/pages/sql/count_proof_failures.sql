-- Count how often a page's address was said wrongly since a moment.
-- Reads sign_in_failure.
select count(*)
from sign_in_failure
where
    sign_in_failure.subject_key = %(subject_key)s
    and sign_in_failure.failed_at > %(since)s::timestamptz
