-- Open a session for a member, and forget those that are over.
-- Writes member_session.
with swept as (
    delete from member_session
    where member_session.expires_at <= %(now)s::timestamptz
)

insert into member_session (token_hash, member_id, created_at, expires_at)
values (%(token_hash)s, %(member_id)s, %(now)s, %(expires_at)s)
