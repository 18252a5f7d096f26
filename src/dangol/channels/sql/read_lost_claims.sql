-- Find the claims that have outlived their lease.
-- Reads delivery. Locks the claims it finds, passing by those somebody else is settling.
select id
from delivery
where
    workspace_id = %(workspace_id)s
    and state = 'claimed'
    and lease_until < %(now)s::timestamptz
order by id
for update skip locked
