-- Delete what the customer chose to hear about, and how often.
-- Writes topic_refusal, preference. Locks the rows it deletes.
with refused as (
    delete from topic_refusal
    where
        topic_refusal.workspace_id = %(workspace_id)s
        and topic_refusal.customer_id = %(customer_id)s
)

delete from preference
where
    preference.workspace_id = %(workspace_id)s
    and preference.customer_id = %(customer_id)s
