-- Read everything a customer allowed and forbade.
-- Reads consent_entry.
select
    consent_entry.channel,
    consent_entry.purpose,
    consent_entry.action,
    consent_entry.imported_state,
    consent_entry.source,
    consent_entry.wording,
    consent_entry.locale,
    consent_entry.occurred_at,
    consent_entry.recorded_at
from consent_entry
where
    consent_entry.workspace_id = %(workspace_id)s
    and consent_entry.customer_id = any(%(customer_ids)s::bigint[])
order by consent_entry.id
