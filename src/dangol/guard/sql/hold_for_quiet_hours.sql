-- Hold advertising until the quiet hours are over where the customer lives.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'hold'),
    reasons = array_append(candidate.reasons, 'quiet_hours'),
    hold_until = coalesce(candidate.hold_until, quiet.ends_at)
from unnest(%(quiet_zones)s::text[], %(quiet_ends)s::timestamptz[]) as quiet (zone, ends_at)
where candidate.purpose = 'marketing' and candidate.zone = quiet.zone
