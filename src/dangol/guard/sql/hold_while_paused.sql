-- Hold what a paused journey planned; look again each hour, and at once when it is resumed.
-- Reads journey. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'hold'),
    reasons = array_append(candidate.reasons, 'journey_paused'),
    hold_until = coalesce(
        candidate.hold_until,
        least(%(now)s::timestamptz + interval '1 hour', candidate.expires_at)
    )
from journey
where candidate.journey_id = journey.id and journey.state = 'paused'
