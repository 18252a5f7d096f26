-- Remove of these customers the consents that no entry supports, and those of parts; return them.
-- Reads consent_entry, customer. Writes consent. Locks the consents it removes.
delete from consent
where
    consent.workspace_id = %(workspace_id)s
    and consent.customer_id = any(%(customer_ids)s::bigint[])
    and not exists (
        select
        from customer
        inner join customer as part
            on customer.id = part.id or customer.id = part.head_id
        inner join consent_entry on part.id = consent_entry.customer_id
        where
            customer.id = consent.customer_id
            and customer.head_id is null
            and consent_entry.channel = consent.channel
            and consent_entry.purpose = consent.purpose
            and consent_entry.action in ('grant', 'refuse', 'withdraw', 'import')
    )
returning customer_id, channel, purpose
