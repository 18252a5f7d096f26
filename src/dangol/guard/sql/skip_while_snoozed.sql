-- Skip advertising to a customer who asked for a rest.
-- Reads preference. Writes candidate. Locks nothing.
-- Skipped, not held: what was to be said during a rest must not all come at its end.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'snoozed')
from preference
where
    candidate.purpose = 'marketing'
    and candidate.customer_id = preference.customer_id
    and preference.snoozed_until > %(now)s::timestamptz
