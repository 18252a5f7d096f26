-- Write the sound claims of the tick into the ledger, in the order they were made.
-- Reads consent_claim. Writes consent_entry. Locks nothing.
insert into consent_entry (
    workspace_id,
    customer_id,
    channel,
    purpose,
    action,
    imported_state,
    source,
    wording,
    locale,
    occurred_at,
    recorded_at
)
select
    %(workspace_id)s,
    consent_claim.customer_id,
    consent_claim.channel::channel,
    consent_claim.purpose::purpose,
    consent_claim.action::consent_action,
    consent_claim.imported_state::consent_state,
    consent_claim.source,
    consent_claim.wording,
    consent_claim.locale,
    consent_claim.occurred_at,
    %(now)s::timestamptz
from consent_claim
where consent_claim.fault is null
order by consent_claim.event_id, consent_claim.position
