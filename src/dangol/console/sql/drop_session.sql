-- Sign out: the token is worth nothing from now on.
-- Writes member_session.
delete from member_session
where member_session.token_hash = %(token_hash)s
