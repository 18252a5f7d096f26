-- Keep the hashes given to an ad network as they are sealed anew.
-- Writes audience_member. Locks the member.
update audience_member
set hashed = %(hashed)s
where
    audience_member.audience_id = %(audience_id)s
    and audience_member.customer_id = %(customer_id)s
    and audience_member.channel = %(channel)s::channel
