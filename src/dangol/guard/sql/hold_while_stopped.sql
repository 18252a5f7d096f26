-- Hold a message that too many opted out of, until somebody lets it go on; look again each hour.
-- Reads journey_stop. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'hold'),
    reasons = array_append(candidate.reasons, 'message_stopped'),
    hold_until = coalesce(
        candidate.hold_until,
        least(%(now)s::timestamptz + interval '1 hour', candidate.expires_at)
    )
from journey_stop
where
    candidate.purpose = 'marketing'
    and journey_stop.resumed_at is null
    and candidate.journey_id = journey_stop.journey_id
    and candidate.template_id = journey_stop.template_id
