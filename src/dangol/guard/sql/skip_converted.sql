-- Skip advertising for what the customer has done since they entered the journey.
-- Reads conversion. Writes candidate. Locks nothing.
-- What only a goal step has recorded is no reason: the journey goes on after it.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'already_converted')
from conversion
where
    candidate.purpose = 'marketing'
    and candidate.enrollment_id = conversion.enrollment_id
    and conversion.message_id is not null
