-- Note whose addresses are about to come into an audience, before the network hears of them.
-- Writes audience_member.
insert into audience_member (
    workspace_id, audience_id, customer_id, channel, address_key, hashed, changed_at
)
select
    %(workspace_id)s,
    %(audience_id)s,
    joiner.customer_id,
    joiner.channel::channel,
    joiner.address_key,
    joiner.hashed,
    %(now)s::timestamptz
from
    unnest(
        %(customer_ids)s::bigint[],
        %(channels)s::text[],
        %(address_keys)s::text[],
        %(hashed)s::bytea[]
    ) as joiner (customer_id, channel, address_key, hashed)
on conflict do nothing
