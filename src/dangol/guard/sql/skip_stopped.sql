-- Skip what a journey planned before its owner stopped it.
-- Reads journey. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'journey_stopped')
from journey
where candidate.journey_id = journey.id and journey.state = 'stopped'
