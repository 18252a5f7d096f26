-- Name the laws and time zones the candidates live under, and when their shop keeps quiet.
-- Reads candidate, workspace. Writes nothing. Locks nothing.
select
    candidate.law,
    candidate.zone,
    workspace.time_zone as shop_zone,
    workspace.quiet_from,
    workspace.quiet_until
from candidate
inner join workspace on workspace.id = %(workspace_id)s
where candidate.purpose = 'marketing'
group by 1, 2, 3, 4, 5
