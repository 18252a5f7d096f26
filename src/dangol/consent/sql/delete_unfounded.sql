-- Remove the consents that no ledger entry supports; return them.
-- Reads consent_entry. Writes consent. Locks the consents it removes.
delete from consent
where
    consent.workspace_id = %(workspace_id)s
    and not exists (
        select
        from consent_entry
        where
            consent_entry.customer_id = consent.customer_id
            and consent_entry.channel = consent.channel
            and consent_entry.purpose = consent.purpose
    )
returning customer_id, channel, purpose
