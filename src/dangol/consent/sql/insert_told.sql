-- Write into the ledger what customers were told about their consents to advertising.
-- Reads nothing. Writes consent_entry. Locks nothing.
insert into consent_entry (
    workspace_id,
    customer_id,
    channel,
    purpose,
    action,
    source,
    source_kind,
    occurred_at,
    recorded_at
)
select
    %(workspace_id)s,
    told.customer_id,
    told.channel,
    'marketing',
    told.action,
    'statutory notice',
    'engine',
    least(told.occurred_at, %(now)s::timestamptz),
    %(now)s::timestamptz
from
    unnest(
        %(customer_ids)s::bigint[],
        %(channels)s::channel[],
        %(actions)s::consent_action[],
        %(times)s::timestamptz[]
    ) as told (customer_id, channel, action, occurred_at)
