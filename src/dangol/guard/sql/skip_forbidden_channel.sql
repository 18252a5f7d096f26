-- Skip advertising on channels that may carry none.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'channel_forbidden')
from
    unnest(%(forbidden_laws)s::text[], %(forbidden_channels)s::channel[]) as rule (law, channel)
where
    candidate.purpose = 'marketing'
    and candidate.law = rule.law
    and candidate.channel = rule.channel
