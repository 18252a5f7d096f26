-- Take turns with everybody else who changes the consents of those who were told something.
-- Reads customer. Writes nothing. Locks those customers and their heads, in order of id.
select customer.id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id in (
        select coalesce(part.head_id, part.id)
        from customer as part
        where part.id = any(%(customer_ids)s::bigint[])
        union all
        select told.customer_id
        from unnest(%(customer_ids)s::bigint[]) as told (customer_id)
    )
order by customer.id
for no key update
