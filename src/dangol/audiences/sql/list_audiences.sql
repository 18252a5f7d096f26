-- List a shop's audiences, or one by its name, with how many addresses are in them and on the way.
-- Reads audience, segment, workspace, audience_member.
select
    audience.id,
    audience.workspace_id,
    audience.name,
    segment.name as segment,
    audience.network,
    audience.network_ref,
    audience.channels::text[] as channels,
    audience.most,
    audience.ends_at,
    audience.removed_at,
    audience.paused_at,
    audience.created_at,
    audience.due_at,
    audience.synced_at,
    audience.left_out,
    audience.fault,
    workspace.sending_paused,
    count(member.customer_id) filter (where member.state = 'added') as added,
    count(member.customer_id) filter (where member.state = 'adding') as adding,
    count(member.customer_id) filter (where member.state = 'leaving') as leaving
from audience
inner join segment on audience.segment_id = segment.id
inner join workspace on audience.workspace_id = workspace.id
left join audience_member as member on audience.id = member.audience_id
where
    audience.workspace_id = %(workspace_id)s
    and (
        %(name)s::text is null
        or (audience.name = %(name)s::text and audience.removed_at is null)
    )
group by audience.id, segment.name, workspace.sending_paused
order by audience.name, audience.id
