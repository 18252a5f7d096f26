-- Delete what was to be told to the customer about their consents.
-- Writes consent_notice. Locks the rows it deletes.
delete from consent_notice
where
    consent_notice.workspace_id = %(workspace_id)s
    and consent_notice.customer_id = %(customer_id)s
