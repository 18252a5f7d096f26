-- Skip advertising about a topic that the customer has switched off.
-- Reads topic_refusal. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'topic_refused')
from topic_refusal
where
    candidate.purpose = 'marketing'
    and candidate.customer_id = topic_refusal.customer_id
    and candidate.topic_id = topic_refusal.topic_id
