-- Read the addresses that are on their way into an audience, or out of it.
-- Reads audience_member.
select
    member.customer_id,
    member.channel,
    member.hashed
from audience_member as member
where
    member.audience_id = %(audience_id)s
    and member.state = %(state)s::audience_member_state
order by member.customer_id, member.channel
limit %(batch)s::bigint
