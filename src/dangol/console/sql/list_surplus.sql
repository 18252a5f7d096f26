-- List how many values went beyond the limits, and which.
-- Reads trait_surplus.
select
    trait_surplus.event_name,
    trait_surplus.reason,
    trait_surplus.count
from trait_surplus
where trait_surplus.workspace_id = %(workspace_id)s
order by trait_surplus.count desc, trait_surplus.event_name, trait_surplus.reason
