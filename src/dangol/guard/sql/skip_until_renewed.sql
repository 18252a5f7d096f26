-- Skip advertising on a consent that should have been confirmed again by now.
-- Reads candidate. Writes candidate. Locks nothing.
-- overdue_before is from when a consent must date: the law's years, counted back from today.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'renewal_overdue')
from
    unnest(
        %(renewal_laws)s::text[],
        %(renewal_channels)s::channel[],
        %(overdue_before)s::timestamptz[]
    ) as rule (law, channel, overdue_before)
where
    candidate.purpose = 'marketing'
    and candidate.consent_state = 'granted'
    and candidate.law = rule.law
    and candidate.channel = rule.channel
    and candidate.confirmed_at < rule.overdue_before
