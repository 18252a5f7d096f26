-- Switch a topic on again for a customer.
-- Writes topic_refusal. Locks the row it deletes.
delete from topic_refusal
where
    topic_refusal.workspace_id = %(workspace_id)s
    and topic_refusal.customer_id = %(customer_id)s
    and topic_refusal.topic_id = %(topic_id)s
