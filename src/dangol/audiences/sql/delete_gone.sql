-- Forget the addresses that the network has taken out. Who shares one with somebody who is still in
-- is added anew, since the network knows only the address.
-- Writes audience_member. Locks these members, and who shares their addresses.
with gone as (
    delete from audience_member as member
    using unnest(%(customer_ids)s::bigint[], %(channels)s::text[]) as told (customer_id, channel)
    where
        member.audience_id = %(audience_id)s
        and member.customer_id = told.customer_id
        and member.channel = told.channel::channel
        and member.state = 'leaving'
    returning member.audience_id, member.channel, member.address_key
)

update audience_member as sharing
set state = 'adding', changed_at = %(now)s::timestamptz
from gone
where
    sharing.audience_id = gone.audience_id
    and sharing.channel = gone.channel
    and sharing.address_key = gone.address_key
    and sharing.state = 'added'
