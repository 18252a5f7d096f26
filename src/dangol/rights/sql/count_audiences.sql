-- Count the addresses of a customer that ad networks have, or may have.
-- Reads audience_member.
select count(*)
from audience_member as member
where
    member.workspace_id = %(workspace_id)s
    and member.customer_id = %(customer_id)s
