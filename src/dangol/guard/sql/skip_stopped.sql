-- Skip what a journey planned before its owner stopped it.
-- Reads journey. Writes candidate. Locks nothing.
update candidate
set verdict = 'skip', reason = 'journey_stopped'
from journey
where
    candidate.verdict is null
    and candidate.journey_id = journey.id
    and journey.state = 'stopped'
