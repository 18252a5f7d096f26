-- Read everything a customer allowed and forbade.
-- Reads consent_entry, customer_key.
select
    consent_entry.channel,
    consent_entry.purpose,
    consent_entry.collection,
    consent_entry.action,
    consent_entry.imported_state,
    consent_entry.source,
    consent_entry.source_kind,
    consent_entry.wording,
    consent_entry.wording_version,
    consent_entry.locale,
    consent_entry.box_preticked,
    consent_entry.occurred_at,
    consent_entry.recorded_at,
    consent_entry.client_at,
    consent_entry.proven_at,
    consent_entry.evidence,
    customer_key.wrapped
from consent_entry
left join customer_key on consent_entry.customer_id = customer_key.customer_id
where
    consent_entry.workspace_id = %(workspace_id)s
    and consent_entry.customer_id = any(%(customer_ids)s::bigint[])
order by consent_entry.id
