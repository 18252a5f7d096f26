-- Remove what may be collected of these customers where no entry supports it, and of parts.
-- Reads consent_entry, customer. Writes collection_consent. Locks the rows it removes.
delete from collection_consent
where
    collection_consent.workspace_id = %(workspace_id)s
    and collection_consent.customer_id = any(%(customer_ids)s::bigint[])
    and not exists (
        select
        from customer
        inner join customer as part
            on customer.id = part.id or customer.id = part.head_id
        inner join consent_entry on part.id = consent_entry.customer_id
        where
            customer.id = collection_consent.customer_id
            and customer.head_id is null
            and consent_entry.collection = collection_consent.purpose_name
    )
