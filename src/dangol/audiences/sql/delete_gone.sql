-- Forget the addresses that the network has taken out.
-- Writes audience_member. Locks these members.
delete from audience_member as member
using unnest(%(customer_ids)s::bigint[], %(channels)s::text[]) as told (customer_id, channel)
where
    member.audience_id = %(audience_id)s
    and member.customer_id = told.customer_id
    and member.channel = told.channel::channel
    and member.state = 'leaving'
