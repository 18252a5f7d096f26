-- Draw a share of those who may belong to a segment, by a hash of their ids, from one millionth to
-- before another; and count them all.
-- Reads customer.
select
    count(*) as customers,
    string_agg(int8send(customer.id), '') filter (
        where
        mod(abs(hashint8extended(customer.id, 57005) / 2), 1000000) >= %(first)s
        and mod(abs(hashint8extended(customer.id, 57005) / 2), 1000000) < %(after)s
    ) as customer_ids
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'active'
    and customer.head_id is null
