-- Skip what has waited longer than it is worth sending.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'expired')
where candidate.expires_at <= %(now)s
