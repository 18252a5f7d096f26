-- Hold advertising until the quiet hours are over where the customer lives.
-- Reads customer, workspace. Writes candidate. Locks nothing.
update candidate
set verdict = 'hold', reason = 'quiet_hours', hold_until = quiet.ends_at
from customer
inner join workspace on workspace.id = %(workspace_id)s
inner join
    unnest(%(quiet_zones)s::text[], %(quiet_ends)s::timestamptz[]) as quiet (zone, ends_at)
    on quiet.zone = coalesce(customer.time_zone, workspace.time_zone)
where
    candidate.verdict is null
    and candidate.purpose = 'marketing'
    and candidate.customer_id = customer.id
