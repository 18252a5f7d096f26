-- Write the sound claims of the tick into the ledger, in the order they were made.
-- Reads consent_claim. Writes consent_entry. Locks nothing.
insert into consent_entry (
    workspace_id,
    customer_id,
    channel,
    purpose,
    collection,
    action,
    imported_state,
    source,
    wording,
    locale,
    occurred_at,
    recorded_at,
    source_kind,
    actor,
    wording_version,
    box_preticked,
    client_at,
    proof_token,
    proven_at
)
select
    %(workspace_id)s,
    consent_claim.customer_id,
    consent_claim.channel::channel,
    consent_claim.purpose::purpose,
    consent_claim.collection,
    consent_claim.action::consent_action,
    consent_claim.imported_state::consent_state,
    consent_claim.source,
    consent_claim.wording,
    consent_claim.locale,
    consent_claim.occurred_at,
    %(now)s::timestamptz,
    consent_claim.source_kind::consent_source,
    consent_claim.actor,
    consent_claim.wording_version,
    consent_claim.box_preticked,
    consent_claim.client_at,
    consent_claim.proof_token,
    consent_claim.proven_at
from consent_claim
where consent_claim.fault is null
order by consent_claim.event_id, consent_claim.position
