-- Name the laws and time zones the candidates live under, and when their shop keeps quiet.
-- Reads candidate, workspace. Writes nothing. Locks nothing.
with place as (
    select
        candidate.law,
        candidate.zone
    from candidate
    where candidate.purpose = 'marketing'
    group by candidate.law, candidate.zone
)

select
    place.law,
    place.zone,
    workspace.time_zone as shop_zone,
    workspace.quiet_from,
    workspace.quiet_until,
    workspace.send_time_hours
from place
inner join workspace on workspace.id = %(workspace_id)s
