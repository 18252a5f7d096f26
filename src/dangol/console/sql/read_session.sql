-- Who holds this session, and the workspace they look at.
-- Reads member_session, member, workspace.
select
    member.email,
    member.role,
    member.locale,
    member.workspace_id,
    workspace.name as workspace_name,
    workspace.time_zone
from member_session
inner join member on member_session.member_id = member.id
inner join workspace on member.workspace_id = workspace.id
where
    member_session.token_hash = %(token_hash)s
    and member_session.expires_at > %(now)s::timestamptz
