-- Write one entry into the ledger; nobody can have spoken later than now.
-- Reads nothing. Writes consent_entry. Locks nothing.
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
values (
    %(workspace_id)s,
    %(customer_id)s,
    %(channel)s::channel,
    %(purpose)s::purpose,
    %(action)s::consent_action,
    %(imported_state)s::consent_state,
    %(source)s,
    %(wording)s,
    %(locale)s,
    least(%(occurred_at)s::timestamptz, %(now)s::timestamptz),
    %(now)s::timestamptz
)
returning id
