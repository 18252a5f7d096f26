-- List the audiences about which a network said no last, with how many addresses wait to be taken
-- out there.
-- Reads audience, workspace, audience_member.
select
    workspace.name as shop,
    audience.name,
    audience.fault,
    count(member.customer_id) as leaving
from audience
inner join workspace on audience.workspace_id = workspace.id
left join audience_member as member
    on audience.id = member.audience_id and member.state = 'leaving'
where audience.fault <> ''
group by workspace.name, audience.id
having audience.removed_at is null or count(member.customer_id) > 0
order by workspace.name, audience.name
