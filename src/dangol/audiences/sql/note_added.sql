-- Note which addresses the network has taken in; who was let go meanwhile stays on the way out.
-- Writes audience_member. Locks these members.
update audience_member as member
set state = 'added', changed_at = %(now)s::timestamptz
from unnest(%(customer_ids)s::bigint[], %(channels)s::text[]) as told (customer_id, channel)
where
    member.audience_id = %(audience_id)s
    and member.customer_id = told.customer_id
    and member.channel = told.channel::channel
    and member.state = 'adding'
