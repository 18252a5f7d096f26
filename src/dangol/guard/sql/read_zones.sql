-- Name the time zones the candidates live in, and when their shop keeps quiet.
-- Reads candidate, customer, workspace. Writes nothing. Locks nothing.
select
    coalesce(customer.time_zone, workspace.time_zone) as zone,
    workspace.time_zone as shop_zone,
    workspace.quiet_from,
    workspace.quiet_until
from candidate
inner join customer on candidate.customer_id = customer.id
inner join workspace on workspace.id = %(workspace_id)s
where candidate.purpose = 'marketing'
group by 1, 2, 3, 4
