-- Write one entry into the ledger; nobody can have spoken later than now.
-- Reads nothing. Writes consent_entry. Locks nothing.
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
    evidence,
    evidence_hash,
    proof_token,
    proven_at
)
values (
    %(workspace_id)s,
    %(customer_id)s,
    %(channel)s::channel,
    %(purpose)s::purpose,
    %(collection)s::text,
    %(action)s::consent_action,
    %(imported_state)s::consent_state,
    %(source)s,
    %(wording)s,
    %(locale)s,
    least(%(occurred_at)s::timestamptz, %(now)s::timestamptz),
    %(now)s::timestamptz,
    %(source_kind)s::consent_source,
    %(actor)s,
    %(wording_version)s,
    %(box_preticked)s,
    %(client_at)s,
    %(evidence)s,
    %(evidence_hash)s,
    %(proof_token)s,
    %(proven_at)s
)
returning id
