-- Hold what a paused journey planned; look again each hour, and at once when it is resumed.
-- Reads journey. Writes candidate. Locks nothing.
update candidate
set
    verdict = 'hold',
    reason = 'journey_paused',
    hold_until = least(%(now)s::timestamptz + interval '1 hour', candidate.expires_at)
from journey
where
    candidate.verdict is null
    and candidate.journey_id = journey.id
    and journey.state = 'paused'
