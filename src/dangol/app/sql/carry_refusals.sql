-- The topics that customers had switched off by then.
-- Reads topic_refusal, customer. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    topic_refusal.customer_id,
    topic_refusal.topic_id,
    topic_refusal.since
from topic_refusal
inner join customer on topic_refusal.customer_id = customer.id
where
    topic_refusal.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and topic_refusal.since <= %(since)s::timestamptz
