-- Skip what would go to a customer who asked to be forgotten.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'erased')
where candidate.erased
