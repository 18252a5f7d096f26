-- Everybody the shop knows and has not forgotten, parts included, as they are today.
-- Reads customer. Writes nothing. Locks nothing.
-- When they were last seen is told by the events of those days.
select
    customer.id,
    %(trial)s::integer as workspace_id,
    customer.state,
    customer.first_seen_at,
    least(customer.last_seen_at, greatest(customer.first_seen_at, %(since)s::timestamptz))
        as last_seen_at,
    customer.locale,
    customer.time_zone,
    customer.country,
    customer.traits,
    customer.traits_at,
    customer.head_id,
    customer.keeps_id,
    customer.joined_at
from customer
where customer.workspace_id = %(workspace_id)s and customer.state <> 'erased'
order by customer.id
