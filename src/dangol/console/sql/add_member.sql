-- Add someone who may sign in to a workspace.
-- Writes member.
insert into member (workspace_id, email, password_hash, role, locale, created_at)
values (
    %(workspace_id)s, %(email)s, %(password_hash)s, %(role)s::member_role, %(locale)s, %(now)s
)
on conflict (workspace_id, email) do nothing
returning id
