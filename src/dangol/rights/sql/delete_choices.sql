-- Delete what the customer chose to hear about, how often, and what may be collected of them.
-- Writes topic_refusal, preference, collection_consent, collection_erasure. Locks what it deletes.
with refused as (
    delete from topic_refusal
    where
        topic_refusal.workspace_id = %(workspace_id)s
        and topic_refusal.customer_id = %(customer_id)s
),

collections as (
    delete from collection_consent
    where
        collection_consent.workspace_id = %(workspace_id)s
        and collection_consent.customer_id = %(customer_id)s
),

wishes as (
    delete from collection_erasure
    where
        collection_erasure.workspace_id = %(workspace_id)s
        and collection_erasure.customer_id = %(customer_id)s
)

delete from preference
where
    preference.workspace_id = %(workspace_id)s
    and preference.customer_id = %(customer_id)s
