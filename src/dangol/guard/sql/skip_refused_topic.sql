-- Skip advertising about a topic that the customer has switched off.
-- Reads candidate, topic_refusal. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'topic_refused'
from candidate
inner join topic_refusal
    on
        candidate.customer_id = topic_refusal.customer_id
        and candidate.topic_id = topic_refusal.topic_id
where candidate.purpose = 'marketing'
