-- Take the next addresses given to ad networks whose hashes an older master key has sealed.
-- Reads audience_member. Locks the members it takes.
select
    audience_member.workspace_id,
    audience_member.audience_id,
    audience_member.customer_id,
    audience_member.channel,
    audience_member.hashed
from audience_member
where substring(audience_member.hashed for 3) <> %(first_bytes)s::bytea
order by
    audience_member.audience_id, audience_member.customer_id, audience_member.channel
limit %(batch)s
for update
