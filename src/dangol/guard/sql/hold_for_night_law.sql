-- Hold advertising while the law forbids it for the night, unless the customer agreed to that, too.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'hold'),
    reasons = array_append(candidate.reasons, 'night_law'),
    hold_until = coalesce(candidate.hold_until, rule.ends_at)
from
    unnest(
        %(night_laws)s::text[],
        %(night_channels)s::channel[],
        %(night_zones)s::text[],
        %(night_lifted)s::boolean[],
        %(night_ends)s::timestamptz[]
    ) as rule (law, channel, zone, lifted, ends_at)
where
    candidate.purpose = 'marketing'
    and candidate.law = rule.law
    and candidate.channel = rule.channel
    and candidate.zone = rule.zone
    and not (
        rule.lifted
        and candidate.consent_state is not distinct from 'granted'
        and candidate.night
    )
