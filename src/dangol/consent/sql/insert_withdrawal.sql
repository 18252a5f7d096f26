-- Write a withdrawal into the ledger as the last word, even where our clock has gone backwards.
-- Reads consent_entry. Writes consent_entry. Locks nothing.
insert into consent_entry (
    workspace_id, customer_id, channel, purpose, action, source, occurred_at, recorded_at
)
select
    %(workspace_id)s::integer,
    %(customer_id)s::bigint,
    %(channel)s::channel,
    %(purpose)s::purpose,
    'withdraw',
    %(source)s,
    greatest(%(now)s::timestamptz, max(consent_entry.occurred_at)),
    %(now)s::timestamptz
from consent_entry
where
    consent_entry.customer_id = %(customer_id)s
    and consent_entry.channel = %(channel)s::channel
    and consent_entry.purpose = %(purpose)s::purpose
returning id
