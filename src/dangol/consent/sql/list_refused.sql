-- List the topics a customer has switched off.
-- Reads topic_refusal.
select topic_refusal.topic_id
from topic_refusal
where
    topic_refusal.workspace_id = %(workspace_id)s
    and topic_refusal.customer_id = %(customer_id)s
