-- Read language, country and time zone of each changed head from its traits.
-- Reads changed_head. Writes customer. Locks the heads.
update customer
set
    locale = left(customer.traits ->> 'locale', 35),
    country = coalesce(
        left(customer.traits ->> 'country', 60),
        left(customer.traits #>> '{address,country}', 60)
    ),
    time_zone = case
        when is_time_zone(customer.traits ->> 'timezone') then customer.traits ->> 'timezone'
    end
from changed_head
where
    customer.id = changed_head.head_id
    and customer.state <> 'erased'
    and exists (
        select 1
        from customer as kept
        where kept.keeps_id = customer.id
    )
