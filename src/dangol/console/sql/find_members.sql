-- Everyone who signs in with this e-mail, in any workspace.
-- Reads member.
select
    member.id,
    member.password_hash
from member
where member.email = %(email)s
order by member.id
